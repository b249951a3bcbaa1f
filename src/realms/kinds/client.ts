import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type { Key, Plain, PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, missing, type RealmAccess, type Representation, textOf } from "../access.ts";
import { accountScope } from "../client-scopes.ts";
import { permissionsClient } from "../format/known.ts";
import type { RealmFields, Wanted } from "../identity.ts";
import { flowsOf, scopesOfRealm } from "../lists.ts";
import { roleKey } from "../role-name.ts";
import { accountMappers, guardedAtFirst } from "./brought-by-client.ts";
import { configuredByPolicies } from "./configured-client.ts";
import {
  type Companion,
  emptyForNull,
  idOf,
  inner,
  isMarked,
  type Kind,
  marker,
  type RealmSite,
  type Remote,
  type World,
  withoutEmpty,
  withoutNulls,
} from "./kind.ts";
import { isKeycloaksOwn, isWrittenByKeycloak, newClient } from "./new-client.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

const overrides = "authenticationFlowBindingOverrides";

/**
 * Clients. A PUT keeps what it does not name; within `attributes` a name goes only by an empty text; scopes are not taken
 * from a PUT at all, and mappers have steps of their own.
 */
export const clientKind: Kind<"client"> = {
  section: "clients",
  rule: {
    ...{ kind: "client", level: 2, lists: { redirectUris: "set", webOrigins: "set" } },
    unsaid: (observed, wanted) => withoutConfigured(unsaidClient(observed, wanted), observed.remote ?? {}),
  },
  keycloaksOwn: { attributes: isWrittenByKeycloak },
  parts: ["clients"],
  observe: ({ snapshot: { clients, realm, holdsSecret }, wanted }) => {
    const aliases = new Map(listOf(realm["authenticationFlows"]).map((f) => [textOf(f["id"]), textOf(f["alias"])]));
    const configured = configuredByPolicies(realm);
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
        remote: { id: textOf(client.id), ...(configured.size > 0 && { configured }) },
      };
    });
  },
  brings,
  create: async (at, resource) => {
    // Said in full, Keycloak adds nothing of its own.
    const fresh = newClient(resource.fields["protocol"]);
    const fields = await payloadOf(at, { ...resource, fields: { ...fresh, ...resource.fields } });
    const given = inner(fresh, "attributes");
    const said = { ...given, ...inner(resource.fields, "attributes") };
    // What Keycloak gives or makes by itself, and shall be otherwise: some of it Keycloak only hears in a PUT.
    const otherwise = emptyForNull(
      Object.fromEntries(
        Object.entries(said).filter(([name, value]) =>
          Object.hasOwn(given, name) ? value !== given[name] : value === null && isKeycloaksOwn(name),
        ),
      ),
    );
    const attributes = { ...withoutNulls(said), ...otherwise, ...marker };
    // Of a root Keycloak would make a redirect, an origin and an address for itself: it learns of it afterwards.
    const { rootUrl = "", ...rest } = fields;
    const client = { ...withoutEmpty(rest), attributes, ...(await narrowerScopes(at, resource)) };
    const made = await at.create(`create client ${resource.key}`, ({ clients }, realm) =>
      clients.create({ realm, ...asSent(client) }),
    );
    const isWhole = Object.keys(otherwise).length === 0;
    if (rootUrl === "" && isWhole) return;
    const id = textOf(made?.id);
    const more = {
      ...(rootUrl !== "" && { rootUrl }),
      ...(!isWhole && { attributes: otherwise }),
    };
    await at.write(`complete client ${resource.key}`, ({ clients }, realm) =>
      clients.update({ realm, id }, asSent(clientBody(resource.key, fields, more))),
    );
  },
  update: async (at, resource, observed) => {
    const client = clientBody(resource.key, observed.fields, await payloadOf(at, resource));
    await at.write(`update client ${resource.key}`, ({ clients }, realm) =>
      clients.update({ realm, id: idOf(observed) }, asSent(client)),
    );
  },
  remove: (at, observed) =>
    at.remove(`delete client ${observed.key}`, ({ clients }, realm) => clients.del({ realm, id: idOf(observed) })),
};

/** Keycloak gives a new client what the realm gives, also what this one shall not have: then its scopes are named. */
async function narrowerScopes(at: RealmSite, { key, fields }: Wanted<"client">): Promise<object> {
  const narrower = at.narrowerScopes?.(key);
  if (narrower === undefined || narrower.size === 0) return {};
  const protocol = textOf(fields["protocol"]) || "openid-connect";
  const { always, whenAsked } = await scopesOfRealm(at, protocol);
  return {
    defaultClientScopes: always.filter((scope) => !narrower.has(scope)),
    optionalClientScopes: [
      ...whenAsked.filter((scope) => !narrower.has(scope)),
      ...always.filter((scope) => narrower.get(scope) === "optional"),
    ],
  };
}

/** The scopes that it is wanted to have and gets anyway; with an account, mappers; with something to guard, the role that does. */
function brings({ key, fields }: Pick<Wanted<"client">, "key" | "fields">, world: World): readonly Companion[] {
  const hasAccount = fields["serviceAccountsEnabled"] === true;
  const account = hasAccount ? [[accountScope, "default"] as const] : [];
  const given = [...defaultScopes(world, textOf(fields["protocol"]) || "openid-connect"), ...account];
  return [
    ...given
      .map(
        ([scope, assigned]) => ({ kind: "client-scope-assignment", key: [key, scope], fields: { assigned } }) as const,
      )
      .filter((it) => world.wants(it)),
    ...(hasAccount ? accountMappers(key, world.version) : []),
    ...(fields["authorizationServicesEnabled"] === true && key !== permissionsClient
      ? [...umaProtection(key), ...guardedAtFirst(key, world.version)]
      : []),
  ];
}

/** The role by which a client that guards something may change what it guards. */
export const protectionRole = "uma_protection";

const umaProtection = (client: string): readonly Companion[] => [
  { kind: "client-role", key: [client, protectionRole], fields: {} },
  { kind: "service-account-role", key: [client, ...roleKey({ client, role: protectionRole })], fields: {} },
];

/** Scopes that a new client of a protocol gets, and how. */
function defaultScopes({ of }: World, protocol: string): readonly (readonly [string, Plain])[] {
  const protocols = new Map<Key, Plain>();
  for (const { key, fields } of of("client-scope")) {
    protocols.set(key, fields["protocol"] ?? protocols.get(key) ?? "");
  }
  const given = new Map(of("default-client-scope").map(({ key, fields }) => [key, fields["assigned"] ?? ""]));
  return [...given].flatMap(([key, how]) =>
    typeof key === "string" && protocols.get(key) === protocol ? [[key, how] as const] : [],
  );
}

/**
 * A PUT of a client: of one that has no origins and says so in no word, Keycloak makes some of the redirects; of one that
 * does not name them, it takes the authorization services away with all that they hold. With them the account is named by
 * which they work, or Keycloak 26.0 answers 500.
 */
export const clientBody = (clientId: string, there: Representation, change: PlainMap): PlainMap => ({
  ...{ clientId, webOrigins: (there["webOrigins"] ?? []) as Plain },
  ...(there["authorizationServicesEnabled"] === true && {
    authorizationServicesEnabled: true,
    serviceAccountsEnabled: true,
  }),
  // Keycloak 26.0 turns it round where a PUT does not name it.
  ...(there["frontchannelLogout"] !== undefined && { frontchannelLogout: there["frontchannelLogout"] as Plain }),
  ...change,
});

const unsaidClient = unsaidOf(({ fields: { notBefore = 0 } }, wanted) => ({
  // Tokens that somebody has ended stay ended.
  fields: { ...newClient(wanted["protocol"]), notBefore },
  open: { attributes: isKeycloaksOwn, [overrides]: nobodys },
}));

/** What policies for clients write stays as they wrote it. */
function withoutConfigured(unsaid: PlainMap, remote: Partial<Remote>): PlainMap {
  const { configured = new Set() } = remote;
  const stays = (map: PlainMap, at: string): PlainMap =>
    Object.fromEntries(Object.entries(map).filter(([name]) => !configured.has(`${at}${name}`)));
  return { ...stays(unsaid, ""), attributes: stays(inner(unsaid, "attributes"), "attributes.") };
}

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
