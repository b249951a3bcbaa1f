import type { PlainMap } from "../../reconcile/index.ts";
import { clientKind } from "../kinds/client.ts";
import { clientScopeAssignmentKind, clientScopeKind, defaultClientScopeKind } from "../kinds/client-scope.ts";
import { serviceAccountRoleKind } from "../kinds/granted-role.ts";
import type { Kind } from "../kinds/kind.ts";
import { clientMapperKind, clientScopeMapperKind } from "../kinds/mapper.ts";
import { type RoleName, roleOf } from "../role-name.ts";
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
    ...["clientId", "protocol", "enabled", "defaultClientScopes", "optionalClientScopes"],
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
    scopes: written(scopesOf(source, clientId)),
    flows: written({ browser: flows["browser"], directGrant: flows["direct_grant"] }),
    mappers,
    machineRoles: taken["serviceAccountsEnabled"] === true ? machineRoles(source, clientId) : undefined,
    raw: rest,
  });
}

type Taken = Readonly<Partial<PlainMap>>;

const hasSecret = (taken: Taken, rest: PlainMap): boolean =>
  taken["protocol"] === "openid-connect" &&
  taken["publicClient"] === false &&
  rest["bearerOnly"] !== true &&
  ["client-secret", "client-secret-jwt"].includes(String(rest["clientAuthenticatorType"]));

/** What it has besides the realm's default scopes. */
function scopesOf(source: ImportSource, clientId: string): Record<"default" | "optional", string[]> {
  const given = source.all(defaultClientScopeKind);
  const found: Record<"default" | "optional", string[]> = { default: [], optional: [] };
  for (const { key, fields } of source.all(clientScopeAssignmentKind).values()) {
    const [owner, scope] = key;
    const { assigned } = fields;
    if (owner !== clientId || given.get(scope)?.fields["assigned"] === assigned) continue;
    found[assigned === "default" ? "default" : "optional"].push(scope);
  }
  return found;
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
  const names = new Set([...scopes.keys(), ...mappers.keys(), ...assigned.keys()]);
  return Object.fromEntries(
    [...names].map((name) => {
      const { taken, rest } = pick(scopes.get(name)?.fields ?? {}, "name", "protocol", "description");
      const entry = {
        protocol: taken["protocol"] ?? source.all(clientScopeKind).get(name)?.fields["protocol"],
        description: taken["description"],
        assigned: assigned.get(name)?.fields["assigned"],
        mappers: mappers.get(name) ?? {},
        raw: rest,
      };
      return [name, written(entry)];
    }),
  );
}
