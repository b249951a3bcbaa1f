import type { PlainMap, Resource } from "../reconcile/index.ts";
import type { ProviderEndpoints } from "./discovery.ts";
import { firstLoginFlow } from "./first-login.ts";
import { attributeOf, fingerprintOf, mapperPrefix, owner, ownerKey, usernameAttribute } from "./marks.ts";
import type { UpstreamSpec } from "./model.ts";

/** A customer's IdP and its mappers. */
export function desiredUpstream(realm: string, u: UpstreamSpec, e: ProviderEndpoints): Resource[] {
  const asked = u.recheck !== "none";
  const provider: Resource = {
    kind: "identity-provider",
    key: u.id,
    fields: {
      // One provider for both templates: a change of provider would delete every person's link to the account.
      providerId: "oidc",
      displayName: u.displayName,
      enabled: u.enabled,
      trustEmail: u.trustEmail,
      linkOnly: false,
      // The broker names the IdP; a list of all customers on the login page would be told to anybody.
      hideOnLogin: true,
      // Re-check at refresh: the IdP's tokens are kept, and the person may have them read back through the broker.
      storeToken: asked,
      addReadTokenRoleOnCreate: asked,
      firstBrokerLoginFlowAlias: firstLoginFlow,
      config: configOf(u, e),
    },
    secrets: {
      clientSecret: { value: u.client.secret, fingerprint: fingerprintOf(u.client.secret, `${realm} ${u.id}`) },
    },
    dependsOn: [{ kind: "authentication-flow", key: firstLoginFlow }],
  };
  return [
    provider,
    username(u.id),
    importer(u.id, "preferred_username", usernameAttribute),
    ...u.claims.map((c) => importer(u.id, c, attributeOf(c))),
  ];
}

const configOf = (u: UpstreamSpec, e: ProviderEndpoints): PlainMap => ({
  [ownerKey]: owner,
  issuer: u.issuer,
  authorizationUrl: e.authorization,
  tokenUrl: e.token,
  userInfoUrl: e.userinfo ?? null,
  disableUserInfo: e.userinfo === undefined ? "true" : null,
  jwksUrl: e.jwks,
  logoutUrl: e.endSession ?? null,
  useJwksUrl: "true",
  validateSignature: "true",
  clientId: u.client.id,
  clientAuthMethod: e.clientAuth,
  defaultScope: (u.scopes ?? usualScopes(u.recheck !== "none" && e.offlineAccess)).join(" "),
  pkceEnabled: "true",
  pkceMethod: "S256",
  // The IdP may end sessions in the realm (back-channel logout), which shortens the wait for a refresh.
  backchannelSupported: "true",
  syncMode: "FORCE",
});

const usualScopes = (offline: boolean): readonly string[] => [
  "openid",
  "profile",
  "email",
  // A stored token that can be renewed for as long as the broker keeps the login, not only while a browser session lasts.
  ...(offline ? ["offline_access"] : []),
];

/** The account's name: IdP and subject. Names that people see are given to somebody else one day; a subject never is. */
const username = (alias: string): Resource => ({
  kind: "upstream-mapper",
  key: `${alias} ${mapperPrefix}username`,
  fields: {
    identityProviderMapper: "oidc-username-idp-mapper",
    config: { template: `\${ALIAS}.\${CLAIM.sub}`, target: "LOCAL", syncMode: "FORCE" },
  },
});

/** FORCE: at every login, also when the claim is gone. */
const importer = (alias: string, claim: string, attribute: string): Resource => ({
  kind: "upstream-mapper",
  key: `${alias} ${mapperPrefix}${claim}`,
  fields: {
    identityProviderMapper: "oidc-user-attribute-idp-mapper",
    config: { claim, "user.attribute": attribute, syncMode: "FORCE" },
  },
});
