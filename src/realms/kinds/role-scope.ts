import type { PlainMap } from "../../reconcile/index.ts";
import { listOf, mapOf, type RealmAccess, type Representation, textOf } from "../access.ts";
import type { RealmKeys } from "../identity.ts";
import { formatRole, type RoleName } from "../role-name.ts";
import { clientIdOf } from "./client.ts";
import { clientScopeIdOf } from "./client-scope.ts";
import { idOf, isMarked, type Kind, type Seen, texts } from "./kind.ts";
import { readRoleName, rolesOf } from "./role.ts";

type RoleScopeName = "client-role-scope" | "client-scope-role-scope";

/** Where Keycloak keeps it: each kind of owner has a collection, and a name in exports. */
const owners = {
  "client-role-scope": { collection: "clients", exported: "client", idOf: clientIdOf },
  "client-scope-role-scope": { collection: "client-scopes", exported: "clientScope", idOf: clientScopeIdOf },
} as const;

/** Roles that may stand in tokens of a client that may not carry all of them; Keycloak calls them scope mappings. */
export const clientRoleScopeKind: Kind<"client-role-scope"> = {
  ...written("client-role-scope"),
  section: "clients",
  parts: ["clients", "client-export"],
  beside: "client",
  observe: ({ snapshot: { clients, clientExport }, wanted }) => {
    const attributes = new Map(clients.map((c) => [textOf(c.clientId), c.attributes]));
    return observed("client-role-scope", clientExport, attributes, wanted);
  },
};

/** The same of a client scope: tokens with the scope carry its roles. */
export const clientScopeRoleScopeKind: Kind<"client-scope-role-scope"> = {
  ...written("client-scope-role-scope"),
  section: "clientScopes",
  parts: [],
  beside: "client-scope",
  observe: ({ snapshot: { realm }, wanted }) => {
    const scopes = listOf(realm["clientScopes"]).map((s) => [textOf(s["name"]), s["attributes"]] as const);
    return observed("client-scope-role-scope", realm, new Map(scopes), wanted);
  },
};

/** What an export says, of owners whose attributes say whose they are; of one that has none, where some are wanted. */
function observed<N extends RoleScopeName>(
  kind: N,
  realm: Representation,
  attributes: ReadonlyMap<string, unknown>,
  wanted: ReadonlyMap<string, unknown>,
): Seen<N>[] {
  const found = new Map<string, string[]>([...attributes.keys()].map((owner) => [owner, []]));
  const note = (list: unknown, client?: string) => {
    for (const mapping of listOf(list)) {
      const roles = texts(mapping["roles"]).map((role) =>
        formatRole({ ...(client !== undefined && { client }), role }),
      );
      found.get(textOf(mapping[owners[kind].exported]))?.push(...roles);
    }
  };
  note(realm["scopeMappings"]);
  for (const [client, list] of Object.entries(mapOf(realm["clientScopeMappings"]) ?? {})) note(list, client);
  const told = [...found].filter(([owner, roles]) => roles.length > 0 || wanted.has(owner));
  return told.map(([owner, roles]) => ({
    ...{ kind, key: owner as RealmKeys[N], fields: { roles: roles.sort() } },
    owned: isMarked(attributes.get(owner)),
    remote: { id: owner },
  }));
}

type Written<N extends RoleScopeName> = Pick<Kind<N>, "rule" | "create" | "update" | "remove">;

function written<N extends RoleScopeName>(kind: N): Written<N> {
  const set = (at: RealmAccess, key: string, fields: PlainMap, before: PlainMap) =>
    change(at, kind, key, texts(before["roles"]), texts(fields["roles"]));
  return {
    // Whose they are, their owner says: of one of ours they go when the file does not say them.
    rule: { kind, level: 4, lists: { roles: "set" }, grants: true, shared: true },
    create: (at, { key, fields }) => set(at, key, fields, {}),
    update: (at, { key, fields }, { fields: before }) => set(at, key, fields, before),
    remove: (at, seen) => set(at, idOf(seen), {}, seen.fields),
  };
}

async function change(
  at: RealmAccess,
  kind: RoleScopeName,
  owner: string,
  was: readonly string[],
  will: readonly string[],
): Promise<void> {
  const doing = `set the roles that ${kind === "client-role-scope" ? "client" : "client scope"} ${owner} may carry`;
  const id = await owners[kind].idOf(at, owner);
  const without = (list: readonly string[], others: readonly string[]) =>
    Map.groupBy(list.filter((name) => !others.includes(name)).map(readRoleName), (role) => role.client);
  for (const [client, roles] of without(was, will)) await send(at, kind, "DELETE", doing, { id, client, roles });
  for (const [client, roles] of without(will, was)) await send(at, kind, "POST", doing, { id, client, roles });
}

interface Mapping {
  readonly id: string;
  readonly client: string | undefined;
  readonly roles: readonly RoleName[];
}

/** One request for both kinds of owners: the client has methods of two shapes for it. */
async function send(
  at: RealmAccess,
  kind: RoleScopeName,
  method: "POST" | "DELETE",
  doing: string,
  { id, client, roles }: Mapping,
): Promise<void> {
  const payload = await rolesOf(at, doing, roles);
  const of = client === undefined ? "realm" : `clients/${await clientIdOf(at, client)}`;
  const path = `/{realm}/${owners[kind].collection}/{id}/scope-mappings/${of}`;
  const request = { method, path, urlParamKeys: ["realm", "id"] };
  if (method === "DELETE") {
    return at.remove(doing, ({ realms }, realm) => realms.makeUpdateRequest(request)({ realm, id }, payload));
  }
  return at.write(doing, ({ realms }, realm) => realms.makeUpdateRequest(request)({ realm, id }, payload));
}
