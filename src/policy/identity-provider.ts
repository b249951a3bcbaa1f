import type { IdentityProviderAlias } from "../core/index.ts";

/** What one claim of an identity provider looks like. */
export interface ClaimType {
  readonly type: "list" | "text" | "boolean";
  readonly of?: "uuid" | "email" | "affiliation" | "scoped-affiliation" | "entitlement" | "assurance" | undefined;
  /** The provider leaves the claim out when it holds nothing; else its absence says nothing. */
  readonly absent?: "empty" | undefined;
}

/** What the operator says of an identity provider. */
export interface IdentityProvider {
  readonly alias: IdentityProviderAlias;
  /** Anybody can have an account there. */
  readonly public: boolean;
  /** The claims it sends, when they are declared. */
  readonly claims?: ReadonlyMap<string, ClaimType>;
}
