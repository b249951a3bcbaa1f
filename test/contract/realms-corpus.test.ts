import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atMost } from "../../src/core/index.ts";
import { exampleFile } from "../../src/realms/format/examples.ts";
import { corpus, selection, tripsOn } from "../realms-corpus/corpus.ts";
import { keptAfterAll } from "../realms-corpus/fields/attempts.ts";
import { knownFields } from "../realms-corpus/fields/count.ts";
import { fieldsThere } from "../realms-corpus/fields/fields-there.ts";
import { known, saysWhatIsLeft } from "../realms-corpus/known.ts";
import { formatApplied, load, type Product, productOn } from "../realms-corpus/product.ts";
import { make, type Recipe, takeAway } from "../realms-corpus/recipe.ts";
import type { RoundTrip } from "../realms-corpus/round-trip.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { acquireKeycloak } from "../rigs/keycloak/distribution.ts";
import { keycloakAdmin } from "../support/keycloak-admin.ts";

const folder = mkdtempSync(join(tmpdir(), "cloudpass-corpus-"));
const trips = new Map<Recipe, Promise<RoundTrip>>();
let rig: KeycloakRig;
let product: Product;

beforeAll(async () => {
  rig = await startKeycloak({ dir: folder, jvm: "throughput", heap: "1g" });
  const account = [rig.url, rig.adminUser, rig.adminPassword] as const;
  product = productOn(...account);
  const trip = await tripsOn({ admin: keycloakAdmin(...account), product });
  const turn = atMost(2);
  // Begun at once, in this order, so that each test finds its realm under way or done.
  for (const recipe of selection)
    trips.set(
      recipe,
      turn(() => trip(recipe)),
    );
});

afterAll(async () => {
  await Promise.allSettled(trips.values());
  await rig?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a realm of the corpus is imported, made again from its file, and the same by Keycloak's own export", () => {
  it.each(selection)("$name", { timeout: 600_000 }, async (recipe) => {
    const trip = await trips.get(recipe);
    const steps = trip?.failures.map(({ step }) => step);
    expect(steps, JSON.stringify(trip?.failures, undefined, 1)).toEqual(known[recipe.name]?.steps ?? []);
    if (steps?.length !== 0) expect(trip?.text).toSatisfy(saysWhatIsLeft);
  });

  it("and what is known not to come through whole is in the corpus", () => {
    expect(Object.keys(known).filter((name) => !corpus.some((it) => it.name === name))).toEqual([]);
  });

  it("and what is written to a field that is named as Keycloak's own is not kept", { timeout: 120_000 }, async () => {
    const admin = keycloakAdmin(rig.url, rig.adminUser, rig.adminPassword);
    const at = await make(admin, { name: "fields of Keycloak's own" });
    try {
      expect(await keptAfterAll(at)).toEqual([]);
    } finally {
      await takeAway(admin, at.realm);
    }
  });

  it("and the fields that are counted are those of this Keycloak", async () => {
    expect(fieldsThere((await acquireKeycloak()).dist)).toEqual(knownFields());
  });
});

describe("the examples of the reference page", () => {
  it("make a realm, and the next plan is empty", { timeout: 600_000 }, async () => {
    const spec = load(exampleFile(), new Map());
    if (!("realm" in spec)) throw new Error(spec.join("\n"));
    const applied = await product.apply(spec);
    expect(applied.outcome, formatApplied(applied)).toBe("applied");
    expect((await product.plan(spec)).steps).toEqual([]);
  });
});
