import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type AuthenticationExecutionInfoRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationExecutionInfoRepresentation.js";
import type AuthenticationFlowRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationFlowRepresentation.js";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type IdentityProviderMapperRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderMapperRepresentation.js";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type OrganizationRepresentation from "@keycloak/keycloak-admin-client/lib/defs/organizationRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { UserProfileConfig } from "@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js";
import type { Identity } from "../reconcile/index.ts";
import type { Keycloak } from "./connection.ts";
import { flowMark, owner, ownerKey } from "./marks.ts";

/** A client with what hangs on it. */
export interface ClientSnapshot {
  readonly client: ClientRepresentation;
  readonly ours: boolean;
  /** Names of assigned client scopes. */
  readonly scopes: Readonly<Record<string, "default" | "optional">>;
}

/** All of a realm that a plan may look at, read once. */
export interface Snapshot {
  readonly realm: RealmRepresentation;
  readonly profile: UserProfileConfig;
  /** What the realm's default role holds. */
  readonly defaultRights: readonly RoleRepresentation[];
  /** Client ids by internal id, for all clients: roles name their client so. */
  readonly clientNames: ReadonlyMap<string, string>;
  readonly clients: readonly ClientSnapshot[];
  readonly flows: readonly {
    readonly flow: AuthenticationFlowRepresentation;
    readonly executions: readonly AuthenticationExecutionInfoRepresentation[];
  }[];
  readonly upstreams: readonly {
    readonly provider: IdentityProviderRepresentation;
    readonly mappers: readonly IdentityProviderMapperRepresentation[];
  }[];
  readonly organizations: readonly OrganizationRepresentation[];
}

type Read = <T>(what: string, request: (client: KeycloakAdminClient) => Promise<T>) => Promise<T>;

async function scopesOf(read: Read, realm: string, id: string): Promise<ClientSnapshot["scopes"]> {
  const [byDefault, optional] = await Promise.all([
    read("client scopes", (kc) => kc.clients.listDefaultClientScopes({ realm, id })),
    read("client scopes", (kc) => kc.clients.listOptionalClientScopes({ realm, id })),
  ]);
  const under = (scopes: typeof optional, assigned: "default" | "optional") =>
    scopes.map((scope) => [scope.name ?? "", assigned] as const);
  return Object.fromEntries([...under(optional, "optional"), ...under(byDefault, "default")]);
}

/** Reads a realm; `undefined` when there is none. Details only of what is ours or stands under a wanted name. */
export async function readSnapshot(
  keycloak: Keycloak,
  realm: string,
  wanted: readonly Identity[],
): Promise<Snapshot | undefined> {
  const read: Read = (what, request) => keycloak.call(`read ${what} of realm ${realm}`, "read", request);
  const found = await read("settings", (kc) => kc.realms.findOne({ realm }));
  // Keycloak answers null, whatever the types say.
  if (found === undefined || found === null) return undefined;
  const names = (kind: string) => new Set(wanted.filter((w) => w.kind === kind).map((w) => w.key));
  const [profile, defaultRights, allClients, allFlows, providers, organizations] = await Promise.all([
    read("the user profile", (kc) => kc.users.getProfile({ realm })),
    read("the default role", (kc) => kc.roles.getCompositeRoles({ realm, id: found.defaultRole?.id ?? "" })),
    // All clients come with their secrets in clear: kept for the length of this function only.
    read("clients", (kc) => kc.clients.find({ realm })),
    read("flows", (kc) => kc.authenticationManagement.getFlows({ realm })),
    pages((page) => read("identity providers", (kc) => kc.identityProviders.find({ realm, ...page }))),
    pages((page) => read("organizations", (kc) => kc.organizations.find({ realm, ...page }))),
  ]);
  const clients = allClients
    .map((client) => ({ client, ours: client.attributes?.[ownerKey] === owner }))
    .filter(({ client, ours }) => ours || names("client").has(client.clientId ?? ""));
  const flows = allFlows.filter(
    (f) => f.description?.startsWith(flowMark) || names("authentication-flow").has(f.alias ?? ""),
  );
  const upstreams = providers.filter(
    (p) => p.config?.[ownerKey] === owner || names("identity-provider").has(p.alias ?? ""),
  );
  return {
    realm: found,
    profile,
    defaultRights,
    clientNames: new Map(allClients.map((c) => [c.id ?? "", c.clientId ?? ""])),
    clients: await inTurns(clients, async (c) => ({ ...c, scopes: await scopesOf(read, realm, c.client.id ?? "") })),
    flows: await inTurns(flows, async (flow) => ({
      flow,
      executions: await read("a flow", (kc) =>
        kc.authenticationManagement.getExecutions({ realm, flow: flow.alias ?? "" }),
      ),
    })),
    upstreams: await inTurns(upstreams, async (provider) => ({
      provider,
      mappers: await read("mappers", (kc) => kc.identityProviders.findMappers({ realm, alias: provider.alias ?? "" })),
    })),
    organizations,
  };
}

const pageSize = 100;

/** All pages: Keycloak's defaults would give 10 organizations and 100 IdPs and say nothing. */
async function pages<T>(read: (page: { first: number; max: number }) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    // Brief ones would come without attributes and config, and with them without their markers.
    const some = await read({ first: all.length, max: pageSize, ...{ briefRepresentation: false } });
    all.push(...some);
    if (some.length < pageSize) return all;
  }
}

/** Four at a time: quicker than one by one, and no strain on the server. */
async function inTurns<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const out: R[] = [];
  for (let at = 0; at < list.length; at += 4) out.push(...(await Promise.all(list.slice(at, at + 4).map(work))));
  return out;
}
