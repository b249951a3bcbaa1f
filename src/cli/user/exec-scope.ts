import type { Scope } from "../../core/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { ListedCloud } from "./session/targets.ts";
import type { Missing } from "./withheld.ts";

/** Where in a cloud a command acts. */
export type ChosenScope =
  | { readonly kind: "project"; readonly domain: string; readonly project: string }
  | { readonly kind: "domain"; readonly domain: string };

/** What the person asked for. */
export interface ScopeWish {
  readonly project?: string;
  readonly domain?: boolean;
}

/** Chooses the scope of a token: the wished one if the person has rights there, else the only one there is. */
export function chooseScope(cloud: ListedCloud, wish: ScopeWish, withheld: readonly Missing[] = []): ChosenScope {
  const projects = unique(cloud.entitlements.flatMap(({ scope }) => (scope.kind === "project" ? [scope] : [])));
  const domains = unique(
    cloud.entitlements.flatMap(({ scope }) =>
      scope.kind === "domain" ? [{ kind: "domain" as const, domain: scope.domain }] : [],
    ),
  );
  const everyProjectOf = unique(
    cloud.entitlements.flatMap(({ scope }) => (scope.kind === "inherited" ? [scope.domain] : [])),
  );
  const choices = [
    ...projects.map((p) => `--project ${plain(p.project)}   (domain ${plain(p.domain)})`),
    ...everyProjectOf.map((domain) => `--project NAME   (any project of the domain ${plain(domain)})`),
    ...domains.map((d) => `--domain   (domain ${plain(d.domain)})`),
  ];
  const missing = withheld.find(({ scope }) => isWished(scope, wish));
  const refuse = (happened: string): CommandFailure => {
    if (missing) return new CommandFailure(happened, missing);
    return new CommandFailure(happened, {
      means: choices.length === 0 ? "You have no rights there." : `You may choose:\n    ${choices.join("\n    ")}`,
    });
  };
  if (wish.domain === true && wish.project !== undefined) throw refuse("--project and --domain exclude each other");
  if (wish.domain === true) return only(domains) ?? fail(refuse(`no single domain of ${plain(cloud.name)} to act on`));
  if (wish.project !== undefined) {
    const named = projects.filter((p) => p.project === wish.project);
    const inherited = everyProjectOf.map((domain) => ({
      kind: "project" as const,
      domain,
      project: wish.project ?? "",
    }));
    return (
      only(named.length > 0 ? named : inherited) ??
      fail(refuse(`you have no rights on a project "${plain(wish.project)}" of ${plain(cloud.name)}`))
    );
  }
  const everything = [...projects, ...domains];
  return (
    only(projects) ??
    (projects.length + everyProjectOf.length === 0 ? only(everything) : undefined) ??
    fail(refuse(`which project of ${plain(cloud.name)}?`))
  );
}

/** Whether a right holds where the person wants to act. */
const isWished = (scope: Scope, { domain, project }: ScopeWish): boolean =>
  domain === true
    ? scope.kind === "domain"
    : project !== undefined && (scope.kind === "inherited" || (scope.kind === "project" && scope.project === project));

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

function fail(failure: CommandFailure): never {
  throw failure;
}

const unique = <T>(list: readonly T[]): T[] => [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
