import { expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, formatPlan, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { reached } from "../own-keycloak.ts";

const realm = "losing";
const server = reached(inject("keycloak"));
const deps = { clock: systemClock, random: systemRandom };

const planned = (sections: object) => {
  const loaded = loadRealms(
    [{ file: "r.yaml", text: JSON.stringify({ kind: "Realm", realm, ...sections }) }],
    () => "x",
  );
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded));
  return planRealm(spec, server.connection, deps);
};
const apply = async (sections: object) =>
  expect(await applyRealm(await planned(sections))).toMatchObject({ outcome: "applied" });
const roles = { realm: { reader: {}, given: {} } };
const before = {
  ...{ roles, clientScopes: { billing: {} }, upstreams: [] },
  groups: { a: { roles: { realm: ["reader"] }, groups: { team: {} } }, c: {} },
};

it("a plan says who in a real Keycloak loses what, and says nothing of it once that is done", async () => {
  const { admin } = server;
  await apply(before);
  const groups = await admin.list(`/${realm}/groups?search=team`);
  const [team] = (groups[0]?.["subGroups"] ?? []) as { id: string }[];
  const [role] = (await admin.list(`/${realm}/roles`)).filter(({ name }) => name === "given");
  for (const username of ["ann", "bob"]) {
    const id = await admin.call("POST", `/${realm}/users`, { username, enabled: true });
    await admin.call("PUT", `/${realm}/users/${String(id)}/groups/${team?.id}`);
    await admin.call("POST", `/${realm}/users/${String(id)}/role-mappings/realm`, [role]);
  }
  await admin.call("POST", `/${realm}/clients`, { clientId: "theirs", defaultClientScopes: ["basic", "billing"] });
  const after = {
    ...{ roles: { realm: { reader: {} } }, upstreams: [] },
    groups: { a: { roles: { realm: ["reader"] } }, c: { groups: { team: {} } } },
  };
  const { plan } = await planned(after);
  expect(plan.remarks).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /group \/a\/team goes, and 2 people in it lose what it gives: reader\. Nobody of them is in \/c\/team/,
      ),
      expect.stringMatching(
        /client scope billing goes, and these clients, which no step of this plan names, lose it: theirs\./,
      ),
      expect.stringMatching(/role given goes, and 2 accounts/),
    ]),
  );
  expect(formatPlan(plan)).toContain("! group /a/team goes, and 2 people");
  // What the remark advises keeps them.
  const [c] = (await admin.list(`/${realm}/groups`)).filter(({ name }) => name === "c");
  await admin.call("POST", `/${realm}/groups/${String(c?.["id"])}/children`, { ...team, name: "team" });
  const moved = (await planned(after)).plan;
  expect(moved.steps.filter(({ kind }) => kind === "group")).toEqual([]);
  await apply(after);
  expect((await planned(after)).plan).not.toHaveProperty("remarks");
  expect(await admin.list(`/${realm}/groups/${team?.id}/members`)).toHaveLength(2);
});

it("a file whose realm was renamed says what stays in the old one, which stays", async () => {
  const named = (name: string) => {
    const text = JSON.stringify({ kind: "Realm", realm: name, settings: { enabled: true } });
    const loaded = loadRealms([{ file: "folder/named.yaml", text }], () => "x");
    const [spec] = loaded.ok ? loaded.value : [];
    if (spec === undefined) throw new Error(JSON.stringify(loaded));
    return planRealm(spec, server.connection, { ...deps, inFiles: [name] });
  };
  await applyRealm(await named("old-name"), { lease: { holder: "tester@here", ...deps } });
  const { plan } = await named("new-name");
  expect(plan.remarks).toEqual([
    expect.stringMatching(/^realm old-name was made by named\.yaml and is in no file any more/),
  ]);
  expect((await applyRealm(await named("new-name"))).outcome).toBe("applied");
  expect(await server.admin.get("/old-name")).toMatchObject({ enabled: true });
});
