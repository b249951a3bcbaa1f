import type { KeycloakAdmin } from "../support/keycloak-admin.ts";
import { type Fields, type Hand, handOn } from "./hand.ts";

/** How one realm of the corpus comes to be: Keycloak's own representation, then what people do by hand. */
export interface Recipe {
  /** What is special about it, in a few words; also its name in results. Of one corpus, no two are alike. */
  readonly name: string;
  /** Name of the realm, where the name itself is what is tried; default: made of `name`. */
  readonly realm?: string;
  /** Members of the representation that it is made with. */
  readonly with?: Fields;
  /** What is done then. */
  readonly byHand?: (hand: Hand) => Promise<unknown>;
}

/** Name of a recipe's realm. */
export const realmOf = ({ name, realm }: Recipe): string =>
  realm ?? `corpus-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;

/** Makes a realm in a real Keycloak, taking the place of one that stands there from an earlier run. */
export async function make(admin: KeycloakAdmin, recipe: Recipe): Promise<Hand> {
  const realm = realmOf(recipe);
  await takeAway(admin, realm);
  await admin.call("POST", "", { realm, enabled: true, ...recipe.with });
  const hand = handOn(admin, realm);
  await recipe.byHand?.(hand);
  return hand;
}

/** Deletes a realm if it is there. */
export async function takeAway(admin: KeycloakAdmin, realm: string): Promise<void> {
  await admin.call("DELETE", `/${encodeURIComponent(realm)}`).catch((thrown: unknown) => {
    if (!String(thrown).includes("HTTP 404")) throw thrown;
  });
}
