import { beforeAll, describe, expect, it } from "vitest";
import { ownKeycloak } from "../own-keycloak.ts";
import { sameStateCases } from "./same-state-cases.ts";
import { differences, goTwoWays, type TwoWays } from "./two-ways.ts";

// The second property of realm files: whatever was there before, the same file leads to the same realm. Told by Keycloak
// itself. All cases go together, in one realm after another file and some work by hand, and in one that is made at once.

const server = ownKeycloak();
let ways: TwoWays;

beforeAll(async () => {
  ways = await goTwoWays(server, sameStateCases, ["after-another", "alone"]);
}, 300_000);

describe("a realm after another file and some work by hand", () => {
  it("is in every member as Keycloak has it where the same file made it alone", () => {
    expect(differences(ways.afterAnother, ways.alone)).toEqual([]);
  });

  it("has, like the other, nothing left to do", () => {
    expect(ways.left).toEqual(["", ""]);
  });
});
