import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { textOf } from "../access.ts";
import { accountScope } from "../client-scopes.ts";
import { clientKind } from "../kinds/client.ts";
import { clientScopeAssignmentKind, clientScopeKind, defaultClientScopeKind } from "../kinds/client-scope.ts";
import { serviceAccountRoleKind } from "../kinds/granted-role.ts";
import { type Kind, texts } from "../kinds/kind.ts";
import { clientMapperKind, clientScopeMapperKind } from "../kinds/mapper.ts";
import { readRoleName } from "../kinds/role.ts";
import { clientRoleScopeKind, clientScopeRoleScopeKind } from "../kinds/role-scope.ts";
import { administers, type RoleName, roleOf } from "../role-name.ts";
import { authorizationOf } from "./authorization.ts";
import { roleNames } from "./rights.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** Words of the format for fields of a client. */
const words = {
  name: "name",
  description: "description",
  publicClient: "public",
  redirectUris: "redirects",
  webOrigins: "webOrigins",
  standardFlowEnabled: "codeFlow",
  implicitFlowEnabled: "implicitFlow",
  directAccessGrantsEnabled: "passwordGrant",
  serviceAccountsEnabled: "machine",
} as const;

/** Mappers by their owners, as entries of the file. */
export function mappersOf(
  source: ImportSource,
  kind: Kind<"client-mapper" | "client-scope-mapper" | "upstream-mapper">,
): ReadonlyMap<string, Record<string, unknown>> {
  const owners = new Map<string, Record<string, unknown>>();
  const whole = source.all(kind);
  for (const [text, { key, fields }] of source.changed(kind)) {
    const [owner, name] = key;
    // A mapper is small: one that differs from Keycloak's own is written whole.
    const { taken, rest } = pick(
      whole.get(text)?.fields ?? fields,
      ...["name", "protocol", "protocolMapper", "identityProviderMapper", "identityProviderAlias", "config"],
    );
    const of = owners.get(owner) ?? {};
    of[name] = written({
      type: "custom",
      protocol: taken["protocol"],
      mapper: taken["protocolMapper"] ?? taken["identityProviderMapper"],
      config: taken["config"],
      raw: rest,
    });
    owners.set(owner, of);
  }
  return owners;
}

/** `clients` of the file. */
export function clientsOf(source: ImportSource): Record<string, unknown> {
  const mappers = mappersOf(source, clientMapperKind);
  return Object.fromEntries(
    [...source.changed(clientKind).values()].flatMap(({ key: clientId, fields }) => {
      if (source.builtin(clientKind, clientId) === undefined) {
        return [[clientId, clientOf(source, clientId, fields, mappers.get(clientId) ?? {})]];
      }
      source.leave(`client ${clientId}, which is Keycloak's own and was changed`);
      return [];
    }),
  );
}

function clientOf(source: ImportSource, clientId: string, fields: PlainMap, mappers: Record<string, unknown>): unknown {
  const { taken, rest } = pick(
    fields,
    ...["clientId", "protocol", "enabled", "fullScopeAllowed", "defaultClientScopes", "optionalClientScopes"],
    "authorizationServicesEnabled",
    ...["authenticationFlowBindingOverrides", ...Object.keys(words)],
  );
  const flows = (taken["authenticationFlowBindingOverrides"] ?? {}) as PlainMap;
  const redirects = (taken["redirectUris"] ?? []) as readonly string[];
  const typed = Object.entries(words).map(([field, word]) => [word, taken[field]] as const);
  return written({
    template: "custom",
    protocol: taken["protocol"],
    enabled: taken["enabled"],
    ...Object.fromEntries(typed),
    ...(redirects.some((one) => one.includes("*")) && { allowWildcardRedirects: true }),
    ...(hasSecret(taken, rest) && { secret: source.secret(clientId, "client", "secret") }),
    scopes: written(scopesOf(source, clientId, taken)),
    fullScopeAllowed: taken["fullScopeAllowed"],
    ...scopeMappingsOf(source, clientRoleScopeKind, clientId),
    flows: written({ browser: flows["browser"], directGrant: flows["direct_grant"] }),
    mappers,
    machineRoles: taken["serviceAccountsEnabled"] === true ? machineRoles(source, clientId) : undefined,
    authorization: authorizationOf(source, clientId),
    raw: rest,
  });
}

type Taken = Readonly<Partial<PlainMap>>;

const hasSecret = (taken: Taken, rest: PlainMap): boolean =>
  taken["protocol"] === "openid-connect" &&
  taken["publicClient"] === false &&
  rest["bearerOnly"] !== true &&
  ["client-secret", "client-secret-jwt"].includes(String(rest["clientAuthenticatorType"]));

/** What it has besides the realm's default scopes, and which of those it has not. */
function scopesOf(source: ImportSource, clientId: string, client: Taken): Record<string, string[]> {
  const protocol = textOf(client["protocol"]) || "openid-connect";
  const ofRealm = [...source.all(defaultClientScopeKind)].map(([scope, { fields }]) => [scope, fields["assigned"]]);
  const ofAccount = client["serviceAccountsEnabled"] === true ? [[accountScope, "default"]] : [];
  const given = new Map([...ofRealm, ...ofAccount] as [string, Plain | undefined][]);
  const scopes = source.all(clientScopeKind);
  const assigned = new Map(
    [...source.all(clientScopeAssignmentKind).values()].flatMap(({ key: [owner, scope], fields }) =>
      owner === clientId ? [[scope, fields["assigned"]] as const] : [],
    ),
  );
  const besides = [...assigned].filter(([scope, how]) => given.get(scope) !== how);
  const named = (how: string) => besides.flatMap(([scope, one]) => (one === how ? [scope] : [])).sort();
  const none = [...given.keys()].filter(
    (scope) => !assigned.has(scope) && scopes.has(scope) && protocolOf(scopes.get(scope)) === protocol,
  );
  return { default: named("default"), optional: named("optional"), none: none.sort() };
}

const protocolOf = (found: { readonly fields: PlainMap } | undefined): string =>
  textOf(found?.fields["protocol"]) || "openid-connect";

/** The roles that its tokens may carry, and whether some of them administer the realm. */
function scopeMappingsOf(
  source: ImportSource,
  kind: Kind<"client-role-scope" | "client-scope-role-scope">,
  owner: string,
): Record<string, unknown> {
  const roles = texts(source.changed(kind).get(owner)?.fields["roles"]).map(readRoleName);
  return written({
    scopeMappings: roles.length === 0 ? undefined : roleNames(roles),
    allowAdminRoles: roles.some(administers) || undefined,
  });
}

function machineRoles(source: ImportSource, clientId: string): unknown {
  const held = [...source.all(serviceAccountRoleKind).values()].flatMap(({ key: [owner, ...role] }): RoleName[] => {
    const name = roleOf(role);
    const isDefault = name.client === undefined && name.role === `default-roles-${source.realm}`;
    return owner === clientId && !isDefault ? [name] : [];
  });
  return held.length === 0 ? undefined : roleNames(held);
}

/** `clientScopes` of the file. */
export function clientScopesOf(source: ImportSource): Record<string, unknown> {
  const mappers = mappersOf(source, clientScopeMapperKind);
  const assigned = source.changed(defaultClientScopeKind);
  const scopes = source.changed(clientScopeKind);
  const roleScopes = source.changed(clientScopeRoleScopeKind);
  const notGiven = source.missing(defaultClientScopeKind).map(({ key }) => key);
  const emptied = source.missing(clientScopeRoleScopeKind).map(({ key }) => key);
  const changed = [scopes, mappers, assigned, roleScopes].flatMap((one) => [...one.keys()]);
  const names = new Set([...changed, ...notGiven, ...emptied]);
  return Object.fromEntries(
    [...names].map((name) => {
      const { taken, rest } = pick(scopes.get(name)?.fields ?? {}, "name", "protocol", "description");
      const entry = {
        protocol: taken["protocol"] ?? source.all(clientScopeKind).get(name)?.fields["protocol"],
        description: taken["description"],
        assigned: assigned.get(name)?.fields["assigned"] ?? (notGiven.includes(name) ? "none" : undefined),
        ...(emptied.includes(name)
          ? { scopeMappings: { realm: [] } }
          : scopeMappingsOf(source, clientScopeRoleScopeKind, name)),
        mappers: mappers.get(name) ?? {},
        raw: rest,
      };
      return [name, written(entry)];
    }),
  );
}
