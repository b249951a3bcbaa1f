import { describe, expect, test } from "vitest";
import { type IdentityProviderAlias, instant, type TenantName } from "../../../src/core/index.ts";
import {
  differences,
  factsAt,
  holdersOf,
  type KnownPerson,
  type Policy,
  whoHolds,
  wrongCounts,
} from "../../../src/policy/index.ts";
import { acme, mustLoad, target } from "./kit.ts";

const day = 86_400;
const now = instant(1_790_000_000);

const known = (person: string, groups: readonly string[], more: Partial<KnownPerson> = {}): KnownPerson => ({
  person,
  tenant: "acme" as TenantName,
  identityProvider: "acme-idp" as IdentityProviderAlias,
  claims: { groups },
  amr: [],
  at: now,
  ...more,
});

const files = (more: { dev?: string; admins?: string; rules?: string } = {}) =>
  acme(`sets:
  dev: [{openstack: {role: ${more.dev ?? "member"}, on: {project: dev}}}]
  auditor: [{openstack: {role: reader, on: {domain: all-projects}}}, {kubernetes: {clusterRole: view}}]
  boss: [{openstack: {role: manager, on: domain}}]
people:
  devs: {from: acme-idp, all: [{groups: {has: devs}}]}
  admins: {from: acme-idp, all: [{groups: {has: ${more.admins ?? "admins"}}}]}
  bosses: {from: acme-idp, all: [{groups: {has: bosses}}]}
grants:
  - {id: d, give: dev, to: devs, at: [gx1]}
  - {id: a, give: auditor, to: admins, at: [gx1, prod1]}
  - {id: b, give: boss, to: bosses, at: [gx1]}
${more.rules ?? ""}`);
const policyOf = (more?: Parameters<typeof files>[0]): Policy => mustLoad(files(more));
const policy = policyOf();

test("a last login is decided as one in a browser, at the moment that is asked about", () => {
  const { person: _, ...of } = known("k-1", ["devs"], { amr: ["pwd"], acr: "high" });
  const facts = { ...of, loginMethod: "browser", client: "cloudpass", at: 7 };
  expect(factsAt(known("k-1", ["devs"], { amr: ["pwd"], acr: "high" }), instant(7))).toEqual(facts);
  expect(factsAt(known("k-1", []), instant(7))).not.toHaveProperty("acr");
});

describe("the grants by which a right is held", () => {
  const held = (name: string, scope: string, role: string) =>
    whoHolds(policy, { target: target(name), scope, role }).map(({ grant, by }) => [grant.id, by]);

  test("the right itself, and the role that implies it", () => {
    expect(held("gx1", "project acme/dev", "member")).toEqual([["d", "gx1 project acme/dev member"]]);
    expect(held("gx1", "domain acme", "member")).toEqual([["b", "gx1 domain acme manager"]]);
    expect(held("gx1", "domain acme", "manager")).toEqual([["b", "gx1 domain acme manager"]]);
  });

  test("on a place that holds the place: all projects of the domain, the whole cluster", () => {
    expect(held("gx1", "project acme/dev", "reader")).toEqual([
      ["d", "gx1 project acme/dev member"],
      ["a", "gx1 projects-of acme reader"],
    ]);
    expect(held("gx1", "project other/dev", "reader")).toEqual([]);
    expect(held("prod1", "namespace acme-dev", "view")).toEqual([["a", "prod1 cluster view"]]);
    expect(held("prod1", "cluster", "view")).toEqual([["a", "prod1 cluster view"]]);
  });

  test("not a lesser role, not another place, not another target", () => {
    expect(held("gx1", "project acme/dev", "manager")).toEqual([]);
    expect(held("gx1", "domain acme", "auditor")).toEqual([]);
    expect(held("prod1", "namespace acme-dev", "edit")).toEqual([]);
    expect(held("gx2", "project acme/dev", "reader")).toEqual([]);
    expect(held("nowhere", "project acme/dev", "reader")).toEqual([]);
  });
});

test("the holders of a grant are those to whom it is given now, of its tenant and its identity provider", () => {
  const [grant] = policy.rules.get("acme" as TenantName)?.grants ?? [];
  if (!grant) throw new Error("no grant");
  const people = [
    known("k-1", ["devs"]),
    known("k-2", ["others"]),
    known("k-3", ["devs"], { identityProvider: "acme-two" as IdentityProviderAlias }),
    known("k-4", ["devs"], { tenant: "other" as TenantName }),
    known("k-5", [], { claims: { _claim_names: { groups: "src" } } }),
  ];
  expect(holdersOf(policy, grant, people, now).map(({ person }) => person)).toEqual(["k-1"]);
});

test("a grant of the same name in another tenant is another one", () => {
  const zeta = (kind: string, text: string) => ({ file: `zeta-${kind}.yaml`, text });
  const both = mustLoad([
    ...files(),
    zeta(
      "targets",
      "kind: Targets\ntenants: {zeta: {upstreams: [z-idp], domains: {gx1: z}, projects: [dev], ceiling: {openstack: [member]}}}\n",
    ),
    zeta(
      "policy",
      "kind: Policy\ntenant: zeta\nsets: {dev: [{openstack: {role: member, on: {project: dev}}}]}\npeople: {devs: {from: z-idp, all: [{groups: {has: devs}}]}}\ngrants: [{id: d, give: dev, to: devs, at: [gx1]}]\n",
    ),
  ]);
  const people = [
    known("k-1", ["devs"]),
    known("k-2", ["devs"], { tenant: "zeta" as TenantName, identityProvider: "z-idp" as IdentityProviderAlias }),
  ];
  const holders = ["acme", "zeta"].map((name) => {
    const grant = both.rules.get(name as TenantName)?.grants.find(({ id }) => id === "d");
    return grant === undefined ? [] : holdersOf(both, grant, people, now).map(({ person }) => person);
  });
  expect(holders).toEqual([["k-1"], ["k-2"]]);
});

test("a right in one namespace is held there only", () => {
  const one = mustLoad(
    acme(`sets: {ns: [{kubernetes: {role: edit, in: {namespace: acme-dev}}}]}
people: {p: {from: acme-idp, everyone: true}}
grants: [{id: n, give: ns, to: p, at: [prod1]}]
`),
  );
  const by = (scope: string, role = "edit") => whoHolds(one, { target: target("prod1"), scope, role }).map((h) => h.by);
  expect(by("namespace acme-dev")).toEqual(["prod1 namespace acme-dev edit"]);
  for (const other of ["namespace acme-test", "namespaces tenant=acme", "cluster", "acme-dev"])
    expect(by(other)).toEqual([]);
  expect(by("namespace acme-dev", "view")).toEqual([]);
});

test("a right in the whole cluster is held in its namespaces, and nowhere else", () => {
  const by = (scope: string) =>
    whoHolds(policy, { target: target("prod1"), scope, role: "view" }).map((h) => h.grant.id);
  expect(["namespace x", "namespaces a=b", "cluster"].map(by)).toEqual([["a"], ["a"], ["a"]]);
  expect(["project acme/dev", "a namespace x", "namespacex", "domain acme"].map(by)).toEqual([[], [], [], []]);
});

describe("what a change does to people", () => {
  const people = [known("k-1", ["devs"]), known("k-2", ["devs", "bosses"]), known("k-3", ["ops"])];

  test("each right that somebody gains or loses, in one order, with everybody whom it touches", () => {
    const { changes, unclear } = differences(policy, policyOf({ dev: "reader", admins: "ops" }), people, now);
    expect(unclear).toEqual([]);
    const two = ["k-1", "k-2"];
    expect(changes).toEqual([
      { target: "gx1", right: "project acme/dev member", gain: [], lose: two },
      { target: "gx1", right: "project acme/dev reader", gain: two, lose: [] },
      { target: "gx1", right: "projects-of acme reader", gain: ["k-3"], lose: [] },
      { target: "prod1", right: "cluster view", gain: ["k-3"], lose: [] },
    ]);
  });

  test("nothing where nothing changes", () => {
    expect(differences(policy, policyOf(), people, now)).toEqual({ changes: [], unclear: [] });
  });

  test("of whom it cannot be said, before or after, nothing is said", () => {
    const away = known("k-9", [], { claims: { _claim_names: { groups: "src" } } });
    const stranger = { ...away, identityProvider: "acme-two" as IdentityProviderAlias };
    const both = differences(policy, policyOf({ dev: "reader" }), [away, stranger], now);
    expect(both).toEqual({ changes: [], unclear: ["k-9"] });
    const without = mustLoad(acme("sets: {}\npeople: {}\ngrants: []\n"));
    for (const [before, after] of [
      [policy, without],
      [without, policy],
    ] as const) {
      expect(differences(before, after, [away], now)).toEqual({ changes: [], unclear: ["k-9"] });
    }
  });
});

describe("how many people hold a set", () => {
  const rules = (text: string) => policyOf({ rules: `rules:\n  - count: {set: boss, ${text}}\n` });
  const bosses = (n: number) => Array.from({ length: n }, (_, i) => known(`k-${i}`, ["bosses"]));
  const wrong = (text: string, people: readonly KnownPerson[]) =>
    wrongCounts(rules(text), people, now).map(({ problem }) => problem.message);

  test("from the least to the most, both included", () => {
    expect([1, 2, 3, 4].map((n) => wrong("min: 2, max: 3", bosses(n)).length)).toEqual([1, 0, 0, 1]);
    expect(wrong("min: 2", bosses(1))).toEqual(['1 known people hold "boss", where at least 2 should']);
    expect(wrong("max: 3", bosses(4))).toEqual(['4 known people hold "boss", where at most 3 should']);
    expect(wrong("max: 3", bosses(0))).toEqual([]);
  });

  test("who signed in lately, only, each once, and only who holds this set", () => {
    const old = known("k-old", ["bosses"], { at: instant(now - 30 * day) });
    expect(wrong("min: 2, from: 30d", [...bosses(1), old])).toHaveLength(1);
    expect(wrong("min: 2, from: 31d", [...bosses(1), old])).toEqual([]);
    expect(wrong("min: 2", [...bosses(1), known("k-dev", ["devs"])])).toHaveLength(1);
    expect(wrong("min: 2", [...bosses(1), ...bosses(1)])).toHaveLength(1);
  });

  test("is told at the line of its rule", () => {
    const [found] = wrongCounts(rules("min: 1"), [], now);
    expect(found?.problem).toMatchObject({ file: "acme.yaml", column: 1, path: "" });
    const line = files({ rules: "rules:\n  - count:\n" })[1]?.text.split("\n").indexOf("  - count:") ?? 0;
    expect(found?.problem.line).toBe(line + 1);
    expect(found?.rule.set.name).toBe("boss");
  });
});
