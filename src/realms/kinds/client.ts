import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type { PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, missing, type RealmAccess, textOf } from "../access.ts";
import type { RealmFields, Wanted } from "../identity.ts";
import { flowsOf } from "../lists.ts";
import { emptyForNull, idOf, inner, isMarked, type Kind, marker, withoutEmpty, withoutNulls } from "./kind.ts";

const overrides = "authenticationFlowBindingOverrides";

/**
 * Clients. A PUT keeps what it does not name; within `attributes` a name goes only by an empty text; scopes are not taken
 * from a PUT at all, and mappers have steps of their own.
 */
export const clientKind: Kind<"client"> = {
  section: "clients",
  rule: { kind: "client", level: 2, lists: { redirectUris: "set", webOrigins: "set" } },
  parts: ["clients"],
  observe: ({ snapshot: { clients, realm, holdsSecret }, wanted }) => {
    const aliases = new Map(listOf(realm["authenticationFlows"]).map((f) => [textOf(f["id"]), textOf(f["alias"])]));
    return clients.map((client) => {
      const key = textOf(client.clientId);
      const secret = wanted.get(key)?.secrets?.["secret"];
      return {
        kind: "client",
        key,
        id: textOf(client.id),
        fields: fieldsOf(client, aliases),
        // Keycloak answers clients' secrets: this one is compared as it is.
        ...(secret && { holds: { secret: holdsSecret(key, secret.value.reveal()) } }),
        owned: isMarked(client.attributes),
        remote: { id: textOf(client.id) },
      };
    });
  },
  create: async (at, resource) => {
    const fields = await payloadOf(at, resource);
    const attributes = { ...withoutNulls(inner(resource.fields, "attributes")), ...marker };
    const client = { ...withoutNulls(fields), attributes };
    await at.create(`create client ${resource.key}`, ({ clients }, realm) =>
      clients.create({ realm, ...asSent(client) }),
    );
  },
  update: async (at, resource, observed) => {
    const client = await payloadOf(at, resource);
    await at.write(`update client ${resource.key}`, ({ clients }, realm) =>
      clients.update({ realm, id: idOf(observed) }, asSent(client)),
    );
  },
  remove: (at, observed) =>
    at.remove(`delete client ${observed.key}`, ({ clients }, realm) => clients.del({ realm, id: idOf(observed) })),
};

/** What of a client is compared: mappers are a kind of their own, flows have names. */
function fieldsOf(client: ClientRepresentation, aliases: ReadonlyMap<string, string>): PlainMap {
  const { protocolMappers: _mappers, ...rest } = asFields(client);
  const flows = Object.entries(inner(rest, overrides)).map(([use, id]) => [use, aliases.get(textOf(id)) ?? id]);
  const attributes = withoutEmpty(inner(rest, "attributes"));
  return withoutEmpty({ ...rest, attributes, [overrides]: Object.fromEntries(flows) });
}

/** What is wanted as a PUT takes it. */
async function payloadOf(at: RealmAccess, { key, fields, secrets }: Wanted<"client">): Promise<RealmFields<"client">> {
  const secret = secrets?.["secret"];
  const flows = fields[overrides];
  return {
    ...emptyForNull(fields),
    ...(fields["attributes"] !== undefined && { attributes: emptyForNull(inner(fields, "attributes")) }),
    ...(flows !== undefined && { [overrides]: await flowsById(at, key, inner(fields, overrides)) }),
    ...(secret && { secret: secret.value.reveal() }),
    clientId: key,
  };
}

async function flowsById(at: RealmAccess, key: string, flows: PlainMap): Promise<PlainMap> {
  const ids = new Map((await flowsOf(at)).map((f) => [textOf(f.alias), textOf(f.id)]));
  return Object.fromEntries(
    Object.entries(flows).map(([use, alias]) => {
      if (alias === null) return [use, ""];
      const id = ids.get(textOf(alias));
      if (id === undefined) throw missing(`bind a flow to client ${key}`, `flow "${textOf(alias)}"`);
      return [use, id];
    }),
  );
}

/** Keycloak's internal id of a client. */
export async function clientIdOf(at: RealmAccess, clientId: string): Promise<string> {
  const [found] = await at.list("clients", ({ clients }, realm) => clients.find({ realm, clientId }));
  if (found === undefined) throw missing(`find client ${clientId}`, "such client");
  return textOf(found.id);
}
