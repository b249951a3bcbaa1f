import type { PlainMap } from "../../reconcile/index.ts";
import type { GroupPath } from "../group-path.ts";
import { defaultGroupKind, groupKind, organizationGroupKind } from "../kinds/group.ts";
import { texts } from "../kinds/kind.ts";
import { realmKind } from "../kinds/realm.ts";
import { clientRoleKind, readRoleName, realmRoleKind } from "../kinds/role.ts";
import { formatRole, type RoleName } from "../role-name.ts";
import { type ImportSource, pick, takenAway, written } from "./source.ts";

/** Roles as the file groups them. */
export function roleNames(names: readonly RoleName[]): Record<string, unknown> {
  const realm: string[] = [];
  const clients = new Map<string, string[]>();
  const byText = new Map(names.map((name) => [formatRole(name), name]));
  for (const [, { client, role }] of [...byText].sort()) {
    if (client === undefined) realm.push(role);
    else clients.set(client, [...(clients.get(client) ?? []), role]);
  }
  return written({ realm, clients: Object.fromEntries(clients) });
}

/** `roles` of the file. */
export function rolesOf(source: ImportSource): Record<string, unknown> {
  const byDefault = defaultRoleOf(source);
  const { more, less } = heldByEverybody(source, byDefault);
  const clients = new Map<string, [role: string, entry: unknown][]>();
  for (const { key, fields } of source.changed(clientRoleKind).values()) {
    const [client, role] = key;
    clients.set(client, [...(clients.get(client) ?? []), [role, roleOf(fields)]]);
  }
  const realm = [...source.changed(realmRoleKind).values()].flatMap(({ key, fields }) => {
    if (key !== byDefault) return [{ key, fields }];
    // What it holds is what everybody has.
    const { composites: _everybody, ...more } = fields;
    return Object.keys(more).length > 0 ? [{ key, fields: more }] : [];
  });
  return written({
    realm: Object.fromEntries(realm.map(({ key, fields }) => [key, roleOf(fields)])),
    clients: Object.fromEntries([...clients].map(([client, entries]) => [client, Object.fromEntries(entries)])),
    everybody: roleNames(more.map(readRoleName)),
    nobody: roleNames(less.map(readRoleName)),
  });
}

function roleOf(fields: PlainMap): Record<string, unknown> {
  const { taken, rest } = pick(fields, "name", "description", "composites", "attributes");
  return written({
    description: taken["description"],
    composites: taken["composites"] === undefined ? undefined : roleNames(texts(taken["composites"]).map(readRoleName)),
    attributes: taken["attributes"],
    raw: { ...rest, ...takenAway(taken) },
  });
}

/** Name of the role that everybody has; a realm of long ago may call it anything. */
export function defaultRoleOf(source: ImportSource): string {
  const { name } = (source.all(realmKind).get(source.realm)?.fields["defaultRole"] ?? {}) as PlainMap;
  return typeof name === "string" ? name : `default-roles-${source.realm.toLowerCase()}`;
}

/** What the realm's default role holds that Keycloak did not put there, and what it lacks of that. */
function heldByEverybody(source: ImportSource, byDefault: string) {
  const held = (role: PlainMap | undefined) => texts(role?.["composites"]);
  const now = held(source.all(realmRoleKind).get(byDefault)?.fields);
  const usual = `default-roles-${source.realm.toLowerCase()}`;
  const own = held(source.builtin(realmRoleKind, usual));
  if (byDefault !== usual) source.leave(`that the role that everybody has is called ${byDefault}`);
  // A role that is gone nobody holds anyway.
  const there = new Set([...source.all(realmRoleKind).values(), ...source.all(clientRoleKind).values()].map(nameOf));
  return {
    more: now.filter((name) => !own.includes(name)),
    less: own.filter((name) => !now.includes(name) && there.has(name)),
  };
}

const nameOf = ({ key }: { readonly key: string | readonly [client: string, role: string] }): string =>
  formatRole(typeof key === "string" ? { role: key } : { client: key[0], role: key[1] });

/** `groups` of the file: a tree. */
export function groupsOf(source: ImportSource): Record<string, unknown> {
  const defaults = new Set(source.all(defaultGroupKind).keys());
  return treeOf(
    [...source.all(groupKind)].map(([text, { key, fields }]) => ({ key, fields, byDefault: defaults.has(text) })),
  );
}

/** `groups` of an organization. */
export const organizationGroupsOf = (source: ImportSource, organization: string): Record<string, unknown> =>
  treeOf(
    source.ownedBy(organizationGroupKind, organization).map(({ key: [, key], fields }) => {
      return { key, fields, byDefault: false };
    }),
  );

/** A group that was found. */
interface FoundGroup {
  readonly key: GroupPath;
  readonly fields: PlainMap;
  readonly byDefault: boolean;
}

function treeOf(groups: readonly FoundGroup[]): Record<string, unknown> {
  const byParent = Map.groupBy(groups, ({ key }) => JSON.stringify(key.path.slice(0, -1)));
  const below = (parent: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(
      (byParent.get(JSON.stringify(parent)) ?? []).map(({ key, fields, byDefault }) => {
        const { taken, rest } = pick(fields, "name", "attributes", "realmRoles", "clientRoles");
        const roles = [
          ...texts(taken["realmRoles"]).map((role) => ({ role })),
          ...texts(taken["clientRoles"]).map(readRoleName),
        ];
        const entry = {
          attributes: taken["attributes"],
          roles: roles.length === 0 ? undefined : roleNames(roles),
          default: byDefault || undefined,
          raw: rest,
          groups: below(key.path),
        };
        return [key.path.at(-1) ?? "", written(entry)];
      }),
    );
  return below([]);
}
