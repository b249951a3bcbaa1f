import type { Observed } from "../reconcile/index.ts";
import { type RealmAccess, realmAccess } from "./access.ts";
import type { Keycloak } from "./connection.ts";
import { kinds } from "./kinds/index.ts";
import type { Remote } from "./kinds/kind.ts";
import { readRealm } from "./reading.ts";

const taken = new WeakMap<Keycloak, Map<string, Promise<readonly Observed<Remote>[]>>>();

/**
 * What this Keycloak puts into every new realm, as if it stood in the given one. No list of ours would be right for
 * long: each version brings other clients, flows and scopes. So a realm is made, read, and deleted; once per connection.
 * The account must be allowed to create realms.
 */
export async function baselineFor(at: RealmAccess): Promise<readonly Observed<Remote>[]> {
  const organizations = (await at.settings())?.organizationsEnabled === true;
  const known = taken.get(at.keycloak) ?? new Map<string, Promise<readonly Observed<Remote>[]>>();
  taken.set(at.keycloak, known);
  const kept = known.get(String(organizations)) ?? take(at.keycloak, organizations);
  known.set(String(organizations), kept);
  // Its default role and the addresses of its own clients hold the realm's name.
  return JSON.parse(JSON.stringify(await kept).replaceAll(scratchName, at.realm)) as Observed<Remote>[];
}

async function take(keycloak: Keycloak, organizationsEnabled: boolean): Promise<readonly Observed<Remote>[]> {
  const realm = `cloudpass-baseline-${keycloak.nonce()}`;
  const doing = "make a scratch realm, to see what Keycloak puts into every realm";
  const body = { realm, enabled: false, organizationsEnabled };
  await keycloak.call(doing, "once", (client) => client.realms.create(body));
  keycloak.forgetToken();
  try {
    const observed = await readRealm(realmAccess(keycloak, realm), [], new Set(kinds.map((kind) => kind.rule.kind)));
    return JSON.parse(JSON.stringify(observed).replaceAll(realm, scratchName)) as Observed<Remote>[];
  } finally {
    await keycloak.call("delete the scratch realm", "remove", (client) => client.realms.del({ realm }));
  }
}

/** Stands for the realm's name in a kept baseline. */
const scratchName = "cloudpass-baseline-realm";
