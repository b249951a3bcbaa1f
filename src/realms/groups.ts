import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import { type RealmAccess, textOf } from "./access.ts";
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
