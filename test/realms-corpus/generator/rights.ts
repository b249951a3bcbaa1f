import type { Fields } from "../hand.ts";
import type { Chance } from "./chance.ts";
import { attributesFrom, nameFrom, textFrom } from "./names.ts";

/** Names of what a generated realm holds, for what refers to them. */
export interface Held {
  readonly roles: readonly string[];
  /** Roles of clients, by client id. */
  readonly clientRoles: Readonly<Record<string, readonly string[]>>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth);

/** Names of roles of the realm and of the clients given. */
export const heldFrom = (chance: Chance, clients: readonly string[]): Held => ({
  roles: numbers(1 + chance.below(4)).map((nth) => nameFrom(chance, nth)),
  clientRoles: Object.fromEntries(
    chance.someOf(clients).map((id) => [id, numbers(1 + chance.below(2)).map((nth) => nameFrom(chance, nth))]),
  ),
});

/** Some of the roles that are held, of the realm and of clients. */
function someRoles(chance: Chance, held: Held): { realm: string[]; client: Record<string, string[]> } {
  const client = Object.entries(held.clientRoles).map(([id, names]) => [id, chance.someOf(names)] as const);
  return {
    realm: chance.someOf(held.roles, 2),
    client: Object.fromEntries(client.filter(([, names]) => names.length > 0)),
  };
}

/** The member `roles` of a realm's representation. */
export function rolesFrom(chance: Chance, held: Held): Fields {
  const role = (name: string) => {
    const more = chance.membersOf({ description: textFrom(chance), attributes: attributesFrom(chance) });
    if (!chance.is(0.3)) return { name, ...more };
    const { realm, client } = someRoles(chance, held);
    const composites = { realm: realm.filter((it) => it !== name), client };
    return { name, ...more, composite: true, composites };
  };
  const client = Object.entries(held.clientRoles).map(([id, names]) => [id, names.map(role)]);
  return { realm: held.roles.map(role), client: Object.fromEntries(client) };
}

/** The member `groups` of a realm's representation. */
export function groupsFrom(chance: Chance, held: Held, depth = 0): Fields[] {
  return numbers(1 + chance.below(3)).map((nth) => {
    const { realm, client } = someRoles(chance, held);
    return {
      name: nameFrom(chance, nth),
      ...chance.membersOf({
        description: textFrom(chance),
        attributes: attributesFrom(chance),
        realmRoles: realm,
        clientRoles: client,
      }),
      ...(depth < 2 && chance.is(0.4) && { subGroups: groupsFrom(chance, held, depth + 1) }),
    };
  });
}
