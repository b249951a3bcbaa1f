import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeycloakRig, startKeycloak } from "../../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../../support/keycloak-admin.ts";
import { sameStateCases } from "./same-state-cases.ts";
import { differences, goTwoWays, type TwoWays } from "./two-ways.ts";

// The second property of realm files: whatever was there before, the same file leads to the same realm. Told by Keycloak
// itself. All cases go together, in one realm after another file and some work by hand, and in one that is made at once.

const folder = mkdtempSync(join(tmpdir(), "cloudpass-same-state-"));
let rig: KeycloakRig;
let admin: KeycloakAdmin;
let ways: TwoWays;

beforeAll(async () => {
  rig = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(rig.url, rig.adminUser, rig.adminPassword);
  ways = await goTwoWays(rig, admin, sameStateCases, ["after-another", "alone"]);
}, 300_000);

afterAll(async () => {
  await rig?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a realm after another file and some work by hand", () => {
  it("is in every member as Keycloak has it where the same file made it alone", () => {
    expect(differences(ways.afterAnother, ways.alone)).toEqual([]);
  });

  it("has, like the other, nothing left to do", () => {
    expect(ways.left).toEqual(["", ""]);
  });
});
