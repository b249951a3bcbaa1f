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
  isParent: (found: GroupSnapshot) => boolean,
  all: boolean,
): Promise<readonly GroupSnapshot[]> {
  // Counting children is what makes the listing slow; who knows the parents need not ask. The client has no type for it.
  const query = { briefRepresentation: false, subGroupsCount: all };
  const below = async (above: readonly string[], groups: readonly GroupRepresentation[]): Promise<GroupSnapshot[]> => {
    const found = groups.map((group) => ({ key: groupPath(...above, textOf(group.name)), group }));
    const deeper = found.filter((one) => (all ? one.group.subGroupCount !== 0 : isParent(one)));
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

/** A group of an organization. */
export interface OrganizationGroup extends GroupSnapshot {
  readonly organization: string;
  /** Keycloak's id of the organization. */
  readonly orgId: string;
}

// The client sends it and has no type for it.
const counting = { subGroupsCount: true };

/** All groups of some organizations. A Keycloak that knows no such groups has none. */
export async function readOrganizationGroups(
  at: RealmAccess,
  organizations: readonly { readonly alias: string; readonly id: string }[],
): Promise<readonly OrganizationGroup[]> {
  const ofOne = async (organization: string, orgId: string): Promise<OrganizationGroup[]> => {
    const below = async (
      above: readonly string[],
      groups: readonly GroupRepresentation[],
    ): Promise<GroupSnapshot[]> => {
      const found = groups.map((group) => ({ key: groupPath(...above, textOf(group.name)), group }));
      const children = await Promise.all(
        found
          .filter(({ group }) => group.subGroupCount !== 0)
          .map(async ({ key, group: { id: parentId = "" } }) => below(key.path, await childrenOf(at, orgId, parentId))),
      );
      return [...found, ...children.flat()];
    };
    const top = await at.pages("groups of an organization", ({ organizations: all }, page) =>
      all.groups(orgId).find({ ...page, ...counting, briefRepresentation: false }),
    );
    return (await below([], top)).map((group) => ({ ...group, organization, orgId }));
  };
  return (await Promise.all(organizations.map(({ alias, id }) => ofOne(alias, id)))).flat();
}

/** Groups below one of an organization, in full: Keycloak lists them in brief whatever it is asked for. */
async function childrenOf(at: RealmAccess, orgId: string, parentId: string): Promise<readonly GroupRepresentation[]> {
  const brief = await at.pages("groups of an organization", ({ organizations }, page) =>
    organizations.groups(orgId).listSubGroups({ ...page, ...counting, parentId }),
  );
  const full = await Promise.all(
    brief.map(async ({ id = "", subGroupCount }) => {
      const group = await at.one("group of an organization", ({ organizations }, realm) =>
        organizations.groups(orgId).findOne({ realm, id }),
      );
      return group === undefined ? [] : [{ ...group, ...(subGroupCount !== undefined && { subGroupCount }) }];
    }),
  );
  return full.flat();
}

/** Keycloak's id of a group of an organization, found name by name. Throws `Fault`. */
export async function organizationGroupIdOf(
  at: RealmAccess,
  doing: string,
  orgId: string,
  key: GroupPath,
): Promise<string> {
  let parentId: string | undefined;
  for (const name of key.path) {
    const above = parentId;
    // Asked for a name, Keycloak would answer groups of any depth.
    const found = await at.pages("groups of an organization", ({ organizations }, page) =>
      above === undefined
        ? organizations.groups(orgId).find({ ...page })
        : organizations.groups(orgId).listSubGroups({ ...page, parentId: above }),
    );
    parentId = found.find((group) => group.name === name)?.id;
    if (parentId === undefined) throw missing(doing, `group "${formatKey(key)}" of its organization`);
  }
  return parentId ?? "";
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
