import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { realmAccess } from "../../../src/realms/access.ts";
import { changedBy } from "../../../src/realms/changed-objects.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { groupPath, parseGroupPath } from "../../../src/realms/group-path.ts";
import {
  defaultGroupsOf,
  groupIdOf,
  groupKeyOf,
  organizationGroupIdOf,
  readOrganizationGroups,
} from "../../../src/realms/groups.ts";
import { formatKey } from "../../../src/reconcile/index.ts";

/** Groups as Keycloak tells of them: a slash in a name stands in the path as one between names. */
const groups = [
  { id: "1", name: "a/b", path: "/a/b" },
  { id: "2", name: "a", path: "/a" },
  { id: "3", name: "b", path: "/a/b", parentId: "2" },
  { id: "4", name: "b/c", path: "/a/b/c", parentId: "2" },
  { id: "5", name: "c", path: "/a/b/c", parentId: "3" },
];
const under = (parent: string | undefined, search: string) =>
  groups.filter((one) => one.parentId === parent && one.name === search);
const counted = <G extends { readonly id: string }>(group: G) => ({
  ...group,
  subGroupCount: groups.filter(({ parentId }) => parentId === group.id).length,
});
const client = {
  groups: {
    find: async ({ search }: { search: string }) => under(undefined, search),
    listSubGroups: async ({ parentId, search }: { parentId: string; search: string }) => under(parentId, search),
    findOne: async ({ id }: { id: string }) => groups.find((one) => one.id === id),
  },
  // As Keycloak does it: whole on top, brief below, and by a name it finds groups of any depth.
  organizations: {
    find: async () => [{ id: "o", alias: "acme" }],
    groups: () => ({
      find: async () => groups.filter(({ parentId }) => parentId === undefined).map(counted),
      listSubGroups: async ({ parentId }: { parentId: string }) =>
        groups.filter((one) => one.parentId === parentId).map(({ id, name }) => counted({ id, name })),
      findOne: async ({ id }: { id: string }) => groups.find((one) => one.id === id),
    }),
  },
  realms: { getDefaultGroups: async () => groups.filter(({ id }) => ["1", "3", "5"].includes(id)) },
} as unknown as KeycloakAdminClient;
const keycloak: Keycloak = {
  call: async (_operation, _manner, request) => (await request(client)) ?? undefined,
  ...{ forgetToken: () => {}, nonce: () => "n", sent: () => 0 },
};
const at = realmAccess(keycloak, "x");

describe("a group whose name has a slash in it", () => {
  it("is not the group that Keycloak's path of it means, too", async () => {
    const names = [["a/b"], ["a", "b"], ["a", "b/c"], ["a", "b", "c"]];
    const ids = await Promise.all(names.map((path) => groupIdOf(at, "find", groupPath(...path))));
    expect(ids).toEqual(["1", "3", "4", "5"]);
    await expect(groupIdOf(at, "find", groupPath("a/b", "c"))).rejects.toThrow('there is no group "/"a/b"/c"');
  });

  it("has the names that lead to it, by its id", async () => {
    const keys = await Promise.all(groups.map(({ id }) => groupKeyOf(at, id)));
    expect(keys.map((key) => key && formatKey(key))).toEqual(['/"a/b"', "/a", "/a/b", '/a/"b/c"', "/a/b/c"]);
    expect(await groupKeyOf(at, "gone")).toBeUndefined();
  });

  it("is a default group beside the other of its path", async () => {
    expect((await defaultGroupsOf(at)).map(({ key, id }) => [formatKey(key), id])).toEqual([
      ...[
        ['/"a/b"', "1"],
        ["/a/b", "3"],
        ["/a/b/c", "5"],
      ],
    ]);
  });

  it("stands in quotes where a file names a path", () => {
    expect(parseGroupPath('"a/b"/c')).toEqual(groupPath("a/b", "c"));
    expect(parseGroupPath("/a/b")).toEqual(groupPath("a", "b"));
    expect(parseGroupPath('half"quoted')).toEqual(groupPath('half"quoted'));
  });
});

describe("groups of an organization", () => {
  it("are read in full, each with the names that lead to it", async () => {
    const found = await readOrganizationGroups(at, [{ alias: "acme", id: "o" }]);
    const told = found.map(({ organization, orgId, key, group }) => [organization, orgId, formatKey(key), group.path]);
    expect(told.sort()).toEqual([
      ["acme", "o", '/"a/b"', "/a/b"],
      ["acme", "o", "/a", "/a"],
      ["acme", "o", '/a/"b/c"', "/a/b/c"],
      ["acme", "o", "/a/b", "/a/b"],
      ["acme", "o", "/a/b/c", "/a/b/c"],
    ]);
  });

  it("are found name by name", async () => {
    const idOf = (...path: string[]) => organizationGroupIdOf(at, "find", "o", groupPath(...path));
    expect([await idOf("a/b"), await idOf("a", "b"), await idOf("a", "b", "c")]).toEqual(["1", "3", "5"]);
    await expect(idOf("b")).rejects.toThrow('there is no group "/b" of its organization');
  });

  it("are what an event speaks of, a new one by the id that was sent", async () => {
    const told = async (operationType: string, below: string, sent: object = {}) => {
      const event = {
        operationType,
        resourceType: "ORGANIZATION_GROUP",
        resourcePath: `organizations/o/groups${below}`,
      };
      return changedBy(at)({ ...event, representation: JSON.stringify(sent) });
    };
    const group = [{ kind: "organization-group", key: ["acme", groupPath("a", "b")] }];
    expect(await told("UPDATE", "/3")).toEqual(group);
    expect(await told("CREATE", "/2/children", { id: "3" })).toEqual(group);
    expect(await told("DELETE", "/9")).toEqual([]);
  });
});
