import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import { Fault } from "../../core/index.ts";
import type { PlainMap } from "../../reconcile/index.ts";
import { mapperPrefix } from "../marks.ts";
import { asFields, type Kind, never, type RealmAccess, splitKey } from "./kind.ts";

/** What of a client may be looked at: its secret, which Keycloak answers in clear, is dropped at once. */
function fieldsOf(client: ClientRepresentation): PlainMap {
  const { secret: _secret, registrationAccessToken: _token, protocolMappers: _mappers, ...rest } = client;
  return asFields(rest);
}

/**
 * Clients. A PUT keeps what it does not name; within `attributes` a name goes only by an empty text; scopes are not taken
 * from a PUT at all, and mappers have steps of their own.
 */
export const clientKind: Kind = {
  rule: { kind: "client", level: 2, lists: { redirectUris: "set", webOrigins: "set" } },
  observe: ({ clients }) =>
    clients.map(({ client, ours }) => ({
      kind: "client",
      key: client.clientId ?? "",
      fields: fieldsOf(client),
      owned: ours,
      remote: { id: client.id ?? "" },
    })),
  create: async ({ realm, keycloak }, { key, fields }) => {
    const payload = { realm, ...fields, clientId: key };
    await keycloak.call(`create client ${key}`, "once", (kc) => kc.clients.create(payload));
  },
  update: ({ realm, keycloak }, { key, fields }, { remote }) =>
    keycloak.call(`update client ${key}`, "write", (kc) =>
      kc.clients.update({ realm, id: remote?.id ?? "" }, { ...fields, clientId: key }),
    ),
  remove: ({ realm, keycloak }, { key, remote }) =>
    keycloak.call(`delete client ${key}`, "write", (kc) =>
      kc.clients.del({ realm, id: remote?.id ?? "" }, { catchNotFound: true }),
    ),
};

/** Protocol mappers of our clients. The key is `<client> <name>`; names that begin with our prefix are ours. */
export const clientMapperKind: Kind = {
  rule: { kind: "client-mapper", level: 3 },
  observe: ({ clients }) =>
    clients.flatMap(({ client, ours }) =>
      (client.protocolMappers ?? []).map((mapper) => ({
        kind: "client-mapper",
        key: `${client.clientId ?? ""} ${mapper.name ?? ""}`,
        fields: asFields(mapper),
        owned: ours && (mapper.name?.startsWith(mapperPrefix) ?? false),
        remote: { id: mapper.id ?? "", raw: asFields(mapper) },
      })),
    ),
  create: async (at, { key, fields }) => {
    const [clientId, name] = splitKey(key);
    const id = await internalId(at, clientId);
    await at.keycloak.call(`create mapper ${key}`, "once", (kc) =>
      kc.clients.addProtocolMapper({ realm: at.realm, id }, { ...fields, name }),
    );
  },
  update: async (at, { key, fields }, { remote }) => {
    const [clientId, name] = splitKey(key);
    const id = await internalId(at, clientId);
    const mapperId = remote?.id ?? "";
    await at.keycloak.call(`update mapper ${key}`, "write", (kc) =>
      kc.clients.updateProtocolMapper(
        { realm: at.realm, id, mapperId },
        { ...remote?.raw, ...fields, id: mapperId, name },
      ),
    );
  },
  remove: async (at, { key, remote }) => {
    const { realm } = at;
    const id = await internalId(at, splitKey(key)[0]);
    await at.keycloak.call(`delete mapper ${key}`, "write", (kc) =>
      kc.clients.delProtocolMapper({ realm, id, mapperId: remote?.id ?? "" }, { catchNotFound: true }),
    );
  },
};

/** Client scopes that a client of ours needs. The key is `<client> <scope>`; others stay as they are. */
export const clientScopeKind: Kind = {
  rule: { kind: "client-scope", level: 3, adopt: true, neverDelete: true },
  observe: ({ clients }) =>
    clients.flatMap(({ client, scopes }) =>
      Object.entries(scopes).map(([name, assigned]) => ({
        kind: "client-scope",
        key: `${client.clientId ?? ""} ${name}`,
        fields: { assigned },
        owned: false,
      })),
    ),
  create: (at, { key, fields }) => assign(at, key, fields["assigned"] === "default"),
  update: (at, { key, fields }) => assign(at, key, fields["assigned"] === "default"),
  remove: never("taking a client scope away"),
};

/** A scope is either default or optional: it is taken from where it was before it is put where it belongs. */
async function assign(at: RealmAccess, key: string, byDefault: boolean): Promise<void> {
  const { realm, keycloak } = at;
  const [clientId, name] = splitKey(key);
  const operation = `assign client scope ${key}`;
  const id = await internalId(at, clientId);
  const all = await keycloak.call(operation, "read", (kc) => kc.clientScopes.find({ realm }));
  const clientScopeId = all.find((s) => s.name === name)?.id;
  if (clientScopeId === undefined) {
    throw new Fault("keycloak", operation, { says: `the realm has no client scope "${name}"`, retryable: false });
  }
  const link = { realm, id, clientScopeId };
  await keycloak.call(operation, "write", (kc) =>
    byDefault
      ? kc.clients.delOptionalClientScope(link, { catchNotFound: true })
      : kc.clients.delDefaultClientScope(link, { catchNotFound: true }),
  );
  await keycloak.call(operation, "write", (kc) =>
    byDefault ? kc.clients.addDefaultClientScope(link) : kc.clients.addOptionalClientScope(link),
  );
}

async function internalId({ realm, keycloak }: RealmAccess, clientId: string): Promise<string> {
  const operation = `find client ${clientId}`;
  const [found] = await keycloak.call(operation, "read", (kc) => kc.clients.find({ realm, clientId }));
  if (found?.id === undefined) throw new Fault("keycloak", operation, { says: "there is none", retryable: false });
  return found.id;
}
