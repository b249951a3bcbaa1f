import type { PlainMap } from "../../reconcile/index.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmFields, RealmIdentity, RealmResource } from "../identity.ts";
import {
  attributeOf,
  browserFlow,
  mapperPrefix,
  memberAttribute,
  memberClaim,
  memberGroupsAttribute,
  memberGroupsClaim,
  membersFlow,
  usernameAttribute,
} from "../markers.ts";
import { merge } from "./fields.ts";
import { hasMembers, usesOwnBrowserFlow } from "./flows.ts";
import { travellingClaims } from "./identity-provider.ts";
import { mapperFields } from "./mapper.ts";

/** The broker's own client with what its tokens carry. */
export function desiredBroker(spec: RealmSpec): RealmResource[] {
  if (spec.broker === undefined) return [];
  const { clientId, issuer } = spec.broker;
  const dependsOn: readonly RealmIdentity[] = [{ kind: "client", key: clientId }];
  const mapper = (name: string, fields: PlainMap): RealmResource => ({
    kind: "client-mapper",
    key: [clientId, `${mapperPrefix}${name}`],
    fields,
    dependsOn,
  });
  const scope = (name: string, assigned: "default" | "optional"): RealmResource => ({
    kind: "client-scope-assignment",
    key: [clientId, name],
    fields: { assigned },
    dependsOn,
  });
  const attribute = (claim: string, from: string, several: boolean): RealmResource => {
    const fields = mapperFields({ type: "attribute", attribute: from, claim, several });
    return mapper(claim, merge(fields, { config: { "aggregate.attrs": "false" } }));
  };
  // Which IdP this session was begun with decides the tenant: a note of the session, which no account setting changes.
  const idp = mapperFields({ type: "session-note", note: "identity_provider", claim: "identity_provider" });
  return [
    ownClient(spec, clientId, issuer),
    mapper("identity_provider", idp),
    attribute("upstream_username", usernameAttribute, false),
    ...[...travellingClaims(spec.upstreams)].map(([claim, several]) => attribute(claim, attributeOf(claim), several)),
    // Without `basic` tokens lose `sub` (since Keycloak 25).
    ...["basic", "profile", "email", "roles", "acr"].map((name) => scope(name, "default")),
    scope("offline_access", "optional"),
    // Which of the accounts are members, and of what: without both claims nobody comes in but through an identity provider.
    ...(hasMembers(spec)
      ? [
          attribute(memberClaim, memberAttribute, false),
          attribute(memberGroupsClaim, memberGroupsAttribute, true),
          scope("organization", "optional"),
        ]
      : []),
  ];
}

function ownClient(spec: RealmSpec, clientId: string, issuer: string): RealmResource {
  const isOurs = usesOwnBrowserFlow(spec);
  const flow = hasMembers(spec) ? membersFlow : browserFlow;
  return {
    kind: "client",
    key: clientId,
    fields: {
      ...brokerClient(issuer),
      // Unset where the file's own flow is bound, or ours would stay.
      authenticationFlowBindingOverrides: { browser: isOurs ? flow : null },
    },
    ...(isOurs && { dependsOn: [{ kind: "authentication-flow", key: flow }] }),
  };
}

/** A broker like ours: the code flow and nothing else; keys in place of a shared secret (private_key_jwt, RFC 7523). */
export function brokerClient(issuer: string): RealmFields<"client"> {
  const base = issuer.replace(/\/$/, "");
  return {
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
    // Where Keycloak's error pages lead back to.
    baseUrl: `${base}/login/failed`,
    webOrigins: [],
    consentRequired: false,
    frontchannelLogout: false,
    // The person's role `broker.read-token` must reach the access token, or the re-check cannot read the identity provider's token.
    fullScopeAllowed: true,
    attributes: {
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
  };
}
