import type { Fields } from "../hand.ts";
import type { Chance } from "./chance.ts";
import { nameFrom, plainName, textFrom } from "./names.ts";
import type { Held } from "./rights.ts";

const everywhere = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" };

/** Mappers of a client or scope. */
export function mappersFrom(chance: Chance): Fields[] {
  const kinds: readonly (() => Fields)[] = [
    () => ({
      protocolMapper: "oidc-usermodel-attribute-mapper",
      config: { ...everywhere, "user.attribute": "floor", "claim.name": chance.oneOf(["floor", "a.b", "a\\.b"]) },
    }),
    () => ({
      protocolMapper: "oidc-hardcoded-claim-mapper",
      config: { ...everywhere, "claim.name": "x", "claim.value": textFrom(chance), "jsonType.label": "String" },
    }),
    () => ({
      protocolMapper: "oidc-group-membership-mapper",
      config: { ...everywhere, "claim.name": "groups", "full.path": String(chance.is(0.5)) },
    }),
    () => ({
      protocolMapper: "oidc-audience-mapper",
      config: { "included.custom.audience": "api", "access.token.claim": String(chance.is(0.5)) },
    }),
    () => ({ protocolMapper: "oidc-full-name-mapper", config: chance.membersOf(everywhere) }),
  ];
  return chance
    .someOf(kinds, 3)
    .map((kind, nth) => ({ name: nameFrom(chance, nth), protocol: "openid-connect", ...kind() }));
}

/** Client scopes of an operator's own. */
export function scopesFrom(chance: Chance): Fields[] {
  return Array.from({ length: 1 + chance.below(2) }, (_, nth) => ({
    name: chance.is(0.3) ? `https://x.example/scope/${nth}` : plainName(chance, nth),
    protocol: chance.is(0.9) ? "openid-connect" : "saml",
    ...chance.membersOf({
      description: textFrom(chance),
      attributes: chance.membersOf({
        "display.on.consent.screen": "false",
        "consent.screen.text": textFrom(chance),
        "include.in.token.scope": "true",
        "gui.order": "3",
      }),
      protocolMappers: mappersFrom(chance),
    }),
  }));
}

const attributes = (chance: Chance): Fields =>
  chance.membersOf(
    {
      "access.token.lifespan": "77",
      "pkce.code.challenge.method": "S256",
      "post.logout.redirect.uris": chance.oneOf(["+", "https://x.example/*##https://y.example/"]),
      "oauth2.device.authorization.grant.enabled": "true",
      "oidc.ciba.grant.enabled": "false",
      "backchannel.logout.url": "https://x.example/out",
      "backchannel.logout.session.required": String(chance.is(0.5)),
      "backchannel.logout.revoke.offline.tokens": String(chance.is(0.5)),
      "client.session.idle.timeout": "99",
      "use.refresh.tokens": "false",
      "tls.client.certificate.bound.access.tokens": "true",
      "id.token.signed.response.alg": "ES256",
      "display.on.consent.screen": "true",
      "consent.screen.text": textFrom(chance),
      login_theme: "keycloak.v2",
      ...chance.oneOf([{}, { "acr.loa.map": '{"gold":2}' }]),
      "client_credentials.use_refresh_token": "true",
      mine: textFrom(chance),
      logoUri: "https://x.example/logo.png",
    },
    0.3,
  );

/** A client's representation. */
export function clientFrom(chance: Chance, clientId: string): Fields {
  // The name of a key that Keycloak makes for it cannot begin with a hash: it answers 500.
  if (clientId.length < 60 && !clientId.startsWith("#") && chance.is(0.15)) return samlFrom(chance, clientId);
  const publicClient = chance.is(0.4);
  const machine = !publicClient && chance.is(0.5);
  return {
    ...{ clientId, publicClient, serviceAccountsEnabled: machine },
    ...(!publicClient && { secret: `secret of ${clientId}`.slice(0, 99), clientAuthenticatorType: "client-secret" }),
    ...chance.membersOf({
      name: textFrom(chance),
      description: textFrom(chance),
      rootUrl: chance.oneOf(["", "https://x.example", "https://x.example/"]),
      adminUrl: chance.oneOf(["", "https://x.example/k"]),
      baseUrl: chance.oneOf(["", "/in", "https://x.example/in"]),
      enabled: chance.is(0.5),
      alwaysDisplayInConsole: chance.is(0.5),
      surrogateAuthRequired: chance.is(0.5),
      redirectUris: chance.someOf(["https://x.example/cb", "https://y.example/*", "app:/cb", "http://localhost/*"]),
      webOrigins: chance.someOf(["+", "https://x.example"]),
      notBefore: chance.below(1000),
      consentRequired: chance.is(0.5),
      standardFlowEnabled: chance.is(0.5),
      implicitFlowEnabled: chance.is(0.3),
      directAccessGrantsEnabled: chance.is(0.5),
      frontchannelLogout: chance.is(0.5),
      fullScopeAllowed: chance.is(0.5),
      nodeReRegistrationTimeout: chance.below(1000),
      attributes: attributes(chance),
      protocolMappers: mappersFrom(chance),
    }),
    ...(machine &&
      chance.is(0.4) && { authorizationServicesEnabled: true, authorizationSettings: authorization(chance) }),
  };
}

const samlFrom = (chance: Chance, clientId: string): Fields => ({
  ...{ clientId, protocol: "saml" },
  ...chance.membersOf({
    name: textFrom(chance),
    redirectUris: ["https://sp.example/*"],
    baseUrl: "https://sp.example/",
    attributes: chance.membersOf({
      "saml.authnstatement": "true",
      "saml.client.signature": "false",
      saml_name_id_format: "email",
      "saml.assertion.signature": "true",
      "saml.encrypt": "false",
    }),
  }),
});

function authorization(chance: Chance): Fields {
  const scopes = ["view", "edit"].map((name) => ({
    name,
    ...chance.membersOf({ displayName: textFrom(chance), iconUri: "/eye.png" }),
  }));
  const resources = [0, 1].slice(chance.below(2)).map((nth) => ({
    name: nameFrom(chance, nth),
    ...chance.membersOf({
      type: "urn:x:album",
      displayName: textFrom(chance),
      uris: ["/a/*", "/b"],
      icon_uri: "/x.png",
      ownerManagedAccess: chance.is(0.5),
      scopes: chance.someOf(scopes).map(({ name }) => ({ name })),
      attributes: { a: ["1", "2"] },
    }),
  }));
  return {
    allowRemoteResourceManagement: chance.is(0.5),
    policyEnforcementMode: chance.oneOf(["ENFORCING", "PERMISSIVE", "DISABLED"]),
    decisionStrategy: chance.oneOf(["UNANIMOUS", "AFFIRMATIVE"]),
    ...{ scopes, resources },
    policies: [
      {
        ...{ name: "office hours", type: "time", logic: chance.oneOf(["POSITIVE", "NEGATIVE"]) },
        config: { hour: "8", hourEnd: "18" },
      },
      {
        ...{ name: "may see", type: "scope", decisionStrategy: chance.oneOf(["UNANIMOUS", "CONSENSUS"]) },
        description: textFrom(chance),
        config: { scopes: '["view"]', applyPolicies: '["office hours"]' },
      },
    ],
  };
}

/** The members `scopeMappings` and `clientScopeMappings`: roles that a client without full scope may still give. */
export function scopeMappingsFrom(chance: Chance, clients: readonly string[], held: Held): Fields {
  const scopeMappings = chance.someOf(clients).map((client) => ({ client, roles: chance.someOf(held.roles) }));
  const mappings = Object.entries(held.clientRoles).map(([id, names]) => [
    id,
    chance.someOf(clients).map((client) => ({ client, roles: chance.someOf(names) })),
  ]);
  return { scopeMappings, clientScopeMappings: Object.fromEntries(mappings) };
}
