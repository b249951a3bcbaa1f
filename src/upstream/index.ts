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
  return { routes: loginRoutes(deps, realm), recheck: (id) => recheck(deps, realm, id) };
}
