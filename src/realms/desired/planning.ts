import { type Instant, parseTime } from "../../core/index.ts";
import type { Ignore, Manage, PlanOptions } from "../../reconcile/index.ts";
import type { Section } from "../format/manage.ts";
import type { RealmSpec } from "../format/model.ts";
import { pointed, pointedWhole } from "../format/pointer.ts";
import type { RealmIdentity } from "../identity.ts";
import { kinds } from "../kinds/index.ts";
import type { Kind } from "../kinds/kind.ts";

/** What a realm file says about whose the objects are (`manage`, `protect`) and what is left alone (`ignore`), for the engine. */
export function planningOf(spec: RealmSpec, now: Instant): PlanOptions {
  const manage = Object.fromEntries(
    kinds.flatMap((kind) => {
      const managed = ruleOf(spec, kind.section);
      return managed === undefined || isEmpty(managed, kind) ? [] : [[kind.rule.kind, managed] as const];
    }),
  );
  const ignore = spec.ignore.flatMap((it) => ignored(it, spec.realm));
  return { manage, ignore, absent: absentIn(spec), now };
}

/** What must not be there, although Keycloak gives it. */
const absentIn = ({ realm, absent, clients, clientScopes }: RealmSpec): readonly RealmIdentity[] => [
  ...absent.flatMap((at) => pointedWhole(at, realm) ?? []),
  ...Object.entries(clients).flatMap(([client, { scopes }]) =>
    (scopes.none ?? []).map((scope) => ({ kind: "client-scope-assignment", key: [client, scope] }) as const),
  ),
  ...Object.entries(clientScopes).flatMap(([key, { assigned }]) =>
    assigned === "none" ? [{ kind: "default-client-scope", key } as const] : [],
  ),
];

/**
 * Whose such a thing is its owner says alone. Saying it again would change what plans are known by, so that one of
 * release 0.1.0, which says it of some, would be stale.
 */
const isEmpty = ({ mode, prune }: Manage, { beside, rule }: Kind): boolean =>
  beside !== undefined &&
  rule.shared === true &&
  !["client-scope-assignment", "service-account-role"].includes(rule.kind) &&
  mode !== "ignore" &&
  prune === "yes";

function ruleOf({ manage, protect }: RealmSpec, section: Section): Manage | undefined {
  const rule = manage[section];
  const kept = protect.includes(section);
  if (rule === undefined) return kept ? { mode: "own", prune: "never" } : undefined;
  // A group's key is its path.
  const only = rule.only?.map((name) => (section === "groups" && !name.startsWith("/") ? `/${name}` : name));
  return { mode: rule.mode, prune: kept ? "never" : rule.prune, ...(only !== undefined && { only }) };
}

function ignored({ at, because, until }: RealmSpec["ignore"][number], realm: string): Ignore[] {
  const to = pointed(at, realm);
  const end = parseTime(until);
  return to === undefined ? [] : [{ ...to, because, ...(end !== undefined && { until: end }) }];
}
