import type { IdentityProviderAlias } from "../core/index.ts";
import { issuerOf } from "./desired/identity-provider-config.ts";
import { isKeycloaksOnly } from "./format/identity-providers.ts";
import type { ClaimSpec, Recheck, Stage } from "./format/model.ts";
import type { RealmDocument } from "./format/schema.ts";

/** What the broker must know about one customer's IdP while it runs. */
export interface RecheckEntry {
  readonly alias: IdentityProviderAlias;
  readonly issuer: string;
  readonly recheck: Recheck;
  /** Claims to take from the IdP's userinfo, in place of those of the last login. Empty: it only says whether the person may still log in. */
  readonly claims: readonly string[];
  /** All imported claims with what they hold. */
  readonly shapes: readonly ClaimSpec[];
}

/** Who may log in through one customer's IdP. */
export interface StageEntry {
  readonly alias: IdentityProviderAlias;
  /** `enabled: false` in the file counts as suspended. */
  readonly stage: Stage;
  /** While `testing`: e-mail addresses or user names as the IdP gives them, in lower case. */
  readonly testers: readonly string[];
  /** As people know it. */
  readonly name: string;
  /** E-mail domains of the organizations that sign in there by default. */
  readonly domains: readonly string[];
}

/** People of one organization who live in the realm. */
export interface MembersEntry {
  /** What the policy calls where they come from. */
  readonly alias: IdentityProviderAlias;
  /** Alias of the organization at Keycloak. */
  readonly organization: string;
}

type Written = RealmDocument["upstreams"][number];
type WithoutClient = Written extends infer U ? (U extends unknown ? Omit<U, "client"> : never) : never;
interface Realm {
  readonly broker?: unknown;
  readonly upstreams: readonly WithoutClient[];
  readonly organizations: readonly {
    readonly id: string;
    readonly name: string;
    readonly enabled: boolean;
    readonly members?: IdentityProviderAlias | undefined;
    readonly login?: string | undefined;
    readonly domains: readonly { readonly name: string }[];
  }[];
}

/** IdPs whose userinfo says who somebody is and nothing more: their claims are those of the login. */
const silent: readonly Written["template"][] = ["entra", "adfs", "google"];

/** True when the broker takes the imported claims from userinfo, and not from the login. */
export const isReread = ({ recheck, template }: Pick<Written, "recheck" | "template">): boolean =>
  recheck !== "none" && !silent.includes(template);

/**
 * The IdPs of all realms with what `entry` says of each. Aliases are unique across realms (checked when they are loaded),
 * except that of what only Keycloak knows: it never stands for one of which the files say more.
 */
function tableOf<R extends Pick<Realm, "upstreams" | "broker">, T>(
  realms: readonly R[],
  entry: (u: WithoutClient, realm: R) => T,
): readonly T[] {
  const all = realms.flatMap((realm) => realm.upstreams.map((u) => ({ realm, u })));
  const isMore = ({ realm, u }: (typeof all)[number]) => realm.broker !== undefined || !isKeycloaksOnly(u);
  const more = all.filter(isMore);
  const first = new Map([...all.filter((one) => !isMore(one)).reverse(), ...more].map((one) => [one.u.id, one]));
  return all.filter((one) => first.get(one.u.id) === one).map(({ realm, u }) => entry(u, realm));
}

/** How the IdPs of all realms are asked again. */
export const recheckTable = (realms: readonly Pick<Realm, "upstreams" | "broker">[]): readonly RecheckEntry[] =>
  tableOf(realms, (u) => ({
    alias: u.id,
    issuer: issuerOf(u),
    recheck: u.recheck,
    claims: isReread(u) ? u.claims.map((claim) => claim.name) : [],
    shapes: u.claims,
  }));

/** The stages of all realms' IdPs, and of the members in the place of one. */
export const stageTable = (realms: readonly Realm[]): readonly StageEntry[] => [
  ...tableOf(realms, (u, realm) => ({
    alias: u.id,
    stage: u.enabled ? u.stage : "suspended",
    testers: u.testers,
    name: u.displayName ?? u.id,
    domains: realm.organizations.flatMap(({ login, domains }) =>
      login === u.id ? domains.map(({ name }) => name) : [],
    ),
  })),
  ...realms.flatMap(({ organizations }) =>
    organizations.flatMap(({ members, login, name, enabled, domains }): StageEntry[] => {
      if (members === undefined) return [];
      const own = login === undefined ? domains.map((domain) => domain.name) : [];
      return [{ alias: members, stage: enabled ? "active" : "suspended", testers: [], name, domains: own }];
    }),
  ),
];

/** Who lives in the realms: by organization. */
export const membersTable = (realms: readonly Pick<Realm, "organizations">[]): readonly MembersEntry[] =>
  realms.flatMap(({ organizations }) =>
    organizations.flatMap(({ id, members }) => (members === undefined ? [] : [{ alias: members, organization: id }])),
  );
