import type { PlainMap, Resource } from "../reconcile/index.ts";
import { attributeOf, mapperPrefix, owner, ownerKey, usernameAttribute } from "./marks.ts";
import type { BrokerSpec } from "./model.ts";

/** The broker's own client with what its tokens carry. */
export function desiredBroker(broker: BrokerSpec, claims: readonly string[]): Resource[] {
  const dependsOn = [{ kind: "client", key: broker.clientId }];
  const mapper = (name: string, protocolMapper: string, config: PlainMap): Resource => ({
    kind: "client-mapper",
    key: `${broker.clientId} ${mapperPrefix}${name}`,
    fields: { protocol: "openid-connect", protocolMapper, config: { ...config, ...everywhere } },
    dependsOn,
  });
  const attribute = (claim: string, from: string, multivalued: boolean): Resource =>
    mapper(claim, "oidc-usermodel-attribute-mapper", {
      "user.attribute": from,
      "claim.name": claim,
      "jsonType.label": "String",
      multivalued: String(multivalued),
      "aggregate.attrs": "false",
    });
  const scope = (name: string, assigned: "default" | "optional"): Resource => ({
    kind: "client-scope",
    key: `${broker.clientId} ${name}`,
    fields: { assigned },
    dependsOn,
  });
  return [
    { kind: "client", key: broker.clientId, fields: clientFields(broker.issuer.replace(/\/$/, "")) },
    // Which IdP this session was begun with decides the tenant: a note of the session, which no account setting changes.
    mapper("identity_provider", "oidc-usersessionmodel-note-mapper", {
      "user.session.note": "identity_provider",
      "claim.name": "identity_provider",
      "jsonType.label": "String",
    }),
    attribute("upstream_username", usernameAttribute, false),
    ...claims.map((claim) => attribute(claim, attributeOf(claim), true)),
    // Without `basic` tokens lose `sub` (since Keycloak 25).
    ...["basic", "profile", "email", "roles", "acr"].map((name) => scope(name, "default")),
    scope("offline_access", "optional"),
  ];
}

/** The code flow and nothing else; keys in place of a shared secret (private_key_jwt, RFC 7523). */
const clientFields = (base: string): PlainMap => ({
  name: "cloudpass broker",
  enabled: true,
  protocol: "openid-connect",
  publicClient: false,
  bearerOnly: false,
  clientAuthenticatorType: "client-jwt",
  standardFlowEnabled: true,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  redirectUris: [`${base}/login/callback`],
  webOrigins: [],
  consentRequired: false,
  frontchannelLogout: false,
  // The person's role `broker.read-token` must reach the access token, or the re-check cannot read the upstream token.
  fullScopeAllowed: true,
  attributes: {
    [ownerKey]: owner,
    "use.jwks.url": "true",
    "jwks.url": `${base}/upstream/jwks`,
    "token.endpoint.auth.signing.alg": "ES256",
    "pkce.code.challenge.method": "S256",
    // A session that ends in Keycloak ends with us at once, not only at the next refresh.
    "backchannel.logout.url": `${base}/upstream/logout`,
    "backchannel.logout.session.required": "true",
    "backchannel.logout.revoke.offline.tokens": "true",
    "oauth2.device.authorization.grant.enabled": "false",
    "oidc.ciba.grant.enabled": "false",
    "standard.token.exchange.enabled": "false",
    "client.use.lightweight.access.token.enabled": "false",
  },
});

const everywhere: PlainMap = {
  "id.token.claim": "true",
  "access.token.claim": "true",
  "userinfo.token.claim": "true",
  "introspection.token.claim": "true",
};
