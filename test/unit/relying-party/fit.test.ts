import { describe, expect, test } from "vitest";
import { fitClaims } from "../../../src/relying-party/claims/fit.ts";
import type { RecheckRule } from "../../../src/relying-party/index.ts";

type Shape = NonNullable<RecheckRule["shapes"]>[number];
const id = "11111111-2222-3333-4444-555555555555";
const fitted = (shape: Omit<Shape, "name">, value: unknown, more: object = {}) => {
  const result = fitClaims([{ name: "c", ...shape }], { sub: "s", c: value, ...more } as never);
  return result.ok ? result.value : result.refusal.code;
};
const unknown = { sub: "s", _claim_names: { c: expect.any(String) } };

describe("claims as the realm file says they are", () => {
  test.each<[Omit<Shape, "name">, unknown]>([
    [{ type: "list" }, ["a", "b"]],
    [{ type: "list", of: "uuid" }, [id]],
    [{ type: "list", of: "email" }, []],
    [{ type: "text" }, ["one"]],
    [{ type: "uuid" }, id],
    [{ type: "email" }, ["a@b.example"]],
    [{ type: "bool" }, ["true"]],
    [{ type: "number" }, ["-12"]],
  ])("%j takes %j as it is", (shape, value) => {
    expect(fitted(shape, value)).toEqual({ sub: "s", c: value });
  });

  test.each<[Omit<Shape, "name">, unknown]>([
    [{ type: "list", of: "uuid" }, [id, "admins"]],
    [{ type: "list" }, [{ name: "admins" }]],
    [{ type: "text" }, ["one", "two"]],
    [{ type: "email" }, ["not an address"]],
    [{ type: "bool" }, ["yes"]],
    [{ type: "number" }, ["12 or 1=1"]],
  ])("%j: %j is unknown, neither taken nor taken for absent", (shape, value) => {
    expect(fitted(shape, value)).toEqual(unknown);
  });

  test("what is not there stays not there", () => {
    expect(fitted({ type: "uuid" }, undefined)).toEqual({ sub: "s" });
  });

  test("a list that did not fit into the token: refused where the file says deny, else unknown as before", () => {
    const marker = { _claim_names: { c: "src1" } };
    expect(fitted({ type: "list", overage: "deny" }, undefined, marker)).toBe("login_failed");
    expect(fitted({ type: "list", overage: "unknown" }, undefined, marker)).toMatchObject(marker);
    expect(fitted({ type: "list", overage: "deny" }, ["a"])).toEqual({ sub: "s", c: ["a"] });
  });
});
