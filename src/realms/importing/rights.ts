import type { PlainMap } from "../../reconcile/index.ts";
import { splitKey, texts } from "../kinds/kind.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** Roles `realm <role>` and `<client> <role>` as the file groups them. */
export function roleNames(names: readonly string[]): Record<string, unknown> {
  const realm: string[] = [];
  const clients: Record<string, string[]> = {};
  for (const name of [...names].sort()) {
    const [owner, role] = splitKey(name);
    if (owner === "realm") realm.push(role);
    else clients[owner] = [...(clients[owner] ?? []), role];
  }
  return written({ realm, clients });
}

/** `roles` of the file. */
export function rolesOf(source: ImportSource): Record<string, unknown> {
  const byDefault = `default-roles-${source.realm.toLowerCase()}`;
  const clients: Record<string, Record<string, unknown>> = {};
  for (const [key, fields] of source.of("client-role")) {
    const [client, role] = splitKey(key);
    clients[client] = { ...clients[client], [role]: roleOf(fields) };
  }
  const realm = [...source.of("realm-role")].filter(([name]) => name !== byDefault);
  return written({
    realm: Object.fromEntries(realm.map(([name, fields]) => [name, roleOf(fields)])),
    clients,
    everybody: roleNames(heldByEverybody(source, byDefault)),
  });
}

function roleOf(fields: PlainMap): Record<string, unknown> {
  const { taken, rest } = pick(fields, "name", "description", "composites", "attributes");
  return written({
    description: taken["description"],
    composites: taken["composites"] === undefined ? undefined : roleNames(texts(taken["composites"])),
    attributes: taken["attributes"],
    raw: rest,
  });
}

/** What the realm's default role holds that Keycloak did not put there. */
function heldByEverybody(source: ImportSource, byDefault: string): readonly string[] {
  const held = (role: PlainMap | undefined) => texts(role?.["composites"]);
  const now = held(source.whole("realm-role").get(byDefault));
  const own = held(source.builtin("realm-role", byDefault));
  for (const name of own.filter((one) => !now.includes(one))) source.leave(`that nobody has "${name}" by default`);
  return now.filter((name) => !own.includes(name));
}

/** `groups` of the file: a tree. */
export function groupsOf(source: ImportSource): Record<string, unknown> {
  const defaults = new Set(source.whole("default-group").keys());
  const all = [...source.whole("group")];
  const below = (parent: string): Record<string, unknown> =>
    Object.fromEntries(
      all
        .filter(([key]) => key.slice(0, key.lastIndexOf("/")) === parent)
        .map(([key, fields]) => {
          const { taken, rest } = pick(fields, "name", "attributes", "realmRoles", "clientRoles");
          const roles = [...texts(taken["realmRoles"]).map((role) => `realm ${role}`), ...texts(taken["clientRoles"])];
          const entry = {
            attributes: taken["attributes"],
            roles: roles.length === 0 ? undefined : roleNames(roles),
            default: defaults.has(key) || undefined,
            raw: rest,
            groups: below(key),
          };
          return [key.slice(parent.length + 1), written(entry)];
        }),
    );
  return below("");
}
