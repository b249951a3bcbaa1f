import { longestAccessToken, type Seconds, seconds } from "../core/index.ts";
import { cloudMemory, type RemoteTarget } from "../policy/index.ts";

/** An API server remembers a token that it has let in for this long, and nothing sets it (kube-apiserver 1.36). */
const apiServerCache = 10;

/**
 * How long a right may still be honoured after it was lost at the identity provider, when nobody pushes: a token issued just before
 * lives on; on a cloud a login with it in its last moment brings a token of Keystone's, and memberships from which
 * application credentials live.
 */
export function worstCase(target: RemoteTarget): Seconds {
  if (target.kind === "kubernetes") return seconds(longestAccessToken + apiServerCache);
  return seconds(longestAccessToken + cloudMemory(target));
}

/** The same for a person: `cloud gx1: … at most 75 min`. */
export function formatWorstCase(target: RemoteTarget): string {
  const kind = target.kind === "openstack" ? "cloud" : "cluster";
  const minutes = Math.ceil(worstCase(target) / 60);
  const more =
    target.kind === "openstack"
      ? ", with Keystone's tokens of one hour; a broker's push and people revoke are quicker"
      : "; nothing but its own end ends a token there";
  return `${kind} ${target.name}: a right lost at the identity provider is honoured ${worstCase(target)} s (${minutes} min) more at most${more}`;
}
