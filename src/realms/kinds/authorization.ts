import { formatKey, type PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, type RealmAccess, type Representation, textOf } from "../access.ts";
import { permissionsClient } from "../format/known.ts";
import type { KindName, OwnedKey } from "../identity.ts";
import type { Snapshot } from "../snapshot.ts";
import { decodedPolicy, encodedPolicy, unsaidConfig } from "./authorization-policy.ts";
import { clientIdOf } from "./client.ts";
import { inner, isMarked, type Kind, never, type Seen, type Sight, texts, withoutEmpty, withoutNulls } from "./kind.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

type AuthorizationName = Extract<KindName, `authorization-${string}`>;

/** What guards the resources of a client, as an export says it; by client. */
function servers({ clientExport, clients }: Snapshot) {
  const marked = new Map(clients.map((c) => [textOf(c.clientId), isMarked(c.attributes)]));
  return listOf(clientExport["clients"]).flatMap((client) => {
    const settings = mapOf(client["authorizationSettings"]);
    const name = textOf(client["clientId"]);
    return settings === undefined || name === permissionsClient
      ? []
      : [{ client: name, settings, ours: marked.get(name) === true }];
  });
}

/** Objects of a list of such settings; of a client that is ours the file says all of them. */
const within = <N extends AuthorizationName>(
  kind: N,
  { snapshot, wanted }: Sight<N>,
  list: "scopes" | "resources" | "policies",
  fieldsOf: (one: Representation) => PlainMap,
): Seen[] =>
  servers(snapshot).flatMap(({ client, settings, ours }) => {
    const types = new Map(listOf(settings["policies"]).map((one) => [textOf(one["name"]), one["type"]]));
    return (
      listOf(settings[list])
        // What people made for themselves (User-Managed Access) is theirs.
        .filter((one) => one["owner"] === undefined)
        .map((one) => {
          const key: OwnedKey = [client, textOf(one["name"])];
          const fields = withoutEmpty(fieldsOf(one));
          // What is not wanted is deleted, not emptied.
          const whole = ours && wanted.has(formatKey(key));
          const dependsOn = [{ kind: "client", key: client }, ...restsOn(client, fields, types)];
          return { kind, key, fields, owned: ours, whole, dependsOn };
        })
    );
  });

/** Policies that must go after the one that decides by them, or Keycloak answers 500. Aggregates may stand in a circle. */
const restsOn = (client: string, fields: PlainMap, types: ReadonlyMap<string, unknown>) =>
  texts(inner(fields, "config")["applyPolicies"])
    .filter((name) => !(isOfPolicies(types.get(name)) && isOfPolicies(fields["type"])))
    .map((name) => ({ kind: "authorization-policy", key: [client, name] as const }));

const isOfPolicies = (type: unknown): boolean => ["aggregate", "resource", "scope"].includes(String(type));

const shared = { section: "clients", parts: ["clients", "client-export"], beside: "client" } as const;
const rule = <N extends AuthorizationName>(kind: N, level: number) =>
  ({ kind, level, shared: true, recorded: true }) as const;

/** How a client decides about its resources. It is there as soon as the client has authorization services. */
export const authorizationSettingsKind: Kind<"authorization-settings"> = {
  ...shared,
  rule: {
    ...{ kind: "authorization-settings", level: 3, shared: true, neverDelete: true },
    unsaid: unsaidOf({
      fields: {
        policyEnforcementMode: "ENFORCING",
        decisionStrategy: "UNANIMOUS",
        allowRemoteResourceManagement: true,
      },
    }),
  },
  observe: ({ snapshot }) =>
    servers(snapshot).map(({ client, settings, ours }) => {
      const { resources: _r, policies: _p, scopes: _s, ...fields } = asFields(settings);
      return { kind: "authorization-settings", key: client, fields, owned: false, whole: ours };
    }),
  create: (at, { key, fields }) => settle(at, key, fields),
  update: (at, { key, fields }) => settle(at, key, fields),
  remove: never("deleting authorization settings"),
};

async function settle(at: RealmAccess, client: string, fields: PlainMap): Promise<void> {
  const doing = `set how client ${client} decides`;
  const id = await clientIdOf(at, client);
  const now = await settingsOf(at, id);
  await at.write(doing, ({ clients }, realm) =>
    clients.updateResourceServer({ realm, id }, asSent({ ...now, ...fields })),
  );
}

/** The settings without what they hold. */
async function settingsOf(at: RealmAccess, id: string): Promise<PlainMap> {
  const all = await at.one("authorization settings", ({ clients }, realm) => clients.getResourceServer({ realm, id }));
  const { resources: _r, policies: _p, scopes: _s, ...rest } = asFields(all ?? {});
  return rest;
}

/** What may be done with resources. The key is client and name. */
export const authorizationScopeKind: Kind<"authorization-scope"> = {
  ...shared,
  rule: { ...rule("authorization-scope", 4), unsaid: unsaidOf({ fields: { displayName: null, iconUri: null } }) },
  observe: (sight) => within("authorization-scope", sight, "scopes", asFields) as Seen<"authorization-scope">[],
  create: (at, { key, fields }) => writeScope(at, key, fields),
  update: (at, { key, fields }, { fields: before }) => writeScope(at, key, { ...before, ...fields }),
  remove: async (at, { key }) => {
    const { id, found: scopeId } = await find(at, "scope", key);
    if (scopeId === undefined) return;
    await at.remove(`delete authorization scope ${formatKey(key)}`, ({ clients }, realm) =>
      clients.delAuthorizationScope({ realm, id, scopeId }),
    );
  },
};

async function writeScope(at: RealmAccess, key: OwnedKey, fields: PlainMap): Promise<void> {
  const doing = `write authorization scope ${formatKey(key)}`;
  const { id, found: scopeId } = await find(at, "scope", key);
  const scope = { ...withoutNulls(fields), name: key[1] };
  if (scopeId !== undefined) {
    return at.write(doing, ({ clients }, realm) => clients.updateAuthorizationScope({ realm, id, scopeId }, scope));
  }
  await at.create(doing, ({ clients }, realm) => clients.createAuthorizationScope({ realm, id }, scope));
}

/** What a client guards. The key is client and name; `scopes` is what may be done with it. */
export const authorizationResourceKind: Kind<"authorization-resource"> = {
  ...shared,
  rule: {
    ...rule("authorization-resource", 5),
    lists: { uris: "set", scopes: "set", "attributes.*": "unordered" },
    unsaid: unsaidOf({
      fields: { displayName: null, type: null, icon_uri: null, ownerManagedAccess: false, uris: [], scopes: [] },
      open: { attributes: nobodys },
    }),
  },
  observe: (sight) =>
    within("authorization-resource", sight, "resources", (one) => ({
      ...asFields(one),
      scopes: listOf(one["scopes"]).map((scope) => textOf(scope["name"])),
    })) as Seen<"authorization-resource">[],
  create: (at, { key, fields }) => writeResource(at, key, fields, {}),
  update: (at, { key, fields }, { fields: before }) => writeResource(at, key, fields, before),
  remove: async (at, { key }) => {
    const { id, found: resourceId } = await find(at, "resource", key);
    if (resourceId === undefined) return;
    await at.remove(`delete resource ${formatKey(key)}`, ({ clients }, realm) =>
      clients.delResource({ realm, id, resourceId }),
    );
  },
};

async function writeResource(at: RealmAccess, key: OwnedKey, wanted: PlainMap, before: PlainMap): Promise<void> {
  const doing = `write resource ${formatKey(key)}`;
  const { id, found: resourceId } = await find(at, "resource", key);
  const fields = { ...before, ...wanted };
  const attributes = withoutNulls({ ...inner(before, "attributes"), ...inner(wanted, "attributes") });
  const scopes = ((fields["scopes"] ?? []) as readonly string[]).map((name) => ({ name }));
  const resource = { ...withoutNulls(fields), name: key[1], scopes, attributes };
  if (resourceId !== undefined) {
    return at.write(doing, ({ clients }, realm) => clients.updateResource({ realm, id, resourceId }, asSent(resource)));
  }
  await at.create(doing, ({ clients }, realm) => clients.createResource({ realm, id }, asSent(resource)));
}

/**
 * Who may do what: policies, and the permissions that put them over resources. The key is client and name. Keycloak's
 * import takes one of any type, new or old, with names where other ways want server ids; with it go the settings, which
 * it would set back otherwise.
 */
export const authorizationPolicyKind: Kind<"authorization-policy"> = {
  ...shared,
  rule: {
    ...rule("authorization-policy", 6),
    immutable: ["type"],
    lists: {
      ...{ "config.roles": { by: "role" }, "config.groups": { by: "path" }, "config.clientScopes": { by: "scope" } },
      ...{ "config.users": "set", "config.clients": "set", "config.applyPolicies": "set" },
      ...{ "config.resources": "set", "config.scopes": "set" },
    },
    unsaid: ({ fields }) => ({
      ...{ type: fields["type"] ?? null, description: null, logic: "POSITIVE", decisionStrategy: "UNANIMOUS" },
      config: unsaidConfig(inner(fields, "config")),
    }),
  },
  observe: (sight) => {
    const clients = new Set(sight.snapshot.clients.map((c) => textOf(c.clientId)));
    const decode = (one: Representation) => decodedPolicy(asFields(one), clients);
    return within("authorization-policy", sight, "policies", decode) as Seen<"authorization-policy">[];
  },
  create: (at, { key, fields }) => writePolicy(at, key, fields),
  update: (at, { key, fields }, { fields: before }) => {
    const config = { ...inner(before, "config"), ...inner(fields, "config") };
    return writePolicy(at, key, { ...before, ...fields, config });
  },
  remove: async (at, { key }) => {
    const { id, found: policyId } = await find(at, "policy", key);
    if (policyId === undefined) return;
    await at.remove(`delete policy ${formatKey(key)}`, ({ clients }, realm) =>
      clients.delPolicy({ realm, id, policyId }),
    );
  },
};

async function writePolicy(at: RealmAccess, key: OwnedKey, fields: PlainMap): Promise<void> {
  const doing = `write policy ${formatKey(key)}`;
  const id = await clientIdOf(at, key[0]);
  const policy = { ...(await encodedPolicy(at, doing, fields)), name: key[1] };
  const settings = { ...(await settingsOf(at, id)), policies: [policy] };
  await at.write(doing, ({ clients }, realm) => clients.importResource({ realm, id }, asSent(settings)));
}

/** Keycloak's ids of a client, and of something that it guards by. */
async function find(at: RealmAccess, what: "scope" | "resource" | "policy", [client, name]: OwnedKey) {
  const id = await clientIdOf(at, client);
  const found = await at.one<Representation>(`${what} ${name}`, ({ clients }, realm) =>
    clients.makeRequest<{ realm: string; id: string; name: string }, Representation>({
      ...{ method: "GET", path: `/{id}/authz/resource-server/${what}/search` },
      ...{ urlParamKeys: ["id"], queryParamKeys: ["name"] },
    })({ realm, id, name }),
  );
  const known = textOf(found?.["_id"]) || textOf(found?.["id"]);
  return { id, found: known === "" ? undefined : known };
}
