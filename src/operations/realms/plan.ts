import type { Clock, Random } from "../../core/index.ts";
import { planRealm, planRemoval } from "../../realms/index.ts";
import type { Lookup } from "../../yaml/index.ts";
import { type MadePlan, makePlans } from "../plans/plan-source.ts";
import type { Listener } from "../progress.ts";
import { carryOut, type RealmsWanted, reachRealms } from "./reach.ts";

/** What operations on realms work with. */
export interface RealmDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly lookup: Lookup;
  readonly listener: Listener;
}

/** Plans what makes the realms as the files say. Throws `Fault` when Keycloak does not answer. Writes nothing. */
export async function planRealms(wanted: RealmsWanted, deps: RealmDeps): Promise<MadePlan[]> {
  const { clock, random, listener } = deps;
  const things = reachRealms(wanted, deps).map(({ spec, connection, discover, inFiles }) => ({
    name: `realm ${spec.realm}`,
    plan: async () => carryOut(await planRealm(spec, connection, { clock, random, discover, inFiles })),
  }));
  return makePlans(things, listener);
}

/** Plans what takes out of the realms what is ours, and nothing else. Throws `Fault` as above. Writes nothing. */
export async function planRealmRemovals(wanted: RealmsWanted, deps: RealmDeps): Promise<MadePlan[]> {
  const { clock, random, listener } = deps;
  const things = reachRealms(wanted, deps).map(({ spec, connection }) => ({
    name: spec.realm,
    plan: async () => carryOut(await planRemoval(spec, connection, { clock, random })),
  }));
  return makePlans(things, listener);
}
