import { type Kind, texts } from "../kinds/kind.ts";
import { readRoleName } from "../kinds/role.ts";
import { administers } from "../role-name.ts";
import { roleNames } from "./rights.ts";
import { type ImportSource, written } from "./source.ts";

/** The roles that its tokens may carry, and whether some of them administer the realm. */
export function scopeMappingsOf(
  source: ImportSource,
  kind: Kind<"client-role-scope" | "client-scope-role-scope">,
  owner: string,
): Record<string, unknown> {
  const roles = texts(source.changed(kind).get(owner)?.fields["roles"]).map(readRoleName);
  return written({
    scopeMappings: roles.length === 0 ? undefined : roleNames(roles),
    allowAdminRoles: roles.some(administers) || undefined,
  });
}
