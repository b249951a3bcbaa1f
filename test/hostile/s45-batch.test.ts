import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grantable, type Limits, limits, loads, roles } from "../support/grantable.ts";

describe("S-45: a batch with one wrong item", () => {
  test("is refused whole, wherever the item stands, and every wrong item is told", () => {
    const l: Limits = { cloud: roles, ceiling: ["member", "reader"], reviewed: [], ops: "reader" };
    const asked = ["member", "reader", "member", "reader"];
    expect(loads(asked, l)).toBe(true);
    for (const [i] of asked.entries()) expect(loads(asked.with(i, "manager"), l), String(i)).toBe(false);
    fc.assert(
      fc.property(limits, fc.array(fc.constantFrom(...roles), { minLength: 1, maxLength: 6 }), (limit, batch) => {
        expect(loads(batch, limit)).toBe(batch.every((role) => grantable(role, limit)));
      }),
      { numRuns: 100, seed: 45 },
    );
  });
});
