import { formatKey } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, missing, type RealmAccess, textOf } from "../access.ts";
import type { OwnedKey } from "../identity.ts";
import { clientScopesOf } from "../lists.ts";
import { clientIdOf } from "./client.ts";
import { emptyForNull, idOf, inner, isMarked, type Kind, marker, texts, withoutEmpty, withoutNulls } from "./kind.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

/** Client scopes. A PUT keeps what it does not name, attributes too; mappers have steps of their own. */
export const clientScopeKind: Kind<"client-scope"> = {
  section: "clientScopes",
  rule: {
    ...{ kind: "client-scope", level: 1, immutable: ["protocol"] },
    unsaid: unsaidOf({ fields: { description: null }, open: { attributes: nobodys } }),
  },
  parts: [],
  observe: ({ snapshot: { realm } }) =>
    listOf(realm["clientScopes"]).map((scope) => {
      const { protocolMappers: _mappers, ...rest } = asFields(scope);
      const attributes = withoutEmpty(inner(rest, "attributes"));
      return {
        kind: "client-scope",
        key: textOf(scope["name"]),
        id: textOf(scope["id"]),
        fields: withoutEmpty({ ...rest, attributes }),
        owned: isMarked(scope["attributes"]),
        remote: { id: textOf(scope["id"]) },
      };
    }),
  create: async (at, { key, fields }) => {
    const attributes = { ...withoutNulls(inner(fields, "attributes")), ...marker };
    const scope = { ...withoutNulls(fields), name: key, attributes };
    await at.create(`create client scope ${key}`, ({ clientScopes }, realm) =>
      clientScopes.create({ realm, ...asSent(scope) }),
    );
  },
  update: (at, { key, fields }, observed) => {
    const attributes = fields["attributes"] !== undefined && { attributes: emptyForNull(inner(fields, "attributes")) };
    const scope = { ...emptyForNull(fields), name: key, ...attributes };
    return at.write(`update client scope ${key}`, ({ clientScopes }, realm) =>
      clientScopes.update({ realm, id: idOf(observed) }, asSent(scope)),
    );
  },
  remove: (at, observed) =>
    at.remove(`delete client scope ${observed.key}`, ({ clientScopes }, realm) =>
      clientScopes.del({ realm, id: idOf(observed) }),
    ),
};

/** Keycloak's internal id of a client scope. */
export async function clientScopeIdOf(at: RealmAccess, name: string): Promise<string> {
  const found = (await clientScopesOf(at)).find((s) => s.name === name);
  if (found === undefined) throw missing(`find client scope ${name}`, "such client scope");
  return textOf(found.id);
}

/** Client scopes that a client has. The key is client and scope. Whose they are, `client-scopes.ts` says. */
export const clientScopeAssignmentKind: Kind<"client-scope-assignment"> = {
  section: "clients",
  rule: { kind: "client-scope-assignment", level: 3, shared: true, recorded: true },
  parts: ["clients"],
  beside: "client",
  observe: ({ snapshot: { clients } }) =>
    clients.flatMap((client) => {
      const under = (scopes: readonly string[] = [], assigned: string) =>
        scopes.map((scope) => ({
          kind: "client-scope-assignment",
          key: [textOf(client.clientId), scope] as const,
          fields: { assigned },
          owned: false,
        }));
      return [...under(client.defaultClientScopes, "default"), ...under(client.optionalClientScopes, "optional")];
    }),
  create: (at, { key, fields }) => assign(at, key, fields["assigned"] === "default"),
  update: (at, { key, fields }) => assign(at, key, fields["assigned"] === "default"),
  remove: async (at, { key, fields }) => {
    const pair = await pairOf(at, key);
    await at.remove(`take client scope ${formatKey(key)}`, ({ clients }, realm) =>
      fields["assigned"] === "default"
        ? clients.delDefaultClientScope({ realm, ...pair })
        : clients.delOptionalClientScope({ realm, ...pair }),
    );
  },
};

async function pairOf(
  at: RealmAccess,
  [clientId, scope]: OwnedKey,
): Promise<{ readonly id: string; readonly clientScopeId: string }> {
  return { id: await clientIdOf(at, clientId), clientScopeId: await clientScopeIdOf(at, scope) };
}

/** A scope is either default or optional: it is taken from where it was before it is put where it belongs. */
async function assign(at: RealmAccess, key: OwnedKey, byDefault: boolean): Promise<void> {
  const pair = await pairOf(at, key);
  const doing = `assign client scope ${formatKey(key)}`;
  await at.remove(doing, ({ clients }, realm) =>
    byDefault ? clients.delOptionalClientScope({ realm, ...pair }) : clients.delDefaultClientScope({ realm, ...pair }),
  );
  await at.write(doing, ({ clients }, realm) =>
    byDefault ? clients.addDefaultClientScope({ realm, ...pair }) : clients.addOptionalClientScope({ realm, ...pair }),
  );
}

/** Client scopes that every new client of the realm gets. The key is the scope's name. */
export const defaultClientScopeKind: Kind<"default-client-scope"> = {
  section: "clientScopes",
  rule: { kind: "default-client-scope", level: 2, shared: true, recorded: true },
  parts: [],
  observe: ({ snapshot: { realm } }) => {
    const under = (field: string, assigned: string) =>
      texts(realm[field]).map((key) => ({ kind: "default-client-scope", key, fields: { assigned }, owned: false }));
    return [...under("defaultDefaultClientScopes", "default"), ...under("defaultOptionalClientScopes", "optional")];
  },
  create: (at, { key, fields }) => assignToRealm(at, key, fields["assigned"] === "default"),
  update: (at, { key, fields }) => assignToRealm(at, key, fields["assigned"] === "default"),
  remove: async (at, { key, fields }) => {
    const id = await clientScopeIdOf(at, key);
    await at.remove(`take default client scope ${key}`, ({ clientScopes }, realm) =>
      fields["assigned"] === "default"
        ? clientScopes.delDefaultClientScope({ realm, id })
        : clientScopes.delDefaultOptionalClientScope({ realm, id }),
    );
  },
};

async function assignToRealm(at: RealmAccess, name: string, byDefault: boolean): Promise<void> {
  const id = await clientScopeIdOf(at, name);
  const doing = `assign default client scope ${name}`;
  // Keycloak refuses one that stands in either list.
  await at.remove(doing, ({ clientScopes }, realm) =>
    byDefault
      ? clientScopes.delDefaultOptionalClientScope({ realm, id })
      : clientScopes.delDefaultClientScope({ realm, id }),
  );
  await at.write(doing, ({ clientScopes }, realm) =>
    byDefault
      ? clientScopes.addDefaultClientScope({ realm, id })
      : clientScopes.addDefaultOptionalClientScope({ realm, id }),
  );
}
