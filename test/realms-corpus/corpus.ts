import { generated } from "./generator/index.ts";
import { livedRealms } from "./lived.ts";
import { olderRealms } from "./older.ts";
import { make, type Recipe, takeAway } from "./recipe.ts";
import { type RoundTrip, roundTrip, type World } from "./round-trip.ts";
import { traits } from "./traits/index.ts";

const seeds = 200;

/** All realms of the corpus, in their order: small ones first. */
export const corpus: readonly Recipe[] = [
  ...traits,
  ...livedRealms,
  ...olderRealms,
  ...Array.from({ length: seeds }, (_, nth) => generated(nth + 1)),
];

/** Those of which `npm test` takes the round trip: half of the traits, a realm that lived, an older one, the first generated ones. */
export const selection: readonly Recipe[] = [
  ...traits.filter((_, nth) => nth % 2 === 0),
  ...livedRealms.slice(0, 1),
  ...olderRealms.slice(0, 1),
  ...corpus.slice(traits.length + livedRealms.length + olderRealms.length).slice(0, 8),
];

/** How often the second property is tried: the first costs a realm, this one two applies more. */
const everyThird = 3;

/**
 * A round trip of each; every third also by way of another realm's file, which is imported from one of the corpus first.
 */
export async function tripsOn(world: Omit<World, "between">): Promise<(recipe: Recipe) => Promise<RoundTrip>> {
  const between = await otherFile(world);
  return (recipe) => {
    const nth = corpus.findIndex(({ name }) => name === recipe.name);
    return roundTrip(recipe, nth % everyThird === 0 ? { ...world, between: { text: between, seed: nth } } : world);
  };
}

/** The file of a realm with a few of everything that an import can say. */
async function otherFile({ admin, product }: Pick<World, "admin" | "product">): Promise<string> {
  const { realm } = await make(admin, otherState);
  try {
    return await product.importFrom(realm);
  } finally {
    await takeAway(admin, realm);
  }
}

const otherState: Recipe = {
  name: "another state",
  with: {
    ...{ displayName: "Another", accessTokenLifespan: 99, registrationAllowed: true, eventsEnabled: true },
    roles: { realm: [{ name: "another" }, { name: "reader", description: "Of another" }] },
    groups: [{ name: "staff", attributes: { of: ["another"] }, realmRoles: ["another"] }],
    clients: [{ clientId: "desk", publicClient: true, redirectUris: ["https://another.example/"] }],
  },
  byHand: async (at) => {
    await at.post("/client-scopes", { name: "another", protocol: "openid-connect" });
    await at.post("/authentication/flows/browser/copy", { newName: "another browser" });
  },
};
