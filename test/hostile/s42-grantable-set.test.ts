import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grantable, limits, loads, roles } from "../support/grantable.ts";

describe("S-42: a right outside the grantable set", () => {
  test("is refused for every role and every limit: the same as an independent reading of the two tables", () => {
    let granted = 0;
    fc.assert(
      fc.property(limits, fc.constantFrom(...roles), (l, role) => {
        const given = loads([role], l);
        if (given) granted++;
        expect(given).toBe(grantable(role, l));
      }),
      { numRuns: 250, seed: 42 },
    );
    expect(granted).toBeGreaterThan(15);
  });
});
