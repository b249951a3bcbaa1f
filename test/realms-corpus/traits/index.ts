import type { Recipe } from "../recipe.ts";
import { clientTraits } from "./clients.ts";
import { componentTraits } from "./components.ts";
import { flowTraits } from "./flows.ts";
import { providerTraits } from "./identity-providers.ts";
import { madeByKeycloak } from "./made-by-keycloak.ts";
import { nameTraits } from "./names.ts";
import { peopleTraits } from "./people.ts";
import { realmTraits } from "./realm.ts";
import { seldomSaid } from "./seldom-said.ts";

/** Small realms with one trait each. */
export const traits: readonly Recipe[] = [
  ...realmTraits,
  ...madeByKeycloak,
  ...nameTraits,
  ...clientTraits,
  ...peopleTraits,
  ...providerTraits,
  ...flowTraits,
  ...componentTraits,
  ...seldomSaid,
];
