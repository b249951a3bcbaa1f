import type { PlainMap } from "../../reconcile/index.ts";
import { splitKey } from "../kinds/kind.ts";
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
export function mappersOf(source: ImportSource, kind: string): ReadonlyMap<string, Record<string, unknown>> {
  const owners = new Map<string, Record<string, unknown>>();
  for (const [key, fields] of source.of(kind)) {
    const [owner, name] = splitKey(key);
    // A mapper is small: one that differs from Keycloak's own is written whole.
    const { taken, rest } = pick(
      source.whole(kind).get(key) ?? fields,
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
  const mappers = mappersOf(source, "client-mapper");
  return Object.fromEntries(
    [...source.of("client")].flatMap(([clientId, fields]) => {
      if (source.builtin("client", clientId) === undefined) {
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
  const given = source.whole("default-client-scope");
  const found: Record<"default" | "optional", string[]> = { default: [], optional: [] };
  for (const [key, { assigned }] of source.whole("client-scope-assignment")) {
    const [owner, scope] = splitKey(key);
    if (owner !== clientId || given.get(scope)?.["assigned"] === assigned) continue;
    found[assigned === "default" ? "default" : "optional"].push(scope);
  }
  return found;
}

function machineRoles(source: ImportSource, clientId: string): unknown {
  const held = [...source.whole("service-account-role").keys()].flatMap((key) => {
    const [owner, role] = splitKey(key);
    return owner === clientId && role !== `realm default-roles-${source.realm}` ? [role] : [];
  });
  return held.length === 0 ? undefined : roleNames(held);
}

/** `clientScopes` of the file. */
export function clientScopesOf(source: ImportSource): Record<string, unknown> {
  const mappers = mappersOf(source, "client-scope-mapper");
  const assigned = source.of("default-client-scope");
  const scopes = source.of("client-scope");
  const names = new Set([...scopes.keys(), ...mappers.keys(), ...assigned.keys()]);
  return Object.fromEntries(
    [...names].map((name) => {
      const { taken, rest } = pick(scopes.get(name) ?? {}, "name", "protocol", "description");
      const entry = {
        protocol: taken["protocol"] ?? source.whole("client-scope").get(name)?.["protocol"],
        description: taken["description"],
        assigned: assigned.get(name)?.["assigned"],
        mappers: mappers.get(name) ?? {},
        raw: rest,
      };
      return [name, written(entry)];
    }),
  );
}
