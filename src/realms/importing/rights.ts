import type { PlainMap } from "../../reconcile/index.ts";
import type { GroupPath } from "../group-path.ts";
import { defaultGroupKind, groupKind } from "../kinds/group.ts";
import { texts } from "../kinds/kind.ts";
import { clientRoleKind, readRoleName, realmRoleKind } from "../kinds/role.ts";
import { formatRole, type RoleName } from "../role-name.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** Roles as the file groups them. */
export function roleNames(names: readonly RoleName[]): Record<string, unknown> {
  const realm: string[] = [];
  const clients: Record<string, string[]> = {};
  const byText = new Map(names.map((name) => [formatRole(name), name]));
  for (const [, { client, role }] of [...byText].sort()) {
    if (client === undefined) realm.push(role);
    else clients[client] = [...(clients[client] ?? []), role];
  }
  return written({ realm, clients });
}

/** `roles` of the file. */
export function rolesOf(source: ImportSource): Record<string, unknown> {
  const byDefault = `default-roles-${source.realm.toLowerCase()}`;
  const clients: Record<string, Record<string, unknown>> = {};
  for (const { key, fields } of source.changed(clientRoleKind).values()) {
    const [client, role] = key;
    clients[client] = { ...clients[client], [role]: roleOf(fields) };
  }
  const realm = [...source.changed(realmRoleKind).values()].filter(({ key }) => key !== byDefault);
  return written({
    realm: Object.fromEntries(realm.map(({ key, fields }) => [key, roleOf(fields)])),
    clients,
    everybody: roleNames(heldByEverybody(source, byDefault).map(readRoleName)),
  });
}

function roleOf(fields: PlainMap): Record<string, unknown> {
  const { taken, rest } = pick(fields, "name", "description", "composites", "attributes");
  return written({
    description: taken["description"],
    composites: taken["composites"] === undefined ? undefined : roleNames(texts(taken["composites"]).map(readRoleName)),
    attributes: taken["attributes"],
    raw: rest,
  });
}

/** What the realm's default role holds that Keycloak did not put there. */
function heldByEverybody(source: ImportSource, byDefault: string): readonly string[] {
  const held = (role: PlainMap | undefined) => texts(role?.["composites"]);
  const now = held(source.all(realmRoleKind).get(byDefault)?.fields);
  const own = held(source.builtin(realmRoleKind, byDefault));
  for (const name of own.filter((one) => !now.includes(one))) source.leave(`that nobody has "${name}" by default`);
  return now.filter((name) => !own.includes(name));
}

/** `groups` of the file: a tree. */
export function groupsOf(source: ImportSource): Record<string, unknown> {
  const defaults = new Set(source.all(defaultGroupKind).keys());
  const all = [...source.all(groupKind)];
  const isIn = ({ path }: GroupPath, parent: readonly string[]) =>
    path.length === parent.length + 1 && parent.every((name, i) => path[i] === name);
  const below = (parent: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(
      all
        .filter(([, { key }]) => isIn(key, parent))
        .map(([text, { key, fields }]) => {
          const { taken, rest } = pick(fields, "name", "attributes", "realmRoles", "clientRoles");
          const roles = [
            ...texts(taken["realmRoles"]).map((role) => ({ role })),
            ...texts(taken["clientRoles"]).map(readRoleName),
          ];
          const entry = {
            attributes: taken["attributes"],
            roles: roles.length === 0 ? undefined : roleNames(roles),
            default: defaults.has(text) || undefined,
            raw: rest,
            groups: below(key.path),
          };
          return [key.path.at(-1) ?? "", written(entry)];
        }),
    );
  return below([]);
}
