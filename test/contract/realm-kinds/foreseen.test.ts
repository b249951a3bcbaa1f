import { describe, expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, formatApplied, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { reached } from "../own-keycloak.ts";

// What Keycloak would refuse in the middle of an apply, and the plan knows: nothing of it is begun.

const realm = "foreseen";
const server = reached(inject("keycloak"));
const deps = { clock: systemClock, random: systemRandom };

function planned(sections: object) {
  const text = JSON.stringify({ kind: "Realm", realm, settings: { enabled: true }, ...sections });
  const loaded = loadRealms([{ file: "realm.yaml", text }], () => "x");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded));
  return planRealm(spec, server.connection, deps);
}
const conflictsOf = async (sections: object) => (await planned(sections)).plan.conflicts;
async function apply(sections: object): Promise<void> {
  const applied = await applyRealm(await planned(sections));
  expect(applied.outcome, formatApplied(applied)).toBe("applied");
}
const flow = (name: string, inner: string, config = `${name} redirector`) => ({
  [name]: {
    steps: [
      { flow: inner, requirement: "alternative", steps: [{ does: "auth-cookie", requirement: "alternative" }] },
      {
        ...{ does: "identity-provider-redirector", requirement: "alternative" },
        config: { alias: config, settings: { defaultProvider: "x" } },
      },
    ],
  },
});
const organizations = (...domains: string[]) => [{ id: "ours", name: "Ours", domains }];
const groups = { a: { groups: { b: {} } } };

describe("a plan", () => {
  it("sees, for a realm that is not there, names that Keycloak's own flows will have", async () => {
    expect(await conflictsOf({ flows: flow("mine", "forms") })).toEqual([
      {
        ...{ kind: "authentication-flow", key: "mine" },
        because: 'needs the name "forms" of a flow, which the flow "browser" has within it: write another name',
      },
    ]);
    await apply({ flows: flow("mine", "inner"), organizations: organizations("o.example"), groups });
  }, 120_000);

  it("sees names in flows of others, and in one of ours that goes only when the new one is built", async () => {
    const kept = { organizations: organizations("o.example"), groups };
    const because = (name: string) =>
      `needs the name ${name}, which the flow "mine", which goes, has within it: write another name`;
    expect(await conflictsOf({ ...kept, flows: flow("yours", "inner") })).toMatchObject([
      { key: "yours", because: because('"inner" of a flow') },
    ]);
    expect(await conflictsOf({ ...kept, flows: flow("yours", "other", "mine redirector") })).toMatchObject([
      { key: "yours", because: because('"mine redirector" of a configuration') },
    ]);
    expect(await conflictsOf({ ...kept, flows: flow("yours", "other") })).toEqual([]);
    expect(await conflictsOf({ ...kept, flows: flow("mine", "other") })).toEqual([]);
  }, 120_000);

  it("sees a domain of somebody else's organization", async () => {
    const { admin } = server;
    const theirs = { name: "Theirs", alias: "theirs", domains: [{ name: "t.example" }] };
    await admin.call("POST", `/${realm}/organizations`, theirs);
    const kept = { flows: flow("mine", "inner"), groups };
    expect(await conflictsOf({ ...kept, organizations: organizations("o.example", "t.example") })).toMatchObject([
      {
        key: "ours",
        because: expect.stringContaining('needs the domain t.example, which the organization "theirs" has'),
      },
    ]);
  }, 120_000);

  it("lets a group stay in which somebody made one, and the apply comes to rest", async () => {
    const { admin } = server;
    const [a] = await admin.list(`/${realm}/groups?search=b`);
    const [b] = (a?.["subGroups"] ?? []) as { id: string }[];
    await admin.call("POST", `/${realm}/groups/${b?.id}/children`, { name: "theirs" });
    const without = { flows: flow("mine", "inner"), organizations: organizations("o.example") };
    const { plan } = await planned(without);
    expect(plan.steps).toEqual([]);
    expect(plan.kept.map(({ key, because }) => `${key}: ${because}`).sort()).toEqual([
      "/a/b: it holds group /a/b/theirs, which we did not make",
      "/a: it holds group /a/b, which stays",
    ]);
    await apply(without);
    expect(await admin.list(`/${realm}/groups/${b?.id}/children`)).toMatchObject([{ name: "theirs" }]);
  }, 120_000);
});
