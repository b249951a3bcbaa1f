import type { Person, Result, SubjectId } from "../core/index.ts";
import type { Route } from "../http/index.ts";
import type { UpstreamDeps } from "./deps.ts";
import { forget, recheck } from "./grant.ts";
import { loginRoutes } from "./login/routes.ts";
import { realmLogoutRoute } from "./logout/routes.ts";
import { findNamed, type RealmSessions, realmSessionsOf } from "./people.ts";
import { connectRealm } from "./realm.ts";

export type { ClientKey, UpstreamDeps, UpstreamOptions } from "./deps.ts";
export type { RealmSessions } from "./people.ts";
export { gatedStore } from "./providers/gated-store.ts";
export { openProviders, type Providers } from "./providers/providers.ts";
export type { ProviderTables, ReadTables, RecheckRule, StageRule } from "./providers/tables.ts";

/** What an operator's command asks about people. */
export interface UpstreamPeople {
  /** Subjects that are signed in under a name of an identity provider. */
  named(alias: string, name: string): Promise<readonly SubjectId[]>;
  /** A person's sessions at the realm. */
  realmSessions(sub: SubjectId): Promise<RealmSessions>;
}

/** The operator's view, without a running broker. */
export function upstreamPeople(
  deps: Pick<UpstreamDeps, "issuer" | "options" | "clientKey" | "clock" | "store" | "seal">,
): UpstreamPeople {
  const realm = connectRealm(deps);
  return {
    named: (alias, name) => findNamed(deps, alias, name),
    realmSessions: (sub) => realmSessionsOf(deps, realm, sub),
  };
}

/** We as relying party of the Keycloak realm. */
export interface Upstream {
  readonly routes: readonly Route[];
  /** The person as it is now; a refusal when it may log in no more. Throws `Fault` when nobody answers. */
  recheck(upstreamGrant: string): Promise<Result<Person>>;
  /** Ends a sign-in at the realm too. Throws `Fault` when it does not answer. */
  forget(upstreamGrant: string): Promise<void>;
}

/** Connects to the realm; nothing is asked before the first login. */
export function createUpstream(deps: UpstreamDeps): Upstream {
  const realm = connectRealm(deps);
  return {
    routes: [...loginRoutes(deps, realm), realmLogoutRoute(deps, realm)],
    recheck: sharing((id) => recheck(deps, realm, id)),
    forget: (id) => forget(deps, realm, id),
  };
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
