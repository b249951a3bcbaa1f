import type { Session } from "../session/session.ts";
import { type ListedCloud, listTargets } from "../session/targets.ts";
import type { WantedCloud } from "./entries.ts";

/** What the person may use, and what has no name yet. */
export interface Usable {
  readonly clouds: readonly ListedCloud[];
  readonly wanted: readonly WantedCloud[];
  /** Clouds and domains of which every project may be used: which there are, only the cloud knows. */
  readonly open: readonly { readonly cloud: string; readonly domain: string }[];
}

/** The clouds where the person has a right, each with every place that the right names. */
export async function usableClouds(session: Session): Promise<Usable> {
  const { targets } = await listTargets(session);
  const clouds = targets.flatMap((target) => (target.kind === "openstack" ? [target] : []));
  const wanted = new Map<string, WantedCloud>();
  const open = new Map<string, Usable["open"][number]>();
  for (const cloud of clouds) {
    for (const { scope } of cloud.entitlements) {
      const key = JSON.stringify([cloud.name, scope]);
      if (scope.kind === "inherited") open.set(key, { cloud: cloud.name, domain: scope.domain });
      if (scope.kind === "project" || scope.kind === "domain")
        wanted.set(key, { cloud: cloud.name, authUrl: cloud.auth_url, scope });
    }
  }
  return { clouds, wanted: [...wanted.values()], open: [...open.values()] };
}
