import { describe, expect, test } from "vitest";
import { evaluateClaims } from "../../../src/operations/identity-providers/seen-claims.ts";
import type { ClaimSpec } from "../../../src/realms/index.ts";

const spec = (name: string, more: Partial<ClaimSpec> = {}): ClaimSpec => ({ name, type: "list", ...more });
const problemOf = (one: ClaimSpec, claims: object) => evaluateClaims([one], claims as never).rows[0]?.problem;

describe("claims of a test login", () => {
  test.each<[string, ClaimSpec, unknown, RegExp | undefined]>([
    ["a list of texts", spec("groups"), ["a"], undefined],
    ["a text for a list", spec("groups"), "a", /is string, not a list/],
    ["a list of objects", spec("groups"), [{ id: 1 }], /an item is an object, not text/],
    ["a list of ids", spec("groups", { of: "uuid" }), ["0b8e4ff2-6d2c-4d31-9d7e-000000000001"], undefined],
    ["a list of names for ids", spec("groups", { of: "uuid" }), ["developers"], /an item is no uuid/],
    ["a yes", spec("mfa", { type: "bool" }), true, undefined],
    ["a yes in words", spec("mfa", { type: "bool" }), "true", /is string, not bool/],
    ["an address", spec("mail", { type: "email" }), "a@b.example", undefined],
    ["nothing", spec("groups"), undefined, /did not come/],
  ])("%s", (_what, one, value, message) => {
    const problem = problemOf(one, { [one.name]: value });
    if (message === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(message);
  });

  test("are read under their name there, and passed on under ours", () => {
    const { imported } = evaluateClaims([spec("groups", { from: "roles" })], { roles: ["a"], groups: ["b"] });
    expect(imported).toEqual({ groups: ["a"] });
  });

  test.each([
    ["_claim_names", { _claim_names: { groups: "src1" } }],
    ["hasgroups", { hasgroups: true }],
  ])("that did not fit in are found by %s, and are unknown to the policy", (_marker, claims) => {
    const evaluated = evaluateClaims([spec("groups")], claims);
    expect(evaluated.overage).toEqual(["groups"]);
    expect(evaluated.rows[0]?.problem).toContain("did not fit");
    expect(evaluated.imported).toEqual({ _claim_names: { groups: "elsewhere" } });
  });
});
