import type AuthenticationFlowRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationFlowRepresentation.js";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type OrganizationRepresentation from "@keycloak/keycloak-admin-client/lib/defs/organizationRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { UserProfileConfig } from "@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js";
import type UserRepresentation from "@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js";
import { type RealmAccess, type Representation, textOf } from "./access.ts";

// Without it attributes and config are left out. The client sends it, and has no type for it everywhere.
const full = { briefRepresentation: false };

/** All clients of a realm, with their secrets in clear. */
export const clientsOf = (at: RealmAccess): Promise<readonly ClientRepresentation[]> =>
  at.list("clients", ({ clients }, realm) => clients.find({ realm }));

/** All client scopes of a realm. */
export const clientScopesOf = (at: RealmAccess): Promise<readonly ClientScopeRepresentation[]> =>
  at.list("client scopes", ({ clientScopes }, realm) => clientScopes.find({ realm }));

// The client's type for these says that they take nothing.
const asked = (realm: string) => ({ realm }) as never;

/** Names of the scopes that a realm gives to new clients of a protocol: always, or when they are asked for. */
export async function scopesOfRealm(at: RealmAccess, protocol: string) {
  const names = (scopes: readonly ClientScopeRepresentation[]) =>
    scopes.flatMap((scope) => (scope.protocol === protocol ? [textOf(scope.name)] : []));
  const [always, whenAsked] = await Promise.all([
    at.list("default client scopes", ({ clientScopes }, realm) => clientScopes.listDefaultClientScopes(asked(realm))),
    at.list("optional client scopes", ({ clientScopes }, realm) =>
      clientScopes.listDefaultOptionalClientScopes(asked(realm)),
    ),
  ]);
  return { always: names(always), whenAsked: names(whenAsked) };
}

/** All roles of a realm, without those of its clients. */
export const realmRolesOf = (at: RealmAccess): Promise<readonly RoleRepresentation[]> =>
  at.list("roles", ({ roles }, realm) => roles.find({ realm, ...full }));

/** All flows that stand for themselves. */
export const flowsOf = (at: RealmAccess): Promise<readonly AuthenticationFlowRepresentation[]> =>
  at.list("flows", ({ authenticationManagement }, realm) => authenticationManagement.getFlows({ realm }));

/** All identity providers, their secrets masked, with the organization that each belongs to. */
export const identityProvidersOf = (at: RealmAccess): Promise<readonly IdentityProviderRepresentation[]> =>
  at.pages("identity providers", ({ identityProviders }, page) => identityProviders.find({ ...page, ...full }));

/** By what an organization is called: of one that is older than its alias, its name. */
export const aliasOf = ({ alias, name }: OrganizationRepresentation): string => textOf(alias) || textOf(name);

/** All organizations, by their names and ids. */
export const organizationsListed = (at: RealmAccess): Promise<readonly OrganizationRepresentation[]> =>
  at.pages("organizations", ({ organizations }, page) => organizations.find({ ...page, ...full }));

/** All organizations with their domains and attributes. Keycloak 26.0 lists none with attributes: each is read alone there. */
export async function organizationsOf(at: RealmAccess): Promise<readonly OrganizationRepresentation[]> {
  const read = (await organizationsListed(at)).map(async (one) => {
    if (one.attributes !== undefined) return one;
    const id = textOf(one.id);
    // One that went meanwhile is not there.
    return (await at.one("organization", ({ organizations }, realm) => organizations.findOne({ realm, id }))) ?? [];
  });
  return (await Promise.all(read)).flat();
}

/** All people of a realm, or those who ever came through one identity provider. Accounts of clients do not count. */
export const peopleOf = (
  at: RealmAccess,
  idpAlias?: string,
  { attributes = false } = {},
): Promise<readonly UserRepresentation[]> => {
  const query = { briefRepresentation: !attributes, ...(idpAlias !== undefined && { idpAlias }) };
  return at.pages("people", ({ users }, page) => users.find({ ...page, ...query }));
};

/** All workflows of a realm; none where this Keycloak does not know any. */
export const workflowsOf = (at: RealmAccess): Promise<readonly Representation[]> =>
  at.pages("workflows", ({ realms }, page) =>
    realms.makeRequest<typeof page, Representation[]>({
      ...{ method: "GET", path: "/{realm}/workflows", urlParamKeys: ["realm"], queryParamKeys: ["first", "max"] },
    })(page),
  );

/** What people are described by. */
export const profileOf = async (at: RealmAccess): Promise<UserProfileConfig> =>
  (await at.one("user profile", ({ users }, realm) => users.getProfile({ realm }))) ?? {};
