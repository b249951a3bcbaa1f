import { describe, expect, it } from "vitest";
import { explain, formatExplanation, whoHolds } from "../../../src/policy/index.ts";
import { compileKubernetes } from "../../../src/targets/index.ts";
import { acme, login, mustFail, mustLoad, said, target, targets } from "./kit.ts";

const body = `sets:
  dev: [{kubernetes: {role: edit, in: tenant-namespaces}}, {kubernetes: {clusterRole: view}}]
people: {w: {from: acme-idp, all: [{groups: {has: devs}}]}}
grants: [{id: g, give: dev, to: w, at: [prod1]}]
`;

/** Tenant acme, whose namespaces go by a label; `more` is added to the files. */
const files = (label: string, ...more: { file: string; text: string }[]) => [
  ...acme(body).map((f) => ({ ...f, text: f.text.replace("{prod1: [acme-dev]}", `{prod1: {label: ${label}}}`) })),
  ...more,
];

const another = (namespaces: string) => ({
  file: "more.yaml",
  text: `kind: Targets\ntenants:\n  zeta: {upstreams: [u], namespaces: {prod1: ${namespaces}}, ceiling: {}}\n`,
});

describe("namespaces by label", () => {
  const policy = mustLoad(files("tenant=acme"));

  it("the entitlement says the label, since nobody but the cluster knows the namespaces", () => {
    const facts = login({ groups: ["devs"] });
    expect(said(policy.decide(facts))).toEqual(["prod1 cluster view", "prod1 namespaces tenant=acme edit"]);
    expect(formatExplanation(explain(policy, facts))).toContain("namespaces tenant=acme edit  (grant g,");
  });

  it("who holds a right is found by the label, and a right in the whole cluster holds it", () => {
    const holding = (role: string) =>
      whoHolds(policy, { target: target("prod1"), scope: "namespaces tenant=acme", role }).map((h) => h.by);
    expect([holding("edit"), holding("view")]).toEqual([["prod1 namespaces tenant=acme edit"], ["prod1 cluster view"]]);
  });

  it("a test in the file names it so", () => {
    const test = (right: string) =>
      `tests: [{name: t, as: {upstream: acme-idp, claims: {groups: [devs]}}, expect: {includes: ["${right}"]}}]\n`;
    const [, own] = acme(body + test("prod1 namespaces tenant=acme edit"));
    expect(mustLoad([...files("tenant=acme").slice(0, 1), ...(own ? [own] : [])]).tenants.size).toBe(1);
  });

  it("is compiled to bindings that have yet to be given a namespace, and no namespace is made", () => {
    const { bindings, namespaces, labelled } = compileKubernetes(policy, target("prod1"));
    expect(namespaces).toEqual([]);
    expect(bindings.map((b) => b.kind)).toEqual(["ClusterRoleBinding"]);
    expect(labelled.map(({ tenant, label, bindings }) => [tenant, label, bindings.length])).toEqual([
      ["acme", "tenant=acme", 1],
    ]);
    expect(labelled[0]?.bindings[0]).toMatchObject({ kind: "RoleBinding", roleRef: { name: "edit" } });
    expect(labelled[0]?.bindings[0]?.metadata.namespace).toBeUndefined();
  });

  it("another label is another policy", () => {
    expect(mustLoad(files("tenant=other")).digest).not.toBe(policy.digest);
  });

  it.each([
    ["the same label", "{label: tenant=acme}", /label on prod1 "tenant=acme" is defined twice/],
    ["another key, which one namespace could carry too", "{label: team=zeta}", /use one key for all tenants on prod1/],
  ])("two tenants may not have %s", (_, namespaces, pattern) => {
    expect(mustFail(files("tenant=acme", another(namespaces))).map((p) => `${p.message} ${p.fix}`)).toEqual([
      expect.stringMatching(pattern),
    ]);
  });

  it("two tenants may have the same key, or one of them names", () => {
    expect(mustLoad(files("tenant=acme", another("{label: tenant=zeta}"))).tenants.size).toBe(2);
    expect(mustLoad(files("tenant=acme", another("[zeta-dev]"))).tenants.size).toBe(2);
  });

  it.each(["tenant", "tenant=", "=acme", "a=b=c", "a b=c", "tenant=acme,x=y", "tenant!=acme", "-a=b"])(
    "%s is no label",
    (label) => {
      expect(mustFail(files(`"${label}"`)).length).toBeGreaterThan(0);
    },
  );

  it("a set cannot name one namespace of those that go by a label", () => {
    const one = body.replace("in: tenant-namespaces", "in: {namespace: acme-dev}");
    const [first, , ...rest] = [...files("tenant=acme")];
    const problems = mustFail([...(first ? [first] : []), ...rest, ...acme(one).slice(1)]);
    expect(problems.map((p) => p.message)).toContain('acme has no namespace "acme-dev"');
  });

  it("the namespace of our own account is nobody's", () => {
    const named = targets.replace("[acme-dev]", "[cloudpass]");
    const problems = mustFail([{ file: "targets.yaml", text: named }]);
    expect(problems.map((p) => p.message)).toEqual([`the namespace "cloudpass" is the cluster's own`]);
  });
});
