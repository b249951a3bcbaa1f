import type { Recipe } from "../recipe.ts";
import { clientTraits } from "./clients.ts";
import { realmTraits } from "./realm.ts";

/** Small realms with one trait each. */
export const traits: readonly Recipe[] = [...realmTraits, ...clientTraits];
