import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../src/policy/index.ts";
import { type Limits, loads, roles } from "../support/grantable.ts";

describe("S-43: a role that implies a mightier one", () => {
  const base: Limits = { cloud: roles, ceiling: ["ops", "member", "reader"], reviewed: [], ops: "reader" };
  test("is refused when what it implies is refused, and again when what it implies has changed", () => {
    expect(loads(["ops"], base)).toBe(true);
    expect(loads(["ops"], { ...base, ops: "manager" })).toBe(false);
    expect(loads(["ops"], { ...base, ops: "admin", ceiling: roles })).toBe(false);
  });

  test("is refused when the way to it is long, and a circle of roles ends", () => {
    const text = (last: string) => `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [a], implies: {a: [b], b: [c], c: [a, ${last}]}}}
tenants: {acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: [a, b, c, reader]}}}
---
kind: Policy
tenant: acme
sets: {s: [{openstack: {role: a, on: domain}}]}
people: {who: {from: acme-idp, all: [{groups: {has: g}}]}}
grants: [{id: g, give: s, to: who, at: [gx1]}]
`;
    expect(loadPolicy([{ file: "all.yaml", text: text("reader") }]).ok).toBe(true);
    const refused = loadPolicy([{ file: "all.yaml", text: text("Admin") }]);
    expect(refused.ok ? [] : refused.refusal.map((p) => p.message).join()).toContain('"a" implies "admin"');
  });
});
