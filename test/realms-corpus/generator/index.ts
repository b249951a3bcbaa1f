import type { Fields, Hand } from "../hand.ts";
import type { Recipe } from "../recipe.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { clientFrom, scopeMappingsFrom, scopesFrom } from "./clients.ts";
import { nameFrom } from "./names.ts";
import { identityProvidersFrom, makeOrganizations } from "./providers.ts";
import {
  changeComponents,
  changeProfile,
  changeRequiredActions,
  makeClientPolicies,
  makeFlows,
  writeTexts,
} from "./rest.ts";
import { groupsFrom, heldFrom, rolesFrom } from "./rights.ts";
import { settingsFrom } from "./settings.ts";

/** What is done by hand after the realm is made, where a representation does not hold it. */
const doings: readonly ((at: Hand, chance: Chance) => Promise<void>)[] = [
  ...[makeFlows, changeRequiredActions, changeProfile, changeComponents, makeClientPolicies, writeTexts],
];

/** A realm by its seed: random members of every kind of object, the same each time. */
export function generated(seed: number): Recipe {
  const chance = chanceOf(seed);
  const clients = Array.from({ length: chance.below(4) }, (_, nth) => nameFrom(chance, nth));
  const held = heldFrom(chance, clients);
  const parts: readonly (() => Fields)[] = [
    () => settingsFrom(chance),
    () => ({ roles: rolesFrom(chance, held), groups: groupsFrom(chance, held) }),
    () => identityProvidersFrom(chance, held),
  ];
  const some = chance.someOf(parts).map((part) => part());
  const representation: Fields = Object.assign({}, ...some);
  const roles = {
    roles: { realm: held.roles.map((name) => ({ name })), client: {}, ...(representation["roles"] as Fields) },
  };
  const organizationsEnabled = chance.is(0.3);
  const scopes = chance.is(0.4) ? scopesFrom(chance) : [];
  const mappings =
    chance.is(0.4) && representation["roles"] !== undefined ? scopeMappingsFrom(chance, clients, held) : {};
  const doing = chance.someOf(doings, 3);
  return {
    name: `seed ${seed}`,
    with: {
      ...{ ...representation, ...roles, organizationsEnabled, ...mappings },
      clients: clients.map((id) => clientFrom(chance, id)),
    },
    byHand: async (at) => {
      for (const scope of scopes) await at.post("/client-scopes", scope);
      const providers = (representation["identityProviders"] ?? []) as readonly { alias: string }[];
      if (organizationsEnabled)
        await makeOrganizations(
          at,
          chance,
          providers.map(({ alias }) => alias),
        );
      for (const each of doing) await each(at, chance);
    },
  };
}
