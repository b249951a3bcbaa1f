import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type OrganizationRepresentation from "@keycloak/keycloak-admin-client/lib/defs/organizationRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { Identity, Plain, PlainMap, Resource } from "../reconcile/index.ts";
import type { ComponentKey } from "./component-key.ts";
import type { GroupPath } from "./group-path.ts";
import type { RoleKey, RoleOwner } from "./role-name.ts";

/** Key of something that has a name within its owner, such as a mapper of a client. */
export type OwnedKey = readonly [owner: string, name: string];

/**
 * Every kind of object in a realm, with the shape of its keys. A kind that stands here and has no declaration in `kinds/`
 * does not compile.
 */
export interface RealmKeys {
  /** The realm's name; there is one of each. */
  readonly realm: string;
  readonly "flow-bindings": string;
  /** The name of the attribute; of settings and order, `profile`. */
  readonly "profile-attribute": string;
  readonly "profile-builtin": string;
  readonly "profile-permission": string;
  readonly "profile-settings": string;
  readonly "profile-order": string;
  readonly "default-right": RoleKey;
  readonly "realm-role": string;
  readonly "client-role": OwnedKey;
  /** The client whose account it is. */
  readonly "service-account": string;
  readonly "service-account-group": readonly [client: string, group: GroupPath];
  readonly "service-account-role": readonly [client: string, owner: RoleOwner, role: string];
  readonly group: GroupPath;
  readonly "default-group": GroupPath;
  readonly "authentication-flow": string;
  /** One that comes with every realm. */
  readonly "builtin-flow": string;
  readonly "required-action": string;
  /** The locale. */
  readonly localization: string;
  readonly component: ComponentKey;
  readonly "client-scope": string;
  readonly "client-scope-mapper": OwnedKey;
  /** The client scope: its scope mappings. */
  readonly "client-scope-role-scope": string;
  /** The name of the scope. */
  readonly "default-client-scope": string;
  readonly "identity-provider": string;
  readonly "upstream-mapper": OwnedKey;
  readonly organization: string;
  /** Organization and alias of the identity provider. */
  readonly "organization-upstream": OwnedKey;
  /** Organization and path within it. */
  readonly "organization-group": readonly [organization: string, group: GroupPath];
  readonly client: string;
  readonly "client-mapper": OwnedKey;
  /** The client: its scope mappings. */
  readonly "client-role-scope": string;
  readonly workflow: string;
  readonly "client-profile": string;
  readonly "client-policy": string;
  /** Client and scope. */
  readonly "client-scope-assignment": OwnedKey;
  /** The client that has authorization services. */
  readonly "authorization-settings": string;
  readonly "authorization-scope": OwnedKey;
  readonly "authorization-resource": OwnedKey;
  /** A policy or a permission: their names are one set. */
  readonly "authorization-policy": OwnedKey;
}

/** Name of a kind of object in a realm. */
export type KindName = keyof RealmKeys;

/** What an object of a realm is called: its kind, and a key of that kind's shape. */
export type RealmIdentity<N extends KindName = KindName> = {
  [Name in N]: Identity<RealmKeys[Name]> & { readonly kind: Name };
}[N];

/** Fields of one of Keycloak's representations as plain values; `null` takes one away. */
export type FieldsOf<Representation> = { readonly [F in keyof Representation]?: Plain };

/** The representations whose fields are known by name from the file to the write; `raw` may add what they do not list. */
interface Representations {
  readonly realm: RealmRepresentation;
  readonly client: ClientRepresentation;
  readonly "client-scope": ClientScopeRepresentation;
  readonly "identity-provider": IdentityProviderRepresentation;
  readonly organization: OrganizationRepresentation;
}

/** The fields of a kind. */
export type RealmFields<N extends KindName> = N extends keyof Representations ? FieldsOf<Representations[N]> : PlainMap;

/** An object of a kind as it is wanted. */
export type Wanted<N extends KindName = KindName> = Resource<RealmKeys[N]> & { readonly fields: RealmFields<N> };

/** An object that a realm shall have. */
export type RealmResource<N extends KindName = KindName> = {
  [Name in N]: Wanted<Name> & { readonly kind: Name; readonly dependsOn?: readonly RealmIdentity[] };
}[N];
