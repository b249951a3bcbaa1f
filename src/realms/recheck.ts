import type { IdentityProviderAlias } from "../core/index.ts";
import { issuerOf } from "./desired/identity-provider-config.ts";
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

type Written = RealmDocument["upstreams"][number];
type WithoutClient = Written extends infer U ? (U extends unknown ? Omit<U, "client"> : never) : never;
interface Realm {
  readonly upstreams: readonly WithoutClient[];
  readonly organizations: readonly { readonly login?: string | undefined; readonly domains: readonly string[] }[];
}

/** IdPs whose userinfo says who somebody is and nothing more: their claims are those of the login. */
const silent: readonly Written["template"][] = ["entra", "adfs", "google"];

/** True when the broker takes the imported claims from userinfo, and not from the login. */
export const isReread = ({ recheck, template }: Pick<Written, "recheck" | "template">): boolean =>
  recheck !== "none" && !silent.includes(template);

/** The IdPs of all realms; aliases are unique across realms (checked when they are loaded). */
export const recheckTable = (realms: readonly Pick<Realm, "upstreams">[]): readonly RecheckEntry[] =>
  realms.flatMap((realm) =>
    realm.upstreams.map((u) => ({
      alias: u.id,
      issuer: issuerOf(u),
      recheck: u.recheck,
      claims: isReread(u) ? u.claims.map((claim) => claim.name) : [],
      shapes: u.claims,
    })),
  );

/** The stages of all realms' IdPs. */
export const stageTable = (realms: readonly Realm[]): readonly StageEntry[] =>
  realms.flatMap((realm) =>
    realm.upstreams.map((u) => ({
      alias: u.id,
      stage: u.enabled ? u.stage : "suspended",
      testers: u.testers,
      name: u.displayName ?? u.id,
      domains: realm.organizations.flatMap(({ login, domains }) => (login === u.id ? domains : [])),
    })),
  );
