import { beforeAll, describe, expect, inject, it } from "vitest";
import { differences } from "../../realms-corpus/oracle/differences.ts";
import { reached } from "../own-keycloak.ts";
import { sameStateCases } from "./same-state-cases.ts";
import { goTwoWays, type TwoWays } from "./two-ways.ts";

// The second property of realm files: whatever was there before, the same file leads to the same realm. Told by Keycloak
// itself. All cases go together, in one realm after another file and some work by hand, and in one that is made at once.

const server = reached(inject("keycloak"));
let ways: TwoWays;

beforeAll(async () => {
  ways = await goTwoWays(server, sameStateCases, ["after-another", "alone"]);
}, 300_000);

/** What only the way tells, and no file could say. */
const ofTheWay: readonly RegExp[] = [
  // Keycloak takes no attribute of a scope away: it is emptied.
  /^clientScopes › [^›]+ › attributes › [^›]+: "" → nothing$/,
  // Keycloak gives a SAML client its key pair when it is made, and not when signatures are asked for later.
  /^clients › [^›]+ › attributes › saml\.signing\.(certificate|private\.key): /,
];

describe("a realm after another file and some work by hand", () => {
  it("is in every member as Keycloak has it where the same file made it alone", () => {
    const found = differences(ways.afterAnother, ways.alone);
    expect(found.filter((line) => !ofTheWay.some((told) => told.test(line)))).toEqual([]);
  });

  it("has, like the other, nothing left to do", () => {
    expect(ways.left).toEqual(["", ""]);
  });
});
