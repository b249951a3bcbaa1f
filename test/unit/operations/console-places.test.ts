import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listPlaces, listRightsAt } from "../../../src/operations/index.ts";
import { callerOf, personOf, world } from "./console-world.ts";

let w: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  w = await world(`kind: Policy
tenant: acme
sets:
  developer: [{ openstack: { role: member, on: { project: dev } } }]
  reader: [{ openstack: { role: reader, on: { domain: all-projects } } }, { openstack: { role: reader, on: domain } }]
people:
  devs: { from: acme-idp, all: [{ groups: { has: devs } }] }
  seers: { from: acme-idp, all: [{ groups: { has: seers } }] }
grants:
  - { id: dev, give: developer, to: devs, at: [gx1], valid: { until: 2099-01-31 } }
  - { id: see, give: reader, to: seers, at: [gx1] }
`);
  for (const [name, groups] of [
    ["zoe", ["devs"]],
    ["ann", ["devs", "seers"]],
    ["bob", []],
  ] as const)
    await w.remember(personOf(name, groups));
});
afterEach(() => w.stop());

const boss = callerOf("bosses");
const limit = 50;
const dev = { target: "gx1", kind: "project", name: "dev" };
const rights = async (more: object = {}, caller = boss) => {
  const found = await listRightsAt({ tenant: "acme", place: dev, limit, ...more }, w.deps, caller);
  if (!found.ok) return found.refusal.code;
  return found.value.items.map(({ person, role, grant, scope }) => `${person.name}: ${role} by ${grant} on ${scope}`);
};

describe("who has what, by place", () => {
  it("lists every project, and whatever else is given, with how many hold it", async () => {
    const found = await listPlaces({ tenant: "acme", limit }, w.deps, boss);
    expect(found.ok && found.value.items).toEqual([
      { target: "gx1", kind: "project", name: "dev", grants: 2, people: 2 },
      // The operator's own grant rules the domain, too.
      { target: "gx1", kind: "domain", name: "acme", grants: 2, people: 1 },
    ]);
    const searched = await listPlaces({ tenant: "acme", limit, search: "DOMAIN ac" }, w.deps, boss);
    expect(searched.ok && searched.value).toMatchObject({ total: 1, items: [{ kind: "domain" }] });
  });

  it("says of a project each right with its grant and group, also those on all projects", async () => {
    expect(await rights()).toEqual([
      "ann of Acme: member by dev on project acme/dev",
      "ann of Acme: reader by see on projects-of acme",
      "zoe of Acme: member by dev on project acme/dev",
    ]);
    const found = await listRightsAt({ tenant: "acme", place: dev, limit: 1 }, w.deps, boss);
    expect(found.ok && found.value.items[0]).toMatchObject({
      ...{ set: "developer", people: "devs", until: expect.any(Number) },
      conditions: expect.stringContaining("devs"),
    });
  });

  it("goes page by page, each right once, and searches people, grants and roles", async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const found = await listRightsAt({ tenant: "acme", place: dev, limit: 2, after }, w.deps, boss);
      if (!found.ok) throw new Error(found.refusal.message);
      expect(found.value.total).toBe(3);
      seen.push(...found.value.items.map(({ person, role }) => `${person.name} ${role}`));
      after = found.value.next;
    } while (after !== undefined);
    expect(seen).toEqual(["ann of Acme member", "ann of Acme reader", "zoe of Acme member"]);
    expect(await rights({ search: "ZOE" })).toHaveLength(1);
    expect(await rights({ search: "reader" })).toEqual(["ann of Acme: reader by see on projects-of acme"]);
    expect(await rights({ search: "devs" })).toHaveLength(2);
    expect(await rights({ search: "nobody" })).toEqual([]);
  });

  it("is made anew with the policy, and of another tenant, or of no place, is not found", async () => {
    expect(await rights()).toHaveLength(3);
    await w.push("acme/policy.yaml", undefined);
    expect(await rights()).toEqual([]);
    for (const place of [
      { ...dev, name: "prod" },
      { ...dev, target: "gx9" },
      { ...dev, kind: "namespace" },
    ])
      expect(await rights({ place })).toBe("not_found");
    expect(await rights({ tenant: "other" })).toBe("not_found");
    expect(await rights({}, callerOf("devs"))).toBe("forbidden");
  });
});
