import type { IdentityProviderAlias } from "../../core/index.ts";

/** What one claim of an identity provider holds. */
export interface ClaimShape {
  readonly name: string;
  /** Where it stands at the identity provider, as Keycloak reads it (`claimAt`); default: under its name. */
  readonly from?: string | undefined;
  readonly type: "list" | "text" | "uuid" | "email" | "bool" | "number";
  /** What a list holds; default text. */
  readonly of?: "text" | "uuid" | "email" | undefined;
  /** `deny`: a login for which the list did not fit into the token is refused. */
  readonly overage?: "deny" | "graph" | "unknown" | undefined;
}

/** How one customer's identity provider is asked again at refresh. */
export interface RecheckRule {
  readonly alias: string;
  readonly issuer: string;
  /** required = no answer, no token; best-effort = the realm's word counts when it does not answer; none = never asked. */
  readonly recheck: "required" | "best-effort" | "none";
  /** Claims that are the identity provider's to give, and so also to take away. */
  readonly claims: readonly string[];
  /** Claims with what they hold. */
  readonly shapes?: readonly ClaimShape[];
}

/** Where one customer's identity provider is on its way, and who may try it out. */
export interface StageRule {
  readonly alias: string;
  readonly stage: "draft" | "testing" | "active" | "suspended";
  /** While `testing`: e-mail addresses or user names, in lower case. */
  readonly testers: readonly string[];
  /** As people know it; default: the alias. */
  readonly name?: string | undefined;
  /** E-mail domains whose people sign in there. */
  readonly domains?: readonly string[] | undefined;
}

/** People of one organization who live in the realm, without an identity provider of their own. */
interface MembersRule {
  /** What stands in the place of an identity provider. */
  readonly alias: IdentityProviderAlias;
  /** Alias of the organization at the realm. */
  readonly organization: string;
}

/** What the realm files say of the customers' identity providers. */
export interface IdentityProviderTables {
  readonly rechecks: readonly RecheckRule[];
  /** Absent: there are no realm files, and whoever Keycloak lets in may come in. */
  readonly stages?: readonly StageRule[] | undefined;
  readonly members?: readonly MembersRule[] | undefined;
}

/** Answers what the files say now; the same object as long as they say the same. Throws when they cannot be used. */
export type ReadTables = () => IdentityProviderTables;
