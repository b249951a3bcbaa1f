import { Fault, type TenantName } from "../../../core/index.ts";
import { type BrokerState, listPeopleByName } from "../../../operations/index.ts";
import type { Policy } from "../../../policy/index.ts";
import { readPolicy } from "../files.ts";

/** The policy of a broker's own configuration. */
export function ownPolicy({ config, clock }: Pick<BrokerState, "config" | "clock">): Promise<Policy> {
  const { policies, policyRepository } = config;
  return readPolicy({ clock }, [...policies, ...(policyRepository ? [policyRepository.folder] : [])]);
}

/** What people are called, by their ids; nothing of whom nobody remembers, or where the store is not to be had. */
export async function namesOf(state: BrokerState): Promise<ReadonlyMap<string, string>> {
  // What another process keeps in its memory is out of reach.
  if (state.config.store.kind === "memory") return new Map();
  try {
    const tenants: TenantName[] = [...(await ownPolicy(state)).tenants.keys()];
    const people = await listPeopleByName({ tenants }, state);
    return new Map(people.map(({ sub, username }) => [sub, username]));
  } catch (problem) {
    if (problem instanceof Fault) return new Map();
    throw problem;
  }
}
