import { setImmediate as nextTurn } from "node:timers/promises";
import type { TargetName } from "../../core/index.ts";
import { keystoneUserId } from "../../targets/index.ts";
import { readRequest } from "../access/record.ts";
import type { Caller, ReachableTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import type { Entry } from "./everybody.ts";
import { seeClouds } from "./projects/list.ts";

/** Who was found, and where it could not be looked. */
interface PeopleFound {
  readonly found: readonly Entry[];
  /** Clouds that were not looked at for a Keystone user id: what the tenant's domain is called there is not known now. */
  readonly notLookedAt: readonly TargetName[];
}

/**
 * Those in whose name, user name, address or id the text occurs, whatever the case; whom a Keystone user id of one of the tenant's
 * clouds is of; and who asked for what has this id of an access request.
 */
export async function searchPeople(
  all: readonly Entry[],
  search: string,
  deps: ConsoleDeps,
  caller: Caller,
  { tenant }: ReachableTenant,
): Promise<PeopleFound> {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return { found: all, notLookedAt: [] };
  const request = await readRequest(deps, wanted);
  // Of another tenant's request nothing is told, not even that it is one (S-46).
  const asker = request?.tenant === tenant.name ? request.sub : undefined;
  const { user, notLookedAt } = await byKeystoneId(all, wanted, deps, caller, tenant);
  const found = all.filter(({ sub, text }) => text.includes(wanted) || sub === asker || sub === user?.sub);
  return { found, notLookedAt };
}

/** What a Keystone user id of a person looks like. */
const keystoneId = /^[0-9a-f]{64}$/;
/** So many ids are made in one turn of the event loop: a token request must not wait for a search. */
const idsInATurn = 2_000;

async function byKeystoneId(
  all: readonly Entry[],
  wanted: string,
  deps: ConsoleDeps,
  caller: Caller,
  tenant: ReachableTenant["tenant"],
): Promise<{ readonly user: Entry | undefined; readonly notLookedAt: readonly TargetName[] }> {
  if (!keystoneId.test(wanted)) return { user: undefined, notLookedAt: [] };
  const clouds = await seeClouds(deps, caller, tenant);
  const notLookedAt = clouds.flatMap(({ cloud, domainId }) => (domainId === undefined ? [cloud] : []));
  for (const { domainId } of clouds) {
    if (domainId === undefined) continue;
    for (let start = 0; start < all.length; start += idsInATurn) {
      const user = all.slice(start, start + idsInATurn).find(({ sub }) => keystoneUserId(domainId, sub) === wanted);
      if (user !== undefined) return { user, notLookedAt: [] };
      await nextTurn();
    }
  }
  return { user: undefined, notLookedAt };
}
