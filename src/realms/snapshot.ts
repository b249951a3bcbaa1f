import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type OrganizationRepresentation from "@keycloak/keycloak-admin-client/lib/defs/organizationRepresentation.js";
import type { UserProfileConfig } from "@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js";
import { formatKey, type Identity, identityOf, type Key, ownedBy, type PlainMap } from "../reconcile/index.ts";
import { mapOf, type RealmAccess, type Representation, textOf } from "./access.ts";
import { type GroupPath, groupPath } from "./group-path.ts";
import {
  defaultGroupsOf,
  type GroupSnapshot,
  type NamedGroup,
  type OrganizationGroup,
  readGroups,
  readOrganizationGroups,
} from "./groups.ts";
import {
  aliasOf,
  clientsOf,
  identityProvidersOf,
  organizationsOf,
  profileOf,
  realmRolesOf,
  workflowsOf,
} from "./lists.ts";
import { owner, ownerKey } from "./markers.ts";
import { formatRole, identityOfRole } from "./role-name.ts";
import {
  type ClientNames,
  compositesOf,
  nameOf,
  type RoleSnapshot,
  readClientRoles,
  readServiceAccounts,
  readWithheld,
  type ServiceAccount,
  withComposites,
} from "./roles.ts";
import { isPlace, type RealmState } from "./state.ts";

/** What is read by requests of its own. Everything else comes with the realm, in one request for all of it. */
export type Part =
  | "clients"
  | "client-export"
  | "profile"
  | "organizations"
  | "organization-groups"
  | "links"
  | "realm-roles"
  | "client-roles"
  | "default-rights"
  | "groups"
  | "default-groups"
  | "service-accounts"
  | "workflows";

/** All of a realm that a plan may look at, read once. */
export interface Snapshot {
  readonly name: string;
  /**
   * The realm with flows, scopes, mappers, IdPs, components, required actions and texts: a partial export without
   * clients, groups and roles. Secrets in it are masked: it is never written back where a mask is taken for the value.
   */
  readonly realm: Representation;
  readonly state: RealmState;
  /** Without their secrets. */
  readonly clients: readonly ClientRepresentation[];
  /** Keycloak answers clients' secrets in clear; whether one is as given is all that may be asked here. */
  readonly holdsSecret: (clientId: string, secret: string) => boolean;
  readonly clientNames: ClientNames;
  /**
   * The realm once more, with what an export alone says of all clients: their scope mappings. One request, where asking
   * each client would be hundreds.
   */
  readonly clientExport: Representation;
  readonly profile: UserProfileConfig;
  readonly organizations: readonly OrganizationRepresentation[];
  readonly organizationGroups: readonly OrganizationGroup[];
  /** Identity providers as they are listed: the export does not say to which organization one belongs. */
  readonly listed: readonly IdentityProviderRepresentation[];
  readonly roles: readonly RoleSnapshot[];
  /** What everybody in the realm holds, as `formatRole` has it. */
  readonly defaultRights: ReadonlySet<string>;
  /** What everybody holds in a new realm and nobody here, although the role is there. */
  readonly withheldRights: ReadonlySet<string>;
  readonly groups: readonly GroupSnapshot[];
  readonly workflows: readonly Representation[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly defaultGroups: readonly NamedGroup[];
}

/** What to read. */
interface SnapshotScope {
  readonly parts: ReadonlySet<Part>;
  readonly wanted: readonly (Identity & { readonly fields?: PlainMap })[];
  /** Kinds of which everything is to be seen. */
  readonly all: ReadonlySet<string>;
}

/** The realm itself as one export, with its clients if they are asked for; `undefined` when there is none. */
export async function readExport(
  { realm, keycloak }: RealmAccess,
  exportClients = false,
): Promise<Representation | undefined> {
  const asked = { realm, exportClients, exportGroupsAndRoles: false };
  return mapOf(await keycloak.call(`read realm ${realm}`, "read", (client) => client.realms.export(asked)));
}

/** Reads what is asked for around an export that was read already. */
export async function readSnapshot(
  at: RealmAccess,
  realm: Representation,
  state: RealmState,
  scope: SnapshotScope,
): Promise<Snapshot> {
  const when = <T>(part: Part, read: () => Promise<T>, otherwise: T): Promise<T> =>
    scope.parts.has(part) ? read() : Promise.resolve(otherwise);
  const [[clients, clientExport, realmRoles, groups, defaultGroups, workflows], profile, organizations, listed] =
    await Promise.all([
      Promise.all([
        when("clients", () => clientsOf(at), []),
        when("client-export", async () => (await readExport(at, true)) ?? {}, {}),
        when("realm-roles", () => realmRolesOf(at), []),
        when("groups", () => readGroups(at, parentsAsked(scope, state), scope.all.has("group")), []),
        when("default-groups", () => defaultGroupsOf(at), []),
        when("workflows", () => workflowsOf(at), []),
      ]),
      when("profile", () => profileOf(at), {}),
      when("organizations", () => organizationsOf(at), []),
      when("links", () => identityProvidersOf(at), []),
    ]);
  const clientNames = new Map(clients.map((c) => [textOf(c.id), textOf(c.clientId)]));
  const secrets = new Map(clients.map((c) => [textOf(c.clientId), textOf(c.secret)]));
  const defaultRole = textOf(mapOf(realm["defaultRole"])?.["id"]);
  const [clientRoles, serviceAccounts, defaultRights, organizationGroups] = await Promise.all([
    when("client-roles", () => readClientRoles(at, clientNames, rolesAsked(scope, state)), []),
    when("service-accounts", () => readServiceAccounts(at, clients, clientNames, accountsAsked(scope, state)), []),
    when("default-rights", () => compositesOf(at, defaultRole, clientNames), []),
    when("organization-groups", () => readOrganizationGroups(at, organizationsAsked(scope, state, organizations)), []),
  ]);
  const roles = [...realmRoles.map((role) => ({ role })), ...clientRoles];
  return {
    ...{ name: at.realm, realm, state, clientNames, clientExport, profile, organizations, listed },
    ...{ groups, organizationGroups, workflows, serviceAccounts, defaultGroups },
    clients: clients.map(({ secret: _secret, registrationAccessToken: _token, ...rest }) => rest),
    holdsSecret: (clientId, secret) => secrets.get(clientId) === secret,
    roles: await withComposites(at, roles, clientNames, compositesAsked(scope)),
    defaultRights: new Set(defaultRights.map(formatRole)),
    withheldRights: await when("default-rights", () => readWithheld(at, defaultRights, clientNames), new Set<string>()),
  };
}

/**
 * Groups whose children are to be read: those above wanted groups, those where we made some, and ours that nobody wants,
 * because what others made in them would go with them.
 */
function parentsAsked({ wanted }: SnapshotScope, state: RealmState): (found: GroupSnapshot) => boolean {
  const above = new Set<string>();
  const named = new Set(wanted.map(identityOf));
  for (const { kind, key } of wanted) {
    if ((kind !== "group" && kind !== "default-group") || !isGroupPath(key)) continue;
    for (let depth = 1; depth < key.path.length; depth++) above.add(formatKey(groupPath(...key.path.slice(0, depth))));
  }
  return ({ key, group }) =>
    above.has(formatKey(key)) ||
    isPlace(state, "group", key) ||
    (group.attributes?.[ownerKey]?.includes(owner) && !named.has(identityOf({ kind: "group", key })));
}

const isGroupPath = (key: Key): key is GroupPath => typeof key === "object" && "path" in key;

/** The first name of a key: the client of a role. */
const ownerOf = ({ key }: Identity): Key | undefined => (Array.isArray(key) ? (key as readonly Key[])[0] : undefined);

function rolesAsked({ wanted, all }: SnapshotScope, state: RealmState): (clientId: string) => boolean {
  const asked = new Set(wanted.filter((w) => w.kind === "client-role").map(ownerOf));
  return (clientId) => all.has("client-role") || asked.has(clientId) || isPlace(state, "client-role", clientId);
}

/** Kinds that say what an account holds. */
const holding = ["service-account-role", "service-account-group"];

/** Accounts of wanted clients, because what somebody gave them must be seen; and where we gave something. */
function accountsAsked({ wanted, all }: SnapshotScope, { ownership }: RealmState): (clientId: string) => boolean {
  const machines = wanted.filter((w) => w.kind === "client" && w.fields?.["serviceAccountsEnabled"] === true);
  const asked = new Set([
    ...wanted.filter((w) => holding.includes(w.kind)).map(ownerOf),
    ...machines.map((w) => w.key),
  ]);
  const recorded = [...ownership.entries, ...ownership.intents].flatMap((r) =>
    holding.includes(r.kind) ? [r.key] : [],
  );
  const isRecorded = (clientId: string) => recorded.some(ownedBy(clientId));
  return (clientId) => holding.some((kind) => all.has(kind)) || asked.has(clientId) || isRecorded(clientId);
}

/** Organizations of which groups are wanted, and where we made some. */
function organizationsAsked(
  { wanted, all }: SnapshotScope,
  { ownership }: RealmState,
  organizations: readonly OrganizationRepresentation[],
): readonly { readonly alias: string; readonly id: string }[] {
  const kind = "organization-group";
  const asked = new Set(wanted.filter((w) => w.kind === kind).map(ownerOf));
  const recorded = [...ownership.entries, ...ownership.intents].filter((r) => r.kind === kind).map(({ key }) => key);
  return organizations
    .map((o) => ({ alias: aliasOf(o), id: textOf(o.id) }))
    .filter(({ alias }) => all.has(kind) || asked.has(alias) || recorded.some(ownedBy(alias)));
}

/** Wanted roles, and ours, because those that nobody wants any more go in the order in which they hold each other. */
function compositesAsked({ wanted, all }: SnapshotScope): (role: RoleSnapshot) => boolean {
  const asked = new Set(wanted.map(identityOf));
  return (role) => {
    const identity = identityOfRole(nameOf(role));
    return asked.has(identityOf(identity)) || all.has(identity.kind) || isOurs(role);
  };
}

const isOurs = ({ role }: RoleSnapshot): boolean => role.attributes?.[ownerKey]?.includes(owner) === true;
