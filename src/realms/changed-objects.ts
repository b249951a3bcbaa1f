import type AdminEventRepresentation from "@keycloak/keycloak-admin-client/lib/defs/adminEventRepresentation.js";
import type { Identity } from "../reconcile/index.ts";
import { asFields, listOf, mapOf, type RealmAccess, type Representation, textOf } from "./access.ts";
import { groupPath, parseGroupPath } from "./group-path.ts";
import { groupKeyOf, readOrganizationGroups } from "./groups.ts";
import type { KindName, RealmKeys } from "./identity.ts";
import { clientScopesOf, clientsOf, flowsOf, organizationsListed, realmRolesOf } from "./lists.ts";
import { roleKey } from "./role-name.ts";

/** What an event speaks of, and where names behind its ids are found. */
interface Trace {
  readonly at: RealmAccess;
  /** The object as it was sent, where the realm keeps details; else nothing. */
  readonly sent: Representation;
  readonly event: AdminEventRepresentation;
  /** A list by id, read once. */
  all(list: ListName): Promise<ReadonlyMap<string, Representation>>;
  /** Finds a field of the object with an id, in such a list. */
  name(list: ListName, id: string, field: string): Promise<string>;
}

type Told = Promise<readonly Identity[]>;

/** Lists by the beginning of the paths under which their objects are changed. */
const lists = {
  ...{ clients: clientsOf, "client-scopes": clientScopesOf, roles: realmRolesOf },
  ...{ organizations: organizationsListed, flows: flowsOf },
} satisfies Record<string, (at: RealmAccess) => Promise<readonly object[]>>;
type ListName = keyof typeof lists;

const nothing: Told = Promise.resolve([]);
const only = async <N extends KindName>(kind: N, key: RealmKeys[N]): Told => [{ kind, key }];

/** By the beginning of an event's path: the objects, as plans call them, that were changed. */
const tellers: Readonly<Record<string, (trace: Trace, path: readonly string[]) => Told>> = {
  clients: ofClient,
  "client-scopes": ofScope,
  roles: (_trace, [name = ""]) => only("realm-role", name),
  "roles-by-id": async ({ name }, [id = ""]) => only("realm-role", await name("roles", id, "name")),
  groups: ofGroup,
  "identity-provider": changedIdentityProvider,
  organizations: ofOrganization,
  authentication: ofAuthentication,
  components: ofComponent,
  users: (trace, path) => (path[0] === "profile" ? ofProfile(trace) : ofAccount(trace, path)),
  localization: (_trace, [locale = ""]) => only("localization", locale),
  "default-groups": async (trace, [id = ""]) => only("default-group", (await groupKeyOf(trace.at, id)) ?? groupPath()),
  "default-default-client-scopes": ofDefaultScope,
  "default-optional-client-scopes": ofDefaultScope,
};

/** Finds what an event changed. An event that speaks of something no plan knows (people, sessions) tells nothing. */
export function changedBy(at: RealmAccess): (event: AdminEventRepresentation) => Told {
  const read = new Map<ListName, ReturnType<Trace["all"]>>();
  // What is gone has no name any more but in the events of its life before: they are asked for in order of time.
  const remembered = new Map<string, Representation>();
  const all: Trace["all"] = (list) => {
    const kept = read.get(list) ?? byId(lists[list](at));
    read.set(list, kept);
    return kept;
  };
  const name: Trace["name"] = async (list, id, field) => {
    const there = (await all(list)).get(id) ?? remembered.get(`${list}/${id}`);
    return textOf(there?.[field]);
  };
  return async (event) => {
    const [collection, ...path] = textOf(event.resourcePath).split("/").map(decodeURIComponent);
    if (!collection) {
      // One request changes settings and bindings alike.
      return [
        { kind: "realm", key: at.realm },
        { kind: "flow-bindings", key: at.realm },
      ];
    }
    const sent = sentIn(event);
    const [id = "", ...below] = path;
    if (below.length === 0 && Object.keys(sent).length > 0) remembered.set(`${collection}/${id}`, sent);
    return (await tellers[collection]?.({ at, sent, event, all, name }, path)) ?? [];
  };
}

async function byId(read: Promise<readonly object[]>): Promise<ReadonlyMap<string, Representation>> {
  return new Map((await read).map(asFields).map((o) => [textOf(o["id"]), o]));
}

function sentIn(event: AdminEventRepresentation): Representation {
  try {
    return mapOf(JSON.parse(textOf(event.representation))) ?? {};
  } catch {
    return {};
  }
}

const isOf = ({ event }: Trace, type: string): boolean => event.resourceType === type;

async function ofClient(trace: Trace, [id = "", what = "", ...rest]: readonly string[]): Told {
  const sent = isOf(trace, "CLIENT") ? textOf(trace.sent["clientId"]) : "";
  const client = sent || (await trace.name("clients", id, "clientId"));
  if (what === "protocol-mappers") return only("client-mapper", [client, textOf(trace.sent["name"])]);
  if (what === "roles") return only("client-role", [client, rest[0] ?? ""]);
  if (what === "scope-mappings") return only("client-role-scope", client);
  if (what === "authz") return ofAuthorization(trace, client, rest);
  if (/^(default|optional)-client-scopes$/.test(what)) {
    const scope = await trace.name("client-scopes", rest[0] ?? "", "name");
    return only("client-scope-assignment", [client, scope]);
  }
  return only("client", client);
}

/** What a client guards. Policies are written all in one way (`import`), of which the event says nothing more. */
async function ofAuthorization({ sent }: Trace, client: string, [, what = ""]: readonly string[]): Told {
  const key = [client, textOf(sent["name"])] as const;
  if (what === "scope") return only("authorization-scope", key);
  if (what === "resource") return only("authorization-resource", key);
  if (what === "policy" || what === "permission") return only("authorization-policy", key);
  return only("authorization-settings", client);
}

async function ofScope(trace: Trace, [id = "", what = ""]: readonly string[]): Told {
  const sent = isOf(trace, "CLIENT_SCOPE") ? textOf(trace.sent["name"]) : "";
  const scope = sent || (await trace.name("client-scopes", id, "name"));
  if (what === "protocol-mappers") return only("client-scope-mapper", [scope, textOf(trace.sent["name"])]);
  return only(what === "scope-mappings" ? "client-scope-role-scope" : "client-scope", scope);
}

async function ofDefaultScope({ name }: Trace, [id = ""]: readonly string[]): Told {
  return only("default-client-scope", await name("client-scopes", id, "name"));
}

async function ofGroup({ at, sent }: Trace, [id = ""]: readonly string[]): Told {
  // Of one that is gone the event's path is all there is.
  return only("group", (await groupKeyOf(at, id)) ?? parseGroupPath(textOf(sent["path"])));
}

async function changedIdentityProvider({ sent }: Trace, [, alias = "", what = ""]: readonly string[]): Told {
  // What is there and what was sent have one name each; a new provider's path ends before it.
  const identityProvider = alias || textOf(sent["alias"]);
  return what === "mappers"
    ? only("upstream-mapper", [identityProvider, textOf(sent["name"])])
    : only("identity-provider", identityProvider);
}

async function ofOrganization(trace: Trace, [id = "", what = "", alias = ""]: readonly string[]): Told {
  const organization = (await trace.name("organizations", id, "alias")) || textOf(trace.sent["alias"]);
  if (what === "members") return nothing;
  if (what === "groups") return ofOrganizationGroup(trace, organization, id, alias);
  return what === "identity-providers"
    ? only("organization-upstream", [organization, alias || textOf(trace.sent["alias"])])
    : only("organization", organization);
}

/** A new group's event names the one above it, or none. Of one that is gone no name is left. */
async function ofOrganizationGroup({ at, sent, event }: Trace, alias: string, id: string, named: string): Told {
  const group = event.operationType === "CREATE" && event.resourceType === "ORGANIZATION_GROUP" ? sent["id"] : named;
  const found = (await readOrganizationGroups(at, [{ alias, id }])).find((one) => one.group.id === group);
  return found === undefined ? nothing : only("organization-group", [alias, found.key]);
}

async function ofAuthentication(trace: Trace, [what = "", name = ""]: readonly string[]): Told {
  if (what === "required-actions") return only("required-action", name);
  if (what !== "flows") return nothing;
  const alias = await trace.name("flows", name, "alias");
  return only("authentication-flow", alias || textOf(trace.sent["alias"]) || name);
}

async function ofComponent({ at, sent }: Trace, [id = ""]: readonly string[]): Told {
  const find = (one: string) => at.one("component", ({ components }, realm) => components.findOne({ realm, id: one }));
  const there = asFields((await find(id)) ?? sent);
  const type = textOf(there["providerType"]);
  const parent = await find(textOf(there["parentId"]));
  const path = [...(parent === undefined ? [] : [textOf(parent.name)]), textOf(there["name"])];
  return only("component", [type.slice(type.lastIndexOf(".") + 1), { path }]);
}

/** The account of a client, by the name that Keycloak gives it; of people no plan knows. */
async function ofAccount(
  { at, event, sent, all, name }: Trace,
  [id = "", what = "", of = "", owner = ""]: readonly string[],
): Told {
  const user = await at.one("user", ({ users }, realm) => users.findOne({ realm, id }));
  const [, account] = /^service-account-(.*)$/.exec(textOf(user?.username)) ?? [];
  if (account === undefined) return nothing;
  // Names of accounts are in small letters.
  const ids = [...(await all("clients")).values()].map((c) => textOf(c["clientId"]));
  const client = ids.find((one) => one.toLowerCase() === account) ?? account;
  if (what === "groups") return only("service-account-group", [client, parseGroupPath(textOf(sent["path"]))]);
  if (what !== "role-mappings") return only("service-account", client);
  const holder = of === "clients" ? { client: await name("clients", owner, "clientId") } : {};
  return rolesIn(event).map((role) => ({
    kind: "service-account-role",
    key: [client, ...roleKey({ ...holder, role })],
  }));
}

/** Names of the roles that an event gave or took: its representation is a list. */
function rolesIn(event: AdminEventRepresentation): readonly string[] {
  try {
    return listOf(JSON.parse(textOf(event.representation))).map((role) => textOf(role["name"]));
  } catch {
    return [];
  }
}

/** The profile is one document: whoever writes it writes all of it. */
async function ofProfile({ sent }: Trace): Told {
  const names = listOf(sent["attributes"]).map((a) => textOf(a["name"]));
  const kinds = ["profile-attribute", "profile-builtin", "profile-permission"];
  const parts = names.flatMap((key) => kinds.map((kind) => ({ kind, key })));
  return [{ kind: "profile-settings", key: "profile" }, ...parts];
}
