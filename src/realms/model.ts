import type { Seconds, Secret, SecretReference, UpstreamAlias, YamlDocument } from "../core/index.ts";
import type { RealmDocument } from "./schema.ts";

/** Finds the text behind a reference; `undefined` when there is none. */
export type Lookup = (reference: SecretReference) => string | undefined;

/** A checked document with the way back to its text. */
export interface LocatedRealm {
  readonly document: YamlDocument;
  readonly data: RealmDocument;
}

/**
 * How a person's standing at the customer's IdP is asked again at each refresh.
 * `required`: no answer, no token. `best-effort`: an IdP that cannot answer is passed over. `none`: never asked.
 */
export type Recheck = "required" | "best-effort" | "none";

/** One customer's identity provider, as Keycloak shall broker it. */
export interface UpstreamSpec {
  readonly id: UpstreamAlias;
  readonly displayName: string;
  /** `keycloak`: the endpoints follow from the issuer. `oidc`: they are discovered when a plan is made. */
  readonly template: "keycloak" | "oidc";
  readonly issuer: string;
  readonly enabled: boolean;
  readonly client: { readonly id: string; readonly secret: Secret };
  /** Upstream claims that are imported at each login and passed on to the broker. */
  readonly claims: readonly string[];
  readonly recheck: Recheck;
  /** Asked of the IdP; absent: what `recheck` needs. */
  readonly scopes?: readonly string[];
  /** The IdP verifies the e-mail addresses it sends. Never a ground for linking two accounts. */
  readonly trustEmail: boolean;
}

/** One customer as an organization of the realm. */
export interface OrganizationSpec {
  readonly id: string;
  readonly name: string;
  readonly domains: readonly string[];
  readonly upstreams: readonly UpstreamAlias[];
}

/** The broker's own client in the realm. */
export interface BrokerSpec {
  readonly clientId: string;
  readonly issuer: string;
}

/** Settings of the realm; lengths of time in seconds. */
export interface RealmSettings {
  readonly displayName: string;
  readonly accessTokenLifespan: Seconds;
  readonly ssoSessionIdle: Seconds;
  readonly ssoSessionMax: Seconds;
  readonly offlineSessionIdle: Seconds;
  readonly offlineSessionMax: Seconds;
}

/** One `kind: Realm` document, checked, with references resolved. */
export interface RealmSpec {
  /** Where it was read from. */
  readonly file: string;
  readonly realm: string;
  /** Name of a Keycloak in the environment file. */
  readonly keycloak: string;
  readonly settings: RealmSettings;
  readonly broker: BrokerSpec;
  readonly organizations: readonly OrganizationSpec[];
  readonly upstreams: readonly UpstreamSpec[];
}
