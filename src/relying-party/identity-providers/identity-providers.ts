import type { Audit } from "../../audit/index.ts";
import {
  asciiLower,
  composed,
  type IdentityProviderAlias,
  type Instant,
  type PageError,
  type Person,
  refusal,
  usernameThere,
} from "../../core/index.ts";
import { type ClosureDeps, keepClosures } from "./closures.ts";
import type { IdentityProviderTables, ReadTables, RecheckRule, StageRule } from "./tables.ts";

/** What counts of a person for its identity provider's stage. */
type Came = Pick<
  Person,
  "identityProvider" | "realmIssuer" | "preferredUsername" | "identityProviderUsername" | "email" | "emailVerified"
>;

/** An identity provider as people choose it. */
export interface OpenIdentityProvider {
  readonly alias: IdentityProviderAlias;
  readonly name: string;
  /** Open to named testers only. */
  readonly isTesting: boolean;
  /** E-mail domains whose people sign in there. */
  readonly domains: readonly string[];
}

/** The customers' identity providers, as the realm files say now. */
export interface IdentityProviders {
  /** Of these, the ones that let somebody in, in the same order. */
  open(aliases: readonly IdentityProviderAlias[]): readonly OpenIdentityProvider[];
  /** How each is asked again, by alias. */
  rechecks(): ReadonlyMap<string, RecheckRule>;
  /** The organization whose members stand under an alias; absent: it is an identity provider's. */
  organizationOf(alias: string): string | undefined;
  /** The alias under which the members of an organization stand; absent: nobody of it lives in the realm. */
  membersOf(organization: string): IdentityProviderAlias | undefined;
  /** Why nobody at all may sign in through it; absent: somebody may. */
  closed(alias: string): PageError | undefined;
  /** Why this person may not be in; absent: it may. */
  refuses(came: Came): PageError | undefined;
  /** Whether what began then, for this person, still stands. */
  stands(person: Person, began: Instant | undefined): boolean;
  /** Looks at the files again. A failure is told to `notice`, and what was known stays. */
  refresh(): Promise<void>;
}

/** What the providers are made of. */
interface IdentityProviderDeps extends ClosureDeps {
  readonly read: ReadTables;
  /** The broker's own issuer: robots are its, and no identity provider stands behind them. */
  readonly issuer: string;
  /** Aliases that robots come under. No person is led there, unless a realm file has an identity provider of that name. */
  readonly robots: ReadonlySet<string>;
  readonly audit: Pick<Audit, "record">;
}

/** Opens the providers with what the files say first. Throws what `read` throws. */
export function openIdentityProviders(deps: IdentityProviderDeps): IdentityProviders {
  let tables = deps.read();
  let known = indexOf(tables);
  const closures = keepClosures(deps);
  const stageOf = (alias: string): StageRule["stage"] | undefined =>
    known.stages === undefined ? "active" : known.stages.get(alias)?.stage;
  const closed = (alias: string): PageError | undefined => {
    const stage = stageOf(alias);
    return stage === "active" || stage === "testing" ? undefined : switchedOff(alias, stage);
  };
  const refuses = (came: Came): PageError | undefined => {
    const { identityProvider: alias } = came;
    if (came.realmIssuer === deps.issuer) return undefined;
    const stage = stageOf(alias);
    if (stage !== "testing") return closed(alias);
    return isTester(known.stages?.get(alias)?.testers ?? [], came) ? undefined : notATester(alias);
  };
  const take = (now: IdentityProviderTables) => {
    if (now === tables) return;
    const before = known;
    [tables, known] = [now, indexOf(now)];
    for (const alias of new Set([...(before.stages?.keys() ?? []), ...(known.stages?.keys() ?? [])])) {
      const [was, is] = [before.stages?.get(alias)?.stage ?? "removed", known.stages?.get(alias)?.stage ?? "removed"];
      if (was !== is) deps.audit.record("upstream.stage_changed", { upstream: alias, stage: is, before: was });
      if (is === "removed") closures.note(alias);
    }
  };
  return {
    rechecks: () => known.rechecks,
    open: (aliases) => {
      const open = aliases.flatMap((alias) => (closed(alias) ? [] : [asOpen(alias, known.stages?.get(alias))]));
      return known.stages === undefined ? withoutRobots(open, deps.robots) : open;
    },
    ...membersIn(() => known),
    closed,
    refuses,
    stands: (person, began) =>
      person.realmIssuer === deps.issuer ||
      (refuses(person) === undefined && (began === undefined || began > closures.of(person.identityProvider))),
    refresh: async () => {
      try {
        take(deps.read());
      } catch (problem) {
        deps.notice("the realm files cannot be used; what they said before goes on", problem);
      }
      for (const alias of known.stages?.keys() ?? []) if (closed(alias)) closures.note(alias);
      await closures.share();
    },
  };
}

const membersIn = (
  known: () => ReturnType<typeof indexOf>,
): Pick<IdentityProviders, "organizationOf" | "membersOf"> => ({
  organizationOf: (alias) => known().organizations.get(alias),
  membersOf: (organization) => known().members.get(organization),
});

function withoutRobots(
  open: readonly OpenIdentityProvider[],
  robots: ReadonlySet<string>,
): readonly OpenIdentityProvider[] {
  const people = open.filter(({ alias }) => !robots.has(alias));
  return people.length > 0 ? people : open;
}

function asOpen(alias: IdentityProviderAlias, rule: StageRule | undefined): OpenIdentityProvider {
  const { name = alias, domains = [], stage } = rule ?? {};
  return { alias, name, isTesting: stage === "testing", domains };
}

const indexOf = ({ rechecks, stages, members = [] }: IdentityProviderTables) => ({
  organizations: new Map<string, string>(members.map(({ alias, organization }) => [alias, organization])),
  members: new Map(members.map(({ alias, organization }) => [organization, alias])),
  rechecks: new Map(rechecks.map((rule) => [rule.alias, rule])),
  stages: stages && new Map(stages.map((rule) => [rule.alias, rule])),
});

/**
 * A tester is named exactly: letters that only fold onto a tester's name (`ſ`, `K`) are somebody else's, and an address that
 * nobody verified is anybody's.
 */
function isTester(testers: readonly string[], came: Came): boolean {
  const names = [asciiLower(usernameThere(came))];
  if (came.email !== undefined && came.emailVerified === true) names.push(asciiLower(composed(came.email)));
  return names.some((name) => testers.some((tester) => asciiLower(composed(tester)) === name));
}

const switchedOff = (alias: string, stage: StageRule["stage"] | undefined): PageError =>
  refusal(
    "provider_closed",
    "The connection to your organization's identity provider is switched off.",
    `identity provider ${alias.slice(0, 64)} is ${stage ?? "in no realm file"}`,
  );

const notATester = (alias: string): PageError =>
  refusal(
    "testers_only",
    "The connection to your organization's identity provider is being tried out by named people only.",
    `identity provider ${alias.slice(0, 64)} is testing`,
  );
