import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { explain, formatExplanation, groupsFor } from "../../../src/policy/index.ts";
import { acme, examples, login, mustLoad, said, target } from "./kit.ts";

const sets = `sets:
  dev: [{openstack: {role: member, on: {project: dev}}}, {kubernetes: {role: edit, in: tenant-namespaces}}]
  boss: [{openstack: {roles: [manager, reader], on: domain}}]
  watch: [{openstack: {role: reader, on: {domain: all-projects}}}, {kubernetes: {clusterRole: view}}]
`;
const one = (people: string, grant = "") =>
  mustLoad(
    acme(`${sets}people:\n  who: ${people}\ngrants:\n  - {id: g, give: dev, to: who, at: [gx1, prod1]${grant}}\n`),
  );
const both = ["gx1 project acme/dev member", "prod1 namespace acme-dev edit"];

describe("deciding", () => {
  it("gives every role of a set on every target of the grant, and only there when one target is asked", () => {
    const policy = one("{from: acme-idp, all: [{groups: {has: devs}}]}");
    const facts = login({ groups: ["devs"] });
    expect(said(policy.decide(facts))).toEqual(both);
    expect(said(policy.decide(facts, target("prod1")))).toEqual([both[1]]);
    expect(groupsFor(policy.decide(facts), target("gx1"))).toEqual(["cp.acme.dev"]);
    expect(groupsFor(policy.decide(facts), target("gx2"))).toEqual([]);
  });

  it("places a set on domain, all projects and the whole cluster", () => {
    const policy = mustLoad(
      acme(`${sets}people:\n  who: {from: acme-idp, everyone: true}\ngrants:
  - {id: a, give: boss, to: who, at: [gx1]}\n  - {id: b, give: watch, to: who, at: [gx1, prod1]}\n`),
    );
    expect(said(policy.decide(login({})))).toEqual([
      "gx1 domain acme manager",
      "gx1 domain acme reader",
      "gx1 projects-of acme reader",
      "prod1 cluster view",
    ]);
  });

  it.each([
    ["a text that is the value", { groups: "devs" }, true],
    ["a list that holds it", { groups: ["x", "devs"] }, true],
    ["another case", { groups: ["Devs"] }, false],
    ["a part of it", { groups: ["devs2", "dev"] }, false],
    ["nothing", {}, false],
    ["an empty list", { groups: [] }, false],
    ["null", { groups: null }, false],
    ["an object", { groups: { devs: true } }, false],
    ["a nested list", { groups: [["devs"]] }, false],
  ])("'has' on %s", (_, claims, given) => {
    const policy = one("{from: acme-idp, all: [{groups: {has: devs}}]}");
    expect(said(policy.decide(login(claims)))).toEqual(given ? both : []);
  });

  it("'equals' wants one value and no list, and a truth is not the text of it", () => {
    const text = one("{from: acme-idp, all: [{department: {equals: web}}]}");
    expect(said(text.decide(login({ department: "web" })))).toEqual(both);
    expect(said(text.decide(login({ department: ["web"] })))).toEqual([]);
    const truth = one("{from: acme-idp, all: [{staff: {equals: true}}]}");
    expect(said(truth.decide(login({ staff: true })))).toEqual(both);
    expect(said(truth.decide(login({ staff: "true" })))).toEqual([]);
  });

  it("a verified address ends with the domain whatever its case, and an unverified one with nothing", () => {
    const policy = one('{from: acme-idp, all: [{email: {endsWith: "@acme.example", verified: true}}]}');
    const mail = (email: unknown, email_verified: unknown) => said(policy.decide(login({ email, email_verified })));
    expect(mail("p@acme.example", true)).toEqual(both);
    expect(mail("p@ACME.example", true)).toEqual(both);
    expect(mail("p@acme.example", "true")).toEqual([]);
    expect(mail("p@acme.example", undefined)).toEqual([]);
    expect(mail("p@evil-acme.example", true)).toEqual([]);
    expect(mail("p@evil.example@acme.example", true)).toEqual([]);
    expect(mail("@acme.example", true)).toEqual([]);
  });

  it("'any' wants one, 'not' excludes", () => {
    const policy = one("{from: acme-idp, any: [{groups: {has: a}}, {dep: {in: [x, y]}}], not: [{groups: {has: out}}]}");
    expect(said(policy.decide(login({ dep: "y", groups: [] })))).toEqual(both);
    expect(said(policy.decide(login({ groups: ["a", "out"] })))).toEqual([]);
    expect(said(policy.decide(login({ groups: ["b"], dep: "z" })))).toEqual([]);
  });

  it("compares in normal form C: composed and decomposed spellings are one", () => {
    const policy = one('{from: acme-idp, all: [{groups: {has: "J\u00f6rg"}}]}');
    expect(said(policy.decide(login({ groups: ["Jo\u0308rg"] })))).toEqual(both);
  });

  it("a window is closed before its first moment and at its end, and caps the decision", () => {
    const policy = one(
      "{from: acme-idp, everyone: true}",
      ", valid: {from: 2026-01-01, until: 2026-02-01T01:00:00+01:00}",
    );
    const at = (text: string) => policy.decide(login({}, { at: instant(Date.parse(text) / 1000) }));
    expect(said(at("2025-12-31T23:59:59Z"))).toEqual([]);
    expect(at("2026-01-01T00:00:00Z")).toMatchObject({ until: Date.parse("2026-02-01T00:00:00Z") / 1000 });
    expect(said(at("2026-01-31T23:59:59Z"))).toEqual(both);
    expect(said(at("2026-02-01T00:00:00Z"))).toEqual([]);
  });

  it("the earliest end among given grants counts, and not that of a grant that was withheld", () => {
    const policy = mustLoad(
      acme(`${sets}people:\n  who: {from: acme-idp, everyone: true}\n  few: {from: acme-idp, all: [{groups: {has: x}}]}\ngrants:
  - {id: a, give: dev, to: who, at: [gx1], valid: {until: 2030-01-01}}
  - {id: b, give: watch, to: who, at: [prod1], valid: {until: 2029-01-01}}
  - {id: c, give: boss, to: few, at: [gx1], valid: {until: 2028-01-01}}\n`),
    );
    const year = (n: number) => Date.parse(`${n}-01-01T00:00:00Z`) / 1000;
    expect(policy.decide(login({}))).toMatchObject({ until: year(2029) });
    expect(policy.decide(login({}), target("gx1"))).toMatchObject({ until: year(2030) });
    expect(policy.decide(login({ groups: "x" }))).toMatchObject({ until: year(2028) });
  });

  it("asks for every authentication method and for one of the classes", () => {
    const policy = one("{from: acme-idp, everyone: true}", ", require: {amr: [pwd, mfa], acr: [gold, silver]}");
    expect(said(policy.decide(login({}, { amr: ["mfa", "pwd"], acr: "silver" })))).toEqual(both);
    expect(said(policy.decide(login({}, { amr: ["mfa"], acr: "gold" })))).toEqual([]);
    expect(said(policy.decide(login({}, { amr: ["mfa", "pwd"] })))).toEqual([]);
    expect(policy.decide(login({}, { amr: ["pwd"] }))).toMatchObject({
      grants: [{ grant: "g", matched: false, because: "requires the authentication method mfa" }],
    });
  });

  it("S-12: a role that implies an elevated one is elevated, and so is its name in capitals", () => {
    const cloud = (more: string) =>
      acme("").map(({ file, text }) => ({
        file,
        text: text
          .replace("roles: [reader, member, manager]}", `roles: [reader, member, manager, ops, Manager]${more}}`)
          .replace("ceiling: {openstack: [", "ceiling: {openstack: [ops, Manager, "),
      }));
    const given = (role: string, more = "") => {
      const rules = `sets: {s: [{openstack: {role: ${role}, on: domain}}]}\npeople: {who: {from: acme-idp, everyone: true}}\ngrants: [{id: g, give: s, to: who, at: [gx1]}]\n`;
      const policy = mustLoad(
        cloud(more).map(({ file, text }) => ({ file, text: file === "acme.yaml" ? text + rules : text })),
      );
      return said(policy.decide(login({}, { loginMethod: "device" })));
    };
    expect(given("ops")).toHaveLength(1);
    expect(given("ops", ", implies: {ops: [manager]}")).toEqual([]);
    expect(given("Manager")).toEqual([]);
  });

  it("S-12: a device login never carries a set with an elevated role, not even the harmless part of it", () => {
    const body = `${sets}people:\n  who: {from: acme-idp, everyone: true}\ngrants:\n  - {id: g, give: boss, to: who, at: [gx1]}\n`;
    const policy = mustLoad(acme(body));
    expect(said(policy.decide(login({}, { loginMethod: "device" })))).toEqual([]);
    expect(said(policy.decide(login({})))).toHaveLength(2);
    const allowing = mustLoad([
      ...acme(body),
      { file: "x.yaml", text: "kind: Targets\ndeviceLogin: {allow: [cloudpass]}\n" },
    ]);
    expect(said(allowing.decide(login({}, { loginMethod: "device" })))).toHaveLength(2);
    expect(said(allowing.decide(login({}, { loginMethod: "device", client: "gx1" })))).toEqual([]);
  });

  it.each([
    ["_claim_names names the claim", { _claim_names: { groups: "src1" } }],
    ["_claim_names names it although some values came", { groups: ["devs"], _claim_names: { groups: "src1" } }],
    ["hasgroups", { hasgroups: true }],
    ["the word overage", { groups: "overage" }],
  ])("groups that did not fit (%s) make the decision unknown, never empty", (_, claims) => {
    const policy = one("{from: acme-idp, all: [{groups: {has: devs}}]}");
    expect(said(policy.decide(login(claims)))).toBe("unknown");
    const excluded = one("{from: acme-idp, everyone: true, not: [{groups: {has: out}}]}");
    expect(said(excluded.decide(login(claims)))).toBe("unknown");
  });

  it("an unknown claim does not matter to a grant that fails for certain, or that asks for another claim", () => {
    const certain = one("{from: acme-idp, all: [{groups: {has: devs}}, {staff: {equals: true}}]}");
    expect(said(certain.decide(login({ hasgroups: true })))).toEqual([]);
    const other = one("{from: acme-idp, all: [{dep: {has: web}}]}");
    expect(said(other.decide(login({ hasgroups: true, dep: "web" })))).toEqual(both);
  });
});

describe("tenants apart", () => {
  const policy = mustLoad(examples);
  const as = (tenant: string, identityProvider: string, claims: object) =>
    said(policy.decide(login({ ...claims }, { tenant, identityProvider })));

  it("same group names, same user names: each only in its own domains and namespaces", () => {
    const claims = { sub: "1", preferred_username: "alice", groups: ["developers", "platform", "auditors"] };
    const a = as("customer-a", "customer-a-idp", claims);
    const b = as("customer-b", "customer-b-idp", claims);
    expect(a).toContain("gx2 domain d000001 manager");
    expect(b).toContain("gx2 domain d000002 manager");
    expect(a.includes("customer-b")).toBe(false);
    expect([...a].filter((right) => b.includes(right))).toEqual([]);
  });

  it("an identity provider that the tenant does not list gives nothing, and explain says so", () => {
    expect(as("customer-a", "customer-b-idp", { groups: ["platform"] })).toEqual([]);
    expect(as("nobody", "customer-a-idp", { groups: ["platform"] })).toEqual([]);
    const facts = login({ groups: ["platform"] }, { tenant: "customer-a", identityProvider: "customer-b-idp" });
    expect(formatExplanation(explain(policy, facts))).toContain(
      "is not an identity provider of customer-a (policies/targets.yaml:",
    );
  });

  it("finds tenants by e-mail domain in any case and by identity provider", () => {
    expect(policy.tenantOfEmailDomain("A.Example")?.name).toBe("customer-a");
    expect(policy.tenantOfEmailDomain("evil.example")).toBeUndefined();
    expect(policy.tenantOfEmailDomain("__proto__")).toBeUndefined();
    expect(policy.tenantOfIdentityProvider("customer-b-idp")?.name).toBe("customer-b");
  });
});

describe("explaining", () => {
  it("names each grant with its line and, when it was not given, the failing condition", () => {
    const facts = login(
      { groups: ["developers", "platform"] },
      { tenant: "customer-a", identityProvider: "customer-a-idp", loginMethod: "device", client: "gx1" },
    );
    const policy = mustLoad(examples);
    const explanation = explain(policy, facts);
    expect(explanation.matched.map((t) => t.grant)).toEqual(["dev"]);
    expect(explanation.unmatched.map((t) => t.grant)).toEqual(["dm", "audit", "dm-console", "audit-console"]);
    const text = formatExplanation(explanation);
    expect(text).toMatch(
      /project customer-a\/dev member {2}\(grant dev, policies\/customer-a.yaml:\d+; group cp.customer-a.developer\)/,
    );
    expect(text).toContain("no  dm would give domain-manager: the set holds manager, which a device login");
    expect(text).toContain('no  audit would give auditor: groups has "auditors": it does not');
  });

  it("shows no claim value, so that nothing from outside reaches a terminal", () => {
    const facts = login(
      { groups: ["\u001b[2Jpwned"], sub: "\u001b[2J" },
      { tenant: "customer-a", identityProvider: "customer-a-idp" },
    );
    const text = formatExplanation(explain(mustLoad(examples), facts));
    expect([text.includes("pwned"), text.includes("\u001b")]).toEqual([false, false]);
  });
});
