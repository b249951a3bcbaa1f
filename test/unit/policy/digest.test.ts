import { describe, expect, it } from "vitest";
import { policyInUse } from "../../../src/policy/index.ts";
import { login, mustLoad, said, targets } from "./kit.ts";

// A policy's digest is another one exactly when it means something else: then people are decided anew, and clouds told.

const operators = targets.replace(
  "kind: Targets\n",
  `kind: Targets
deviceLogin: {elevatedRoles: [manager], allow: [a, b]}
upstreams: {acme-idp: {public: false, claims: {groups: {type: list}, dep: {type: text}}}}
`,
);
const own = `kind: Policy
tenant: acme
sets:
  dev: [{openstack: {role: member, on: {project: dev}}}, {kubernetes: {role: edit, in: tenant-namespaces}}]
  boss: [{openstack: {role: manager, on: domain}}]
people:
  devs: {from: acme-idp, all: [{groups: {has: devs}}], not: [{groups: {has: out}}]}
  bosses: {from: acme-idp, any: [{groups: {in: [a, b]}}, {dep: {equals: x}}], cel: "claims.dep != 'y'"}
grants:
  - {id: d, give: dev, to: devs, at: [gx1, prod1], valid: {from: 2026-01-01, until: 2030-01-01}, because: ticket}
  - {id: b, give: boss, to: bosses, at: [gx1], require: {amr: [mfa], acr: [high, higher]}}
rules:
  - count: {set: boss, min: 0, max: 5}
`;
const digest = (operator: string, tenant: string, names = ["targets.yaml", "acme.yaml"]) =>
  mustLoad([operator, tenant].map((text, i) => ({ file: names[i] ?? "", text }))).digest;
const usual = digest(operators, own);

describe("the digest", () => {
  it.each<[string, string]>([
    ["id: d,", "id: other,"],
    ["give: dev, to: devs, at: [gx1, prod1]", "give: dev, to: devs, at: [gx1]"],
    ["give: boss, to: bosses", "give: boss, to: devs"],
    ["role: member", "role: reader"],
    ["on: domain", "on: {domain: all-projects}"],
    ["in: tenant-namespaces", "in: {namespace: acme-dev}"],
    ["has: devs", "has: dev"],
    ["has: out", "has: ex"],
    ["all: [{groups: {has: devs}}], not: [{groups: {has: out}}]", "all: [{groups: {has: devs}}]"],
    ["any: [{groups: {in: [a, b]}}", "any: [{groups: {in: [a, c]}}"],
    ["dep: {equals: x}", "dep: {has: x}"],
    ["claims.dep != 'y'", "claims.dep != 'z'"],
    ["from: 2026-01-01", "from: 2026-01-02"],
    ["until: 2030-01-01", "until: 2031-01-01"],
    ["amr: [mfa]", "amr: [pwd]"],
    ["acr: [high, higher]", "acr: [high]"],
    ["max: 5", "max: 4"],
    ["min: 0, max: 5", "max: 5, otherwise: refuse"],
    ["because: ticket", "because: another"],
  ])("is another one with %s → %s", (from, to) => {
    expect(own).toContain(from);
    expect(digest(operators, own.replace(from, to))).not.toBe(usual);
  });

  it.each<[string, string]>([
    ["https://gx1.example/v3", "https://gx1.example:5000/v3"],
    ["roles: [reader, member, manager]", "implies: {reader: [reader]}, roles: [reader, member, manager]"],
    ['{keystone: "https://gx1', '{authorizationTtl: 30m, keystone: "https://gx1'],
    ["clusterWide: [view]", "clusterWide: []"],
    ['{api: "https://prod1.example"', '{subjects: {prefix: "x:"}, api: "https://prod1.example"'],
    ["[acme.example]", "[acme.example, b.example]"],
    ["upstreams: [acme-idp, acme-two]", "upstreams: [acme-idp, acme-three]"],
    ["domains: {gx1: acme}", "domains: {gx1: acme, gx2: acme}"],
    ["projects: [dev]", "projects: [dev, test]"],
    ["[acme-dev]", "[acme-dev, acme-x]"],
    ["projects: [dev]", "displayName: Acme\n    projects: [dev]"],
    ["kubernetes: [edit, view]", "kubernetes: [edit]"],
    ["allow: [a, b]", "allow: [a]"],
    ["elevatedRoles: [manager]", "elevatedRoles: [reader]"],
    ["public: false", "public: true"],
    ["dep: {type: text}", "dep: {type: text, of: email}, dep_verified: {type: boolean}"],
  ])("is another one with %s → %s among the targets", (from, to) => {
    expect(operators).toContain(from);
    const people = to.includes("of: email")
      ? own.replace(`, cel: "claims.dep != 'y'"`, "").replace("dep: {equals: x}", "groups: {has: x}")
      : own;
    expect(digest(operators.replace(from, to), people)).not.toBe(digest(operators, people));
  });

  it("is the same wherever things stand, in whatever order, in whatever files", () => {
    expect(digest(operators, `# a comment\n\n${own}`)).toBe(usual);
    expect(digest(operators, own, ["a/z.yaml", "b/y.yaml"])).toBe(usual);
    const [grants = "", rest = ""] = [own.slice(own.indexOf("grants:")), own.slice(0, own.indexOf("grants:"))];
    const [head = "", one = "", other = "", ...more] = grants.split("\n");
    expect(digest(operators, rest + [head, other, one, ...more].join("\n"))).toBe(usual);
    expect(digest(operators, own.replace("[high, higher]", "[higher, high]"))).toBe(usual);
    expect(digest(operators.replace("allow: [a, b]", "allow: [b, a]"), own)).toBe(usual);
    const test = "tests:\n  - {name: t, as: {upstream: acme-idp, claims: {}}, expect: {nothing: true}}\n";
    expect(digest(operators, own + test)).toBe(usual);
  });
});

it("a policy in use answers as the latest one, and says whether that means anything else", () => {
  const [first, same, other] = [own, `${own}# more\n`, own.replace("has: devs", "has: ops")].map((tenant) =>
    mustLoad([
      { file: "targets.yaml", text: operators },
      { file: "acme.yaml", text: tenant },
    ]),
  );
  if (!first || !same || !other) throw new Error("three policies");
  const { policy, current, replace } = policyInUse(first);
  const held = () => said(policy.decide(login({ groups: ["devs"] }))).length;
  expect([held(), current() === first]).toEqual([2, true]);
  expect([replace(same), current() === same, held()]).toEqual([false, true, 2]);
  expect([replace(other), current() === other, held(), policy.digest === other.digest]).toEqual([true, true, 0, true]);
});
