import type { Observed } from "../reconcile/index.ts";
import { asFields, type RealmAccess, type Representation, realmAccess } from "./access.ts";
import type { Keycloak } from "./connection.ts";
import { kinds } from "./kinds/index.ts";
import type { Remote } from "./kinds/kind.ts";
import { readRealm } from "./reading.ts";

type Baseline = Promise<readonly Observed<Remote>[]>;
const taken = new WeakMap<Keycloak, Map<string, Baseline>>();

/** Settings of a realm that bring objects with them: a client, scopes, steps of flows. */
const bringing = ["organizationsEnabled", "adminPermissionsEnabled", "verifiableCredentialsEnabled"] as const;

/** Which of the features that bring objects are on. */
export const switchesOf = (settings: Representation): readonly string[] =>
  bringing.filter((name) => settings[name] === true);

/** What this Keycloak puts into every new realm with the features of the given one, as if it stood there. */
export const baselineFor = async (at: RealmAccess): Baseline =>
  baselineWith(at, switchesOf(asFields((await at.settings()) ?? {})));

/**
 * What this Keycloak puts into every new realm with these features on. No list of ours would be right for long: each
 * version brings other clients, flows and scopes. So a realm is made, read, and deleted; once per connection. The account
 * must be allowed to create realms.
 */
export async function baselineWith(at: RealmAccess, switches: readonly string[]): Baseline {
  const known = taken.get(at.keycloak) ?? new Map<string, Baseline>();
  taken.set(at.keycloak, known);
  const name = [...switches].sort().join();
  const kept = known.get(name) ?? take(at.keycloak, switches);
  known.set(name, kept);
  kept.catch(() => known.delete(name));
  return renamed(await kept, at.realm);
}

/** Keycloak's default role and the addresses of its own clients hold the realm's name; the role's in small letters. */
function renamed(kept: readonly Observed<Remote>[], realm: string): readonly Observed<Remote>[] {
  const written = (name: string) => JSON.stringify(name).slice(1, -1);
  // A function, since a text would have its $ understood.
  const text = JSON.stringify(kept)
    .replaceAll(`default-roles-${scratchName}`, () => `default-roles-${written(realm.toLowerCase())}`)
    .replaceAll(`/realms/${scratchName}/`, () => `/realms/${encodeURIComponent(realm)}/`)
    .replaceAll(`/admin/${scratchName}/`, () => `/admin/${encodeURIComponent(realm)}/`)
    .replaceAll(scratchName, () => written(realm));
  return JSON.parse(text) as Observed<Remote>[];
}

async function take(keycloak: Keycloak, switches: readonly string[]): Baseline {
  const realm = `${scratchPrefix}${keycloak.nonce()}`;
  const doing = "make a scratch realm, to see what Keycloak puts into every realm";
  const body = { realm, enabled: false, ...Object.fromEntries(switches.map((name) => [name, true])) };
  await keycloak.call(doing, "once", (client) => client.realms.create(body));
  keycloak.forgetToken();
  try {
    const all = new Set(kinds.map((kind) => kind.rule.kind));
    const { observed: read } = await readRealm(realmAccess(keycloak, realm), [], all);
    // The features are the given realm's, not every new one's.
    const off = Object.fromEntries(switches.map((name) => [name, false]));
    const observed = read.map((o) => (o.kind === "realm" ? { ...o, fields: { ...o.fields, ...off } } : o));
    return JSON.parse(JSON.stringify(observed).replaceAll(realm, scratchName)) as Observed<Remote>[];
  } finally {
    const remove = () => keycloak.call("delete the scratch realm", "remove", (client) => client.realms.del({ realm }));
    // Nobody uses it; Keycloak answers 500 all the same while another realm goes.
    await remove().catch(remove);
  }
}

const scratchPrefix = "cloudpass-baseline-";
/** True for a realm that a run of ours made to look at, and that may stand for a moment. */
export const isScratch = (realm: string): boolean => realm.startsWith(scratchPrefix);

/** Stands for the realm's name in a kept baseline. */
const scratchName = "cloudpass-baseline-realm";
