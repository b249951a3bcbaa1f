import { describe, expect, test } from "vitest";
import { formatEvaluated } from "../../../src/cli/operator/idp/format-seen.ts";
import type { Claims } from "../../../src/core/index.ts";
import { evaluateClaims } from "../../../src/operations/identity-providers/seen-claims.ts";
import type { ClaimSpec } from "../../../src/realms/index.ts";

const spec = (name: string, more: Partial<ClaimSpec> = {}): ClaimSpec => ({ name, type: "list", ...more });
const login = (claims: object) => ({ idToken: claims as Claims, isReread: false });
const problemOf = (one: ClaimSpec, claims: object) => evaluateClaims([one], login(claims)).rows[0]?.problem;

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
    const { imported } = evaluateClaims([spec("groups", { from: "roles" })], login({ roles: ["a"], groups: ["b"] }));
    expect(imported).toEqual({ groups: ["a"] });
  });

  test.each([
    ["_claim_names", { _claim_names: { groups: "src1" } }],
    ["hasgroups", { hasgroups: true }],
  ])("that did not fit in are found by %s, and are unknown to the policy", (_marker, claims) => {
    const evaluated = evaluateClaims([spec("groups")], login(claims));
    expect(evaluated.overage).toEqual(["groups"]);
    expect(evaluated.rows[0]?.problem).toContain("did not fit");
    expect(evaluated.imported).toEqual({ _claim_names: { groups: "elsewhere" } });
  });

  describe("are read where Keycloak reads them (R10)", () => {
    const url = "https://acme.example/roles";
    const roles = (from: string, seen: { idToken?: Claims; userinfo?: Claims; isReread?: boolean }) =>
      evaluateClaims([spec("roles", { from })], { isReread: false, ...seen }).rows[0];

    test("a URL that is written as it is leads nowhere, and the remedy is said", () => {
      const row = roles(url, { idToken: { [url]: ["a"] } });
      expect(row?.value).toBeUndefined();
      expect(row?.problem).toContain("from: 'https://acme\\.example/roles'");
    });

    test("a URL with its dots escaped is found, and stands no longer among those that are not imported", () => {
      const [said, written] = [{ [url]: ["a"] }, "https://acme\\.example/roles"];
      const evaluated = evaluateClaims([spec("roles", { from: written })], login(said));
      expect(evaluated.imported).toEqual({ roles: ["a"] });
      expect(formatEvaluated(evaluated, said).at(-1)).toBe("Came too, and is not imported:");
    });

    test("a dot leads into an object", () => {
      expect(roles("app.roles", { idToken: { app: { roles: ["a"] } } })?.value).toEqual(["a"]);
      expect(roles("app.roles", { idToken: { "app.roles": ["a"] } })?.value).toBeUndefined();
    });

    test("what has no place of its own, such as a constructor, did not come", () => {
      expect(roles("constructor.name", { idToken: {} })?.value).toBeUndefined();
    });

    test("what the ID token has is taken, as long as userinfo is not what counts", () => {
      const both = { idToken: { roles: ["token"] }, userinfo: { roles: ["userinfo"] } };
      expect(roles("roles", both)?.value).toEqual(["token"]);
      expect(roles("roles", { ...both, isReread: true })?.value).toEqual(["userinfo"]);
    });

    test("what came in the ID token alone counts for nothing where userinfo is asked", () => {
      const row = roles("roles", { idToken: { roles: ["a"] }, userinfo: {}, isReread: true });
      expect([row?.value, row?.problem]).toEqual([undefined, expect.stringContaining("in the ID token alone")]);
    });

    test("a place in a list that did not come ends the login in Keycloak, which is said", () => {
      expect(roles("teams[0]", { userinfo: { teams: ["a"] } })?.value).toBe("a");
      expect(roles("teams[0]", { userinfo: {} })?.problem).toContain("Keycloak ends such a login with an error");
    });

    test("what did not fit in is said by the name there", () => {
      const said = { _claim_names: { [url]: "src1" } };
      const { imported } = evaluateClaims([spec("roles", { from: "https://acme\\.example/roles" })], login(said));
      expect(imported).toEqual({ _claim_names: { roles: "elsewhere" } });
    });
  });
});
