import { describe, expect, it } from "vitest";
import { formatEntitlement, type IdentityProviderAlias } from "../../../src/core/index.ts";
import { claimsThatCount, type Decision, groupsFor } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, target, targets, tenant } from "./kit.ts";

const sets = `sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
  boss: [{openstack: {role: manager, on: domain}}]
  ns: [{kubernetes: {role: edit, in: {namespace: acme-dev}}}]
`;
const policyOf = (people: string, grants: string, allow = "[]", declared = "") =>
  mustLoad([
    {
      file: "targets.yaml",
      text: targets.replace("kind: Targets\n", `kind: Targets\ndeviceLogin: {allow: ${allow}}\n`) + declared,
    },
    ...acme(`${sets}people:\n${people}grants:\n${grants}`).slice(1),
  ]);
const because = (decision: Decision) =>
  decision.kind === "unknown" ? [decision.because] : decision.grants.flatMap((g) => (g.matched ? [] : [g.because]));
const withheld = (decision: Decision) =>
  decision.kind === "decided" && decision.withheld
    ? [decision.withheld.loginMethod, ...decision.withheld.entitlements.map(formatEntitlement)]
    : [];

describe("what a set that rules a domain needs", () => {
  const people = "  p: {from: acme-idp, all: [{groups: {has: p}}]}\n  q: {from: acme-idp, all: [{dep: {has: q}}]}\n";
  const grants = "  - {id: d, give: dev, to: p, at: [gx1]}\n  - {id: b, give: boss, to: p, at: [gx1]}\n";
  const policy = policyOf(people, grants, "[cloudpass]");
  const boss = "gx1 domain acme manager";
  const claims = { groups: ["p"] };

  it("is carried in a browser, by a machine, and by the device logins that the operator names", () => {
    for (const more of [
      { loginMethod: "browser" },
      { loginMethod: "machine" },
      { loginMethod: "device", client: "cloudpass" },
    ]) {
      const decision = policy.decide(login(claims, more));
      expect([said(decision), withheld(decision)]).toEqual([[boss, "gx1 project acme/dev member"], []]);
    }
  });

  it("is withheld from a device login of another client, which is told what and why", () => {
    const decision = policy.decide(login(claims, { loginMethod: "device", client: "gx1" }));
    expect(said(decision)).toEqual(["gx1 project acme/dev member"]);
    expect(withheld(decision)).toEqual(["device", boss]);
    expect(because(decision)).toEqual(["the set holds manager, which a device login of this client never carries"]);
  });

  it("is withheld from a login that was confirmed away from its program, whatever the client", () => {
    const decision = policy.decide(login(claims, { loginMethod: "apart", client: "cloudpass" }));
    expect(said(decision)).toEqual(["gx1 project acme/dev member"]);
    expect(withheld(decision)).toEqual(["apart", boss]);
    expect(because(decision)).toEqual([
      "the set holds manager, which no login carries that was confirmed away from its program",
    ]);
    expect(groupsFor(decision, target("gx1"))).toEqual(["cp.acme.dev"]);
  });

  it("is not said to be withheld where something else withholds it, or may", () => {
    const later = policyOf(people, "  - {id: b, give: boss, to: p, at: [gx1], valid: {from: 2099-01-01}}\n");
    const assured = "require: {assurance: [https://refeds.org/assurance/IAP/medium]}";
    const sure = policyOf(people, `  - {id: b, give: boss, to: p, at: [gx1], ${assured}}\n`);
    const apart = { loginMethod: "apart" };
    const away = { groups: ["p"], _claim_names: { eduperson_assurance: "s" } };
    for (const decision of [
      later.decide(login(claims, apart)),
      sure.decide(login(claims, apart)),
      sure.decide(login(away, apart)),
      policy.decide(login({ _claim_names: { groups: "s" } }, { ...apart, client: "x" }), target("gx2")),
      policy.decide(login({ groups: ["other"] }, apart)),
    ]) {
      expect(withheld(decision)).toEqual([]);
    }
    expect(
      withheld(
        sure.decide(login({ ...claims, eduperson_assurance: ["https://refeds.org/assurance/IAP/medium"] }, apart)),
      ),
    ).toEqual(["apart", boss]);
  });

  it("of a target only, where only one is asked about", () => {
    const two = policyOf(people, "  - {id: d, give: dev, to: p, at: [gx1, gx2]}\n".replace(", gx2", ""), "[]");
    expect(said(two.decide(login(claims), target("gx1")))).toEqual(["gx1 project acme/dev member"]);
    expect(said(two.decide(login(claims), target("gx2")))).toEqual([]);
  });

  it("is unknown where the assurance did not arrive whole, and says which claim", () => {
    const assured = "require: {assurance: [https://refeds.org/assurance/IAP/medium]}";
    const sure = policyOf(people, `  - {id: d, give: dev, to: p, at: [gx1], ${assured}}\n`);
    const decision = sure.decide(login({ groups: ["p"], _claim_names: { eduperson_assurance: "s" } }));
    expect(because(decision)).toEqual([
      'the claim "eduperson_assurance" did not arrive whole, and grant d depends on it',
    ]);
    expect(groupsFor(decision, target("gx1"))).toEqual([]);
  });
});

describe("a role in one namespace", () => {
  it("is given there and in no other of the tenant's", () => {
    const more = targets.replace("prod1: [acme-dev]", "prod1: [acme-dev, acme-prod]");
    const files = acme(
      `${sets}people:\n  p: {from: acme-idp, everyone: true}\ngrants:\n  - {id: n, give: ns, to: p, at: [prod1]}\n`,
    );
    const policy = mustLoad([{ file: "targets.yaml", text: more }, ...files.slice(1)]);
    expect(said(policy.decide(login({})))).toEqual(["prod1 namespace acme-dev edit"]);
    const other = files.slice(1).map(({ file, text }) => ({ file, text: text.replace("acme-dev", "acme-x") }));
    expect(
      mustFail([{ file: "targets.yaml", text: more }, ...other])
        .map(formatProblem)
        .join("\n"),
    ).toContain("acme has no such namespace on prod1");
  });

  it("is given nowhere where namespaces go by a label", () => {
    const label = targets.replace("prod1: [acme-dev]", 'prod1: {label: "tenant=acme"}');
    const files = acme(
      `${sets}people:\n  p: {from: acme-idp, everyone: true}\ngrants:\n  - {id: n, give: ns, to: p, at: [prod1]}\n`,
    );
    expect(
      mustFail([{ file: "targets.yaml", text: label }, ...files.slice(1)])
        .map(formatProblem)
        .join("\n"),
    ).toContain("where they go by a label, give it in: tenant-namespaces");
  });
});

describe("S-77: an exclusion by entitlement", () => {
  const asked = (entitlement: string) =>
    policyOf(
      `  p: {from: acme-idp, all: [{groups: {has: p}}], not: [{ent: {entitlement: ${entitlement}}}]}\n`,
      "  - {id: d, give: dev, to: p, at: [gx1]}\n",
    );
  const isGiven = (policy: ReturnType<typeof asked>, ent: unknown) =>
    said(policy.decide(login({ groups: ["p"], ent }))).length === 1;
  const space = "urn:geant:a.example";
  const ours = asked(`{namespace: "${space}", group: "proj:team", role: admin, authority: idp.a.example}`);

  it.each<[string, string, boolean]>([
    ["the one that is meant", `${space}:group:proj:team:role=admin#idp.a.example`, false],
    ["one that nobody vouches for", `${space}:group:proj:team:role=admin`, false],
    ["one without a role", `${space}:group:proj:team#idp.a.example`, false],
    ["one in other letters", `${space}:group:Proj:TEAM:role=Admin#idp.a.example`, false],
    ["a group below", `${space}:group:proj:team:sub:role=admin#idp.a.example`, false],
    ["one that cannot be read", `${space}:group:%70roj:team:role=admin#idp.a.example`, false],
    ["another role", `${space}:group:proj:team:role=member#idp.a.example`, true],
    ["another authority", `${space}:group:proj:team:role=admin#idp.b.example`, true],
    ["another namespace", "urn:geant:b.example:group:proj:team:role=admin#idp.a.example", true],
    ["another group", `${space}:group:proj:other:role=admin#idp.a.example`, true],
    ["the group above", `${space}:group:proj:role=admin#idp.a.example`, true],
    ["what is no group", "https://refeds.org/assurance", true],
  ])("%s: %s", (_, held, given) => {
    expect(isGiven(ours, [held])).toBe(given);
    expect(isGiven(ours, ["https://other.example", held])).toBe(given);
  });

  it("that leaves namespace or role open excludes whatever they are", () => {
    const open = asked('{group: "proj", authority: idp.a.example}');
    expect(isGiven(open, ["urn:geant:b.example:group:proj#idp.a.example"])).toBe(false);
    expect(isGiven(open, ["urn:geant:b.example:group:proj:role=any#idp.a.example"])).toBe(false);
    expect(isGiven(open, ["urn:geant:b.example:group:proj#idp.b.example"])).toBe(true);
  });
});

describe("the claims that are kept of a login", () => {
  it("are those that a grant of this tenant and this identity provider reads, in any of its conditions", () => {
    const policy = policyOf(
      `  p: {from: acme-idp, all: [{a: {has: x}}], any: [{b: {has: x}}, {c: {has: x}}], not: [{d: {has: x}}], cel: "claims.e == claims.f"}
  v: {from: acme-idp, all: [{email: {equals: p@a.example, verified: true}}]}
  other: {from: acme-two, all: [{z: {has: x}}]}
`,
      `  - {id: one, give: dev, to: p, at: [gx1], require: {assurance: [https://refeds.org/assurance/IAP/medium]}}
  - {id: two, give: dev, to: v, at: [gx1]}
  - {id: three, give: dev, to: other, at: [gx1]}
`,
      "[]",
      `upstreams: {acme-idp: {claims: {${["a", "b", "c", "d", "e", "f", "email"].map((c) => `${c}: {type: text}`).join(", ")}, email_verified: {type: boolean}}}}\n`,
    );
    const names = ["a", "b", "c", "d", "e", "f", "email", "email_verified", "eduperson_assurance"];
    const claims = Object.fromEntries([...names, "z", "phone"].map((name) => [name, `of ${name}`]));
    const facts = login(claims);
    expect(claimsThatCount(policy, facts)).toEqual(Object.fromEntries(names.map((name) => [name, `of ${name}`])));
    const two = { ...facts, identityProvider: "acme-two" as IdentityProviderAlias };
    expect(claimsThatCount(policy, two)).toEqual({ z: "of z" });
    expect(claimsThatCount(policy, { ...facts, tenant: tenant("nobody") })).toEqual({});
    expect(claimsThatCount(policy, { ...facts, claims: { a: "x", _claim_names: { b: "s", y: "s" } } })).toEqual({
      a: "x",
      _claim_names: { b: "elsewhere" },
    });
  });

  it("leave out the assurance where nothing asks for it", () => {
    const policy = policyOf(
      "  p: {from: acme-idp, all: [{a: {has: x}}]}\n",
      "  - {id: d, give: dev, to: p, at: [gx1]}\n",
    );
    expect(claimsThatCount(policy, login({ a: "x", eduperson_assurance: ["y"], a_verified: true }))).toEqual({
      a: "x",
    });
  });
});
