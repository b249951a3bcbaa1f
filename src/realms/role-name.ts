import { formatKey, parseKey, type Quoted } from "../reconcile/index.ts";
import type { RoleNames } from "./format/vocabulary.ts";

/** A role: of a client, or without one of the realm. */
export interface RoleName {
  readonly client?: string;
  readonly role: string;
}

/** Who has a role, as the first part of a key: the word `realm`, or a client (in quotes, if it is called so). */
export type RoleOwner = string | Quoted;
/** A role as the end of a key. */
export type RoleKey = readonly [owner: RoleOwner, role: string];

/** A role as parts of a key. */
export const roleKey = ({ client, role }: RoleName): RoleKey => [
  client === undefined ? "realm" : client === "realm" ? { quoted: client } : client,
  role,
];

/** The role that parts of a key mean. */
export const roleOf = ([owner, role]: RoleKey): RoleName => {
  if (owner === "realm") return { role };
  return { client: typeof owner === "string" ? owner : owner.quoted, role };
};

/** A role as it stands in fields, which plans show: `realm <role>` or `<client> <role>`. */
export const formatRole = (name: RoleName): string => formatKey(roleKey(name));

/** The role that a text of `formatRole` means; `undefined` for any other text. */
export function parseRole(text: string): RoleName | undefined {
  const parts = parseKey(text, ["name", "name"]);
  return parts && roleOf(parts as RoleKey);
}

/** What the resource behind a role is called. */
type RoleIdentity =
  | { readonly kind: "realm-role"; readonly key: string }
  | { readonly kind: "client-role"; readonly key: readonly [client: string, role: string] };

/** The resource behind a role. */
export const identityOfRole = ({ client, role }: RoleName): RoleIdentity =>
  client === undefined ? { kind: "realm-role", key: role } : { kind: "client-role", key: [client, role] };

/** True for a role that lets its holder administer the realm, or link and unlink accounts of its own (S-36). */
export const administers = ({ client, role }: RoleName): boolean =>
  client === "realm-management" ||
  (client === "account" && ["manage-account", "manage-account-links"].includes(role)) ||
  (client === undefined && ["admin", "create-realm"].includes(role));

/** Roles as a file groups them, as a list. */
export const rolesIn = (roles: RoleNames | undefined): RoleName[] => [
  ...(roles?.realm ?? []).map((role) => ({ role })),
  ...Object.entries(roles?.clients ?? {}).flatMap(([client, names]) => names.map((role) => ({ client, role }))),
];
