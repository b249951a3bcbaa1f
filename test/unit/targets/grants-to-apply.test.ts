import { describe, expect, it } from "vitest";
import { instant, parseTime, type TargetName } from "../../../src/core/index.ts";
import { policyInUse } from "../../../src/policy/index.ts";
import { compileKubernetes, compileOpenStack } from "../../../src/targets/index.ts";
import { acme, login, mustLoad } from "../policy/kit.ts";

const policy = (valid: string) =>
  mustLoad(
    acme(`sets:
  s: [{openstack: {role: member, on: domain}}, {kubernetes: {role: edit, in: tenant-namespaces}}]
people:
  w: {from: acme-idp, all: [{groups: {has: w}}]}
grants:
  - {id: g, give: s, to: w, at: [gx1, prod1], valid: ${valid}}
`),
  );
const at = (text: string) => parseTime(text) ?? instant(0);
const windowed = policy('{from: "2030-01-01", until: "2030-02-01"}');

/** How many objects both targets are to have of the grant. */
const wanted = (moment: string) => [
  compileOpenStack(windowed, "gx1" as TargetName, at(moment)).tenants[0]?.assignments.length,
  compileKubernetes(windowed, "prod1" as TargetName, at(moment)).bindings.length,
];

describe("what targets must know of a grant with a window", () => {
  it("is there before the window opens, since nobody applies at that very moment, and while it is open", () => {
    expect([wanted("2029-01-01"), wanted("2030-01-31T23:59:59Z")]).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("is gone from the moment the window is over", () => {
    expect(wanted("2030-02-01")).toEqual([0, 0]);
  });
});

describe("a policy in use", () => {
  const has = (valid: string) => policy(valid);
  const facts = login({ groups: ["w"] }, { at: at("2030-03-01") });

  it("answers as the latest one, to those who hold it since before", () => {
    const inUse = policyInUse(windowed);
    const held = inUse.policy;
    const rights = () => {
      const decision = held.decide(facts);
      return decision.kind === "decided" ? decision.entitlements.length : -1;
    };
    expect([rights(), held.digest]).toEqual([0, windowed.digest]);
    const next = has('{until: "2030-04-01"}');
    expect(inUse.replace(next)).toBe(true);
    expect([rights(), held.digest, held.rules, held.targets]).toEqual([2, next.digest, next.rules, next.targets]);
    expect(held.tenantOfEmailDomain("ACME.example")?.name).toBe("acme");
    expect(held.tenantOfIdentityProvider("acme-two")?.name).toBe("acme");
  });

  it("tells whether another one means anything else", () => {
    const inUse = policyInUse(windowed);
    expect(inUse.replace(has('{until: "2030-02-01", from: "2030-01-01"}'))).toBe(false);
  });
});
