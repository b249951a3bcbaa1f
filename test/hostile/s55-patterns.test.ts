import { describe, expect, test } from "vitest";
import { type IdentityProviderAlias, instant, type TenantName } from "../../src/core/index.ts";
import { type LoginFacts, loadPolicy } from "../../src/policy/index.ts";

const load = (cel: string) =>
  loadPolicy([
    {
      file: "all.yaml",
      text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [reader]}}
upstreams: {acme-idp: {claims: {groups: {type: list}, department: {type: text}}}}
tenants: {acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: [reader]}}}
---
kind: Policy
tenant: acme
sets: {s: [{openstack: {role: reader, on: domain}}]}
people: {who: {from: acme-idp, cel: ${JSON.stringify(cel)}}}
grants: [{id: g, give: s, to: who, at: [gx1]}]
`,
    },
  ]);
const login = (claims: object): LoginFacts => ({
  tenant: "acme" as TenantName,
  identityProvider: "acme-idp" as IdentityProviderAlias,
  claims: { ...claims },
  amr: [],
  loginMethod: "browser",
  client: "cloudpass",
  at: instant(1_800_000_000),
});
/** Processor time of this thread since some moment, in milliseconds: a busy machine costs nobody any. */
function millisSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}
/** Milliseconds of a decision, and what it gave. */
const timed = (cel: string, claims: object) => {
  const loaded = load(cel);
  if (!loaded.ok) throw new Error(loaded.refusal[0]?.message);
  const from = process.threadCpuUsage();
  const decision = loaded.value.decide(login(claims));
  return { ms: millisSince(from), given: decision.kind === "decided" && decision.entitlements.length > 0 };
};

describe("S-55: conditions that cost more to judge than to send", () => {
  // With JavaScript's own patterns this text of 27 letters takes more than five seconds.
  const bomb = { department: `${"a".repeat(26)}!` };

  test("a pattern that backtracks without end is judged in linear time", () => {
    const { ms, given } = timed('re2(claims.department, "^(a+)+$")', bomb);
    expect(given).toBe(false);
    expect(ms).toBeLessThan(500);
    expect(timed('re2(claims.department, "^(a+)+$")', { department: "a".repeat(100_000) }).given).toBe(true);
  });

  test("the function that would backtrack cannot be called, under any of its forms", () => {
    for (const cel of [
      'claims.department.matches("^(a+)+$")',
      'matches(claims.department, "^(a+)+$")',
      'claims.groups.exists(g, g.matches("^(a+)+$"))',
    ])
      expect(load(cel).ok, cel).toBe(false);
  });

  test("a pattern cannot come from a claim, nor be made to grow", () => {
    for (const cel of [
      "re2(claims.department, claims.department)",
      're2("x", "a" + claims.department)',
      're2(claims.department, "((a{1,1000}){1,1000}){1,1000}")',
    ])
      expect(load(cel).ok, cel).toBe(false);
  });

  test("ten thousand groups are walked once, never once for each of them", () => {
    expect(load("claims.groups.all(g, claims.groups.exists(h, g == h))").ok).toBe(false);
    expect(load("claims.groups.map(g, claims.groups.filter(h, g == h)).size() > 0").ok).toBe(false);
    const groups = Array.from({ length: 10_000 }, (_, i) => `group-${i}`);
    const { ms, given } = timed('claims.groups.exists(g, re2(g, "^group-9999$"))', { groups });
    expect(given).toBe(true);
    expect(ms).toBeLessThan(2000);
  });

  test("conditions made to keep the proof of separation busy end soon, and are no proof", () => {
    const any = (name: string) =>
      `any: [${Array.from({ length: 200 }, (_, i) => `{dep: {equals: ${name}${i}}}`).join(", ")}]`;
    const from = process.threadCpuUsage();
    const loaded = loadPolicy([
      {
        file: "all.yaml",
        text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [reader]}}
tenants: {acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: [reader]}}}
---
kind: Policy
tenant: acme
sets: {s: [{openstack: {role: reader, on: domain}}], t: [{openstack: {role: reader, on: domain}}]}
people: {one: {from: acme-idp, ${any("a")}}, two: {from: acme-idp, ${any("b")}}}
grants: [{id: g, give: s, to: one, at: [gx1]}, {id: h, give: t, to: two, at: [gx1]}]
rules: [{never-together: [s, t]}]
`,
      },
    ]);
    expect(loaded.ok ? "" : loaded.refusal.map((p) => p.message).join()).toContain("too many alternatives");
    expect(millisSince(from)).toBeLessThan(5000);
  });
});
