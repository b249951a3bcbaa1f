import type { Person, Result } from "../core/index.ts";
import type { Route } from "../http/index.ts";
import type { UpstreamDeps } from "./deps.ts";
import { recheck } from "./grant.ts";
import { loginRoutes } from "./login/routes.ts";
import { connectRealm } from "./realm.ts";

export type { ClientKey, RecheckRule, UpstreamDeps, UpstreamOptions } from "./deps.ts";

/** We as relying party of the Keycloak realm. */
export interface Upstream {
  readonly routes: readonly Route[];
  /** The person as it is now; a refusal when it may log in no more. Throws `Fault` when nobody answers. */
  recheck(upstreamGrant: string): Promise<Result<Person>>;
}

/** Connects to the realm; nothing is asked before the first login. */
export function createUpstream(deps: UpstreamDeps): Upstream {
  const realm = connectRealm(deps);
  return { routes: loginRoutes(deps, realm), recheck: sharing((id) => recheck(deps, realm, id)) };
}

/**
 * Callers at the same time share one answer: a realm that rotates refresh tokens takes the second use of one for theft,
 * and would end every login of this browser because two terminals were busy at once.
 */
function sharing<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (id) => {
    const known = underWay.get(id);
    if (known) return known;
    const asked = ask(id).finally(() => underWay.delete(id));
    underWay.set(id, asked);
    return asked;
  };
}
