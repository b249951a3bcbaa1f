import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { groupPath, parseGroupPath } from "../../../src/realms/group-path.ts";
import { defaultGroupsOf, groupIdOf, groupKeyOf } from "../../../src/realms/groups.ts";
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
const client = {
  groups: {
    find: async ({ search }: { search: string }) => under(undefined, search),
    listSubGroups: async ({ parentId, search }: { parentId: string; search: string }) => under(parentId, search),
    findOne: async ({ id }: { id: string }) => groups.find((one) => one.id === id),
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
