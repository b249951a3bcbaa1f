import type { ClientEntry } from "../format/clients.ts";
import type { RealmSpec } from "../format/model.ts";
import { secretName } from "../format/secrets.ts";
import { groupPath, parseGroupPath } from "../group-path.ts";
import type { RealmFields, RealmIdentity, RealmResource } from "../identity.ts";
import { identityOfRole, roleKey, rolesIn } from "../role-name.ts";
import { desiredAuthorization } from "./authorization.ts";
import { brokerClient } from "./broker.ts";
import { defined, listed, merge, secretField, single } from "./fields.ts";
import { mapperFields } from "./mapper.ts";
import { roleScope } from "./rights.ts";

type ClientFields = RealmFields<"client">;

/** A client with its mappers, scopes and roles of its own account. */
export function desiredClient(spec: RealmSpec, clientId: string, c: ClientEntry): RealmResource[] {
  const dependsOn: readonly RealmIdentity[] = [{ kind: "client", key: clientId }];
  const shared: ClientFields = {
    enabled: c.enabled,
    ...defined({ name: c.name, description: c.description, fullScopeAllowed: c.fullScopeAllowed }),
    ...(c.flows && {
      authenticationFlowBindingOverrides: defined({ browser: c.flows.browser, direct_grant: c.flows.directGrant }),
    }),
    attributes: { ...single(c.attributes) },
  };
  const bound = Object.values(c.flows ?? {}).flatMap((key): RealmIdentity[] =>
    key === undefined ? [] : [{ kind: "authentication-flow", key }],
  );
  const reference = "secret" in c ? c.secret : undefined;
  const secret = reference && spec.secrets[secretName(reference)];
  return [
    {
      kind: "client",
      key: clientId,
      fields: merge(merge(templateFields(clientId, c), shared), c.raw),
      ...(secret && { secrets: { secret: secretField(secret, `${spec.realm} client ${clientId}`) } }),
      dependsOn: bound,
    },
    ...Object.entries(c.mappers).map(
      ([name, mapper]): RealmResource => ({
        kind: "client-mapper",
        key: [clientId, name],
        fields: mapperFields(mapper),
        dependsOn,
      }),
    ),
    ...audience(clientId, c, dependsOn),
    ...(["default", "optional"] as const).flatMap((assigned) =>
      (c.scopes[assigned] ?? []).map(
        (name): RealmResource => ({
          kind: "client-scope-assignment",
          key: [clientId, name],
          fields: { assigned },
          dependsOn: [...dependsOn, { kind: "client-scope", key: name }],
        }),
      ),
    ),
    ...roleScope({ kind: "client-role-scope", key: clientId }, c.scopeMappings, dependsOn),
    ...account(clientId, c, dependsOn),
    ...(c.template === "custom" ? desiredAuthorization(clientId, c.authorization, dependsOn) : []),
  ];
}

/** Apache and API servers look whether a token is for them; Keycloak's own access tokens say so by this mapper only. */
function audience(clientId: string, c: ClientEntry, dependsOn: readonly RealmIdentity[]): RealmResource[] {
  if (c.template !== "keystone" && c.template !== "kubernetes") return [];
  const fields = mapperFields({ type: "audience", client: clientId, in: ["access", "introspection"] });
  return [{ kind: "client-mapper", key: [clientId, "cloudpass audience"], fields, dependsOn }];
}

/** The client's own account: what it is, what it holds. */
function account(clientId: string, c: ClientEntry, dependsOn: readonly RealmIdentity[]): RealmResource[] {
  if (c.template !== "custom") return [];
  const { attributes, raw, ...described } = c.machineAccount ?? {};
  const fields = merge(defined({ ...described, attributes: attributes && listed(attributes) }), raw);
  return [
    ...(c.machineAccount === undefined ? [] : [{ kind: "service-account", key: clientId, fields, dependsOn } as const]),
    ...rolesIn(c.machineRoles).map(
      (role): RealmResource => ({
        ...{ kind: "service-account-role", key: [clientId, ...roleKey(role)], fields: {} },
        dependsOn: [...dependsOn, identityOfRole(role)],
      }),
    ),
    ...(c.machineGroups ?? []).map((path): RealmResource => {
      const group = typeof path === "string" ? parseGroupPath(path) : groupPath(...path);
      const its: RealmIdentity = { kind: "group", key: group };
      return { kind: "service-account-group", key: [clientId, group], fields: {}, dependsOn: [...dependsOn, its] };
    }),
  ];
}

/** The code flow with PKCE and nothing else, until a template opens more. */
const closed: ClientFields = {
  protocol: "openid-connect",
  publicClient: false,
  bearerOnly: false,
  standardFlowEnabled: true,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  consentRequired: false,
  frontchannelLogout: false,
  // Roles reach tokens by a mapper that the file names, not all of them.
  fullScopeAllowed: false,
  webOrigins: [],
  attributes: {
    "pkce.code.challenge.method": "S256",
    "oauth2.device.authorization.grant.enabled": "false",
    "oidc.ciba.grant.enabled": "false",
    "standard.token.exchange.enabled": "false",
  },
};

const device = (on: boolean): ClientFields => ({
  attributes: { "oauth2.device.authorization.grant.enabled": String(on) },
});

const keys = (url: string): ClientFields => ({
  clientAuthenticatorType: "client-jwt",
  attributes: { "use.jwks.url": "true", "jwks.url": url },
});

const trimmed = (url: string): string => url.replace(/\/+$/, "");

function templateFields(clientId: string, c: ClientEntry): ClientFields {
  const like = (...more: readonly ClientFields[]): ClientFields =>
    more.reduce<ClientFields>((under, over) => merge(under, over), closed);
  switch (c.template) {
    case "keystone":
      return like(device(c.device), {
        name: `Keystone of ${c.cloud}`,
        redirectUris: c.redirects ?? [`${trimmed(c.url)}/redirect_uri`],
        clientAuthenticatorType: "client-secret",
      });
    case "kubernetes":
      return like(device(c.device), {
        name: `Kubernetes ${c.cluster}`,
        publicClient: true,
        redirectUris: c.redirects ?? ["http://localhost:8000", "http://localhost:18000"],
      });
    case "web":
      return like(
        {
          rootUrl: trimmed(c.url),
          redirectUris: c.redirects ?? [`${trimmed(c.url)}/callback`],
          clientAuthenticatorType: "client-secret",
        },
        c.jwks === undefined ? {} : keys(c.jwks),
        c.logout === undefined
          ? {}
          : { attributes: { "backchannel.logout.url": c.logout, "backchannel.logout.session.required": "true" } },
      );
    case "device-cli":
      return like(device(true), {
        publicClient: true,
        // RFC 8252 section 7.3: on loopback any port.
        redirectUris: c.redirects ?? ["http://127.0.0.1/callback"],
      });
    case "broker":
      return merge(brokerClient(c.issuer), { name: clientId });
    case "custom":
      return customFields(c);
  }
}

/**
 * Little is added to what the file says, or a hand-made one could not be described. But what Keycloak opens by itself in a
 * client that says nothing (no secret, passwords handed over) stays shut.
 */
function customFields(c: Extract<ClientEntry, { template: "custom" }>): ClientFields {
  const proves = c.secret !== undefined || c.jwks !== undefined || c.machine === true;
  const openId = c.protocol === "openid-connect";
  const stated = defined<ClientFields>({
    protocol: c.protocol,
    publicClient: c.public ?? (proves ? false : undefined),
    redirectUris: c.redirects,
    webOrigins: c.webOrigins,
    standardFlowEnabled: c.codeFlow,
    implicitFlowEnabled: c.implicitFlow ?? (openId ? false : undefined),
    directAccessGrantsEnabled: c.passwordGrant ?? (openId ? false : undefined),
    serviceAccountsEnabled: c.machine ?? (openId ? false : undefined),
    authorizationServicesEnabled: c.authorization === undefined ? undefined : true,
  });
  return merge(merge(stated, c.device === undefined ? {} : device(c.device)), c.jwks === undefined ? {} : keys(c.jwks));
}
