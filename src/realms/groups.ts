import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import { formatKey } from "../reconcile/index.ts";
import { missing, type RealmAccess, textOf } from "./access.ts";
import { type GroupPath, groupPath } from "./group-path.ts";

/** A group with the names that lead to it. */
export interface GroupSnapshot {
  readonly key: GroupPath;
  readonly group: GroupRepresentation;
}

/**
 * Groups in one list, each with its path. Children are read of the given parents only, one request for each: below
 * every group of a large realm it would be thousands. With `all`, wherever Keycloak counts children.
 */
export async function readGroups(
  at: RealmAccess,
  isParent: (key: GroupPath) => boolean,
  all: boolean,
): Promise<readonly GroupSnapshot[]> {
  // Counting children is what makes the listing slow; who knows the parents need not ask. The client has no type for it.
  const query = { briefRepresentation: false, subGroupsCount: all };
  const below = async (above: readonly string[], groups: readonly GroupRepresentation[]): Promise<GroupSnapshot[]> => {
    const found = groups.map((group) => ({ key: groupPath(...above, textOf(group.name)), group }));
    const deeper = found.filter(({ key, group }) => (all ? group.subGroupCount !== 0 : isParent(key)));
    const children = await Promise.all(
      deeper.map(async ({ key, group: { id: parentId = "" } }) => {
        const page = await at.pages("groups", (client, one) =>
          client.groups.listSubGroups({ ...one, ...query, parentId }),
        );
        return below(key.path, page);
      }),
    );
    return [...found, ...children.flat()];
  };
  return below([], await at.pages("groups", (client, page) => client.groups.find({ ...page, ...query })));
}

/** Keycloak's id of a group, found name by name: a path of Keycloak's may mean two groups. Throws `Fault`. */
export async function groupIdOf(at: RealmAccess, doing: string, key: GroupPath): Promise<string> {
  let parentId: string | undefined;
  for (const name of key.path) {
    const query = { search: name, exact: true, parentId: parentId ?? "" };
    const found = await at.pages("groups", ({ groups }, page) =>
      query.parentId === ""
        ? groups.find({ ...page, search: name, exact: true })
        : groups.listSubGroups({ ...page, ...query }),
    );
    parentId = found.find((group) => group.name === name)?.id;
    if (parentId === undefined) throw missing(doing, `group "${formatKey(key)}"`);
  }
  return parentId ?? "";
}

/** The names that lead to a group with this id; `undefined` when it is gone. */
export async function groupKeyOf(at: RealmAccess, id: string): Promise<GroupPath | undefined> {
  const group = await at.one("group", ({ groups }, realm) => groups.findOne({ realm, id }));
  if (group === undefined) return undefined;
  const above = group.parentId === undefined ? groupPath() : await groupKeyOf(at, group.parentId);
  return above && groupPath(...above.path, textOf(group.name));
}

/** A group as it is referred to. */
export interface NamedGroup {
  readonly key: GroupPath;
  readonly id: string;
}

/** Groups of a list that tells their paths only. */
export async function namedGroups(
  at: RealmAccess,
  list: readonly GroupRepresentation[],
): Promise<readonly NamedGroup[]> {
  const found = await Promise.all(
    list.map(async ({ id = "", name = "", path }) => {
      const key = path === `/${name}` ? groupPath(name) : await groupKeyOf(at, id);
      return key === undefined ? [] : [{ key, id }];
    }),
  );
  return found.flat();
}

/** The groups that every new person is put into. */
export const defaultGroupsOf = async (at: RealmAccess): Promise<readonly NamedGroup[]> =>
  namedGroups(at, await at.list("default groups", ({ realms }, realm) => realms.getDefaultGroups({ realm })));
