import { describe, expect, it } from "vitest";
import { loadPolicy } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, target, targets } from "./kit.ts";

const withConsole = targets
  .replace("tenants:\n", "console: {roles: [tenant-manager, tenant-auditor]}\ntenants:\n")
  .replace("kubernetes: [edit, view]}", "kubernetes: [edit, view], console: [tenant-manager, operator]}");
const files = (body: string, operators = withConsole) => [
  { file: "targets.yaml", text: operators },
  ...acme(body).slice(1),
];
const people = "people: {p: {from: acme-idp, all: [{groups: {has: p}}]}}\n";
const policyOf = (body: string, operators?: string) => mustLoad(files(`${people}${body}`, operators));
const problemsOf = (body: string, operators?: string) =>
  mustFail(files(`${people}${body}`, operators)).map((problem) => formatProblem(problem).split("\n")[0]);

const manager = `sets: {boss: [{console: {role: tenant-manager}}, {openstack: {role: reader, on: domain}}]}
grants:
  - {id: c, give: boss, to: p, at: [console]}
  - {id: g, give: boss, to: p, at: [gx1]}
`;
const inGroup = { groups: ["p"] };

describe("a right to the console", () => {
  const policy = policyOf(manager);

  it("is an entitlement for the tenant that gives it", () => {
    expect(said(policy.decide(login(inGroup)))).toEqual([
      "console tenant acme tenant-manager",
      "gx1 domain acme reader",
    ]);
    expect(said(policy.decide(login(inGroup), target("console")))).toEqual(["console tenant acme tenant-manager"]);
    expect(said(policy.decide(login({ groups: ["q"] })))).toEqual([]);
  });

  it("is for all tenants when it is an operator's", () => {
    const operators = withConsole.replace("[tenant-manager, tenant-auditor]", "[operator]");
    const body = "sets: {ops: [{console: {role: operator}}]}\ngrants: [{id: o, give: ops, to: p, at: [console]}]\n";
    expect(said(policyOf(body, operators).decide(login(inGroup)))).toEqual(["console all tenants operator"]);
  });

  it("has its window as any other", () => {
    const bounded = policyOf(manager.replace("at: [console]", 'at: [console], valid: {until: "2026-01-01"}'));
    expect(said(bounded.decide(login(inGroup), target("console")))).toEqual([]);
  });

  it.each([
    ["device", "cloudpass"],
    ["device", "gx1"],
    ["apart", "cloudpass"],
  ])("is on no %s login of %s, whatever the operator allows (S-12)", (loginMethod, client) => {
    const allowed = withConsole.replace("kind: Targets\n", "kind: Targets\ndeviceLogin: {allow: [cloudpass, gx1]}\n");
    const decision = policyOf(manager, allowed).decide(login(inGroup, { loginMethod, client }));
    expect(said(decision)).toEqual(["gx1 domain acme reader"]);
    expect(decision).toMatchObject({ withheld: { loginMethod, entitlements: [{ role: "tenant-manager" }] } });
  });

  it("is on a robot's login and on a browser's", () => {
    for (const loginMethod of ["machine", "browser"]) {
      const decision = policy.decide(login(inGroup, { loginMethod }), target("console"));
      expect(said(decision)).toEqual(["console tenant acme tenant-manager"]);
    }
  });
});

describe("a mistake about the console", () => {
  it.each([
    ["no console in the Targets", manager, targets, 'the role "tenant-manager" is given by no target'],
    [
      "a role above the tenant's ceiling",
      manager.replace("tenant-manager", "tenant-auditor"),
      withConsole,
      "above the ceiling of acme for console",
    ],
    [
      "a role that the operator gives nobody",
      manager.replace("tenant-manager", "operator"),
      withConsole,
      '"operator" is not among the roles of console',
    ],
    ["a role that is none", manager.replace("tenant-manager", "admin"), withConsole, "admin"],
    [
      "a grant of the console and a cloud",
      manager.replace("at: [console]", "at: [gx2, console]"),
      withConsole,
      "a grant of its own",
    ],
    [
      "a set that holds nothing for it",
      manager.replace("{console: {role: tenant-manager}}, ", ""),
      withConsole,
      "holds nothing for console",
    ],
    ["a cloud of its name", manager, withConsole.replace("  gx2:", "  console:"), 'target "console"'],
  ])("%s is said", (_, body, operators, message) => {
    expect(problemsOf(body, operators).join("\n")).toContain(message);
  });

  it("an address for it is one: it is the broker's own", () => {
    const loaded = loadPolicy(files(`${people}${manager}`), { endpoints: { console: "https://console.example" } });
    expect(loaded.ok ? [] : loaded.refusal.map(({ message }) => message)).toEqual([
      "it gives an address, but the console is the broker's own",
    ]);
  });
});
