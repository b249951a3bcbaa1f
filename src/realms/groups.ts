import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import { type RealmAccess, textOf } from "./access.ts";

/**
 * Groups in one list, each with its path. Children are read of the given parents only, one request for each: below
 * every group of a large realm it would be thousands. With `all`, wherever Keycloak counts children.
 */
export async function readGroups(
  at: RealmAccess,
  parents: ReadonlySet<string>,
  all: boolean,
): Promise<readonly GroupRepresentation[]> {
  // Counting children is what makes the listing slow; who knows the parents need not ask. The client has no type for it.
  const query = { briefRepresentation: false, subGroupsCount: all };
  const below = async (groups: readonly GroupRepresentation[]): Promise<GroupRepresentation[]> => {
    const deeper = groups.filter((g) => (all ? g.subGroupCount !== 0 : parents.has(textOf(g.path))));
    const children = await Promise.all(
      deeper.map(async ({ id: parentId = "" }) =>
        below(await at.pages("groups", (client, page) => client.groups.listSubGroups({ ...page, ...query, parentId }))),
      ),
    );
    return [...groups, ...children.flat()];
  };
  return below(await at.pages("groups", (client, page) => client.groups.find({ ...page, ...query })));
}
