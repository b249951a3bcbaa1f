import { Fault, type PageError, type Person, type Result, type SubjectId } from "../core/index.ts";
import type { Route } from "../http/index.ts";
import type { Tag } from "../store/index.ts";
import type { RelyingPartyDeps } from "./deps.ts";
import { realmLogoutRoute } from "./logout/routes.ts";
import { connectRealm } from "./realm.ts";
import { forget, recheck } from "./realm-grant.ts";
import { findNamed, findProvisioned, type RealmSessions, realmSessionsOf } from "./realm-people.ts";
import { signInRoutes } from "./sign-in/routes.ts";

export type { RelyingPartyDeps } from "./deps.ts";
export { gatedStore } from "./identity-providers/gated-store.ts";
export { type IdentityProviders, openIdentityProviders } from "./identity-providers/identity-providers.ts";
export type { IdentityProviderTables, ReadTables, RecheckRule, StageRule } from "./identity-providers/tables.ts";

/** What an operator's command asks about people. */
export interface RealmPeople {
  /** Subjects that are signed in under a name of an identity provider. */
  named(identityProvider: string, name: string): Promise<readonly SubjectId[]>;
  /** A person's sessions at the realm. */
  realmSessions(sub: SubjectId): Promise<RealmSessions>;
}

/** The operator's view, without a running broker. */
export function realmPeople(
  deps: Pick<RelyingPartyDeps, "issuer" | "options" | "clientKey" | "clock" | "store" | "seal">,
): RealmPeople {
  const realm = connectRealm(deps);
  return {
    named: (identityProvider, name) => findNamed(deps, identityProvider, name),
    realmSessions: (sub) => realmSessionsOf(deps, realm, sub),
  };
}

/**
 * Whether the realm takes our key: it is asked to refresh with what is no refresh token. Whom it knows is told so; whom it
 * does not know is refused before. Never throws.
 */
export async function realmTakesKey(
  deps: Pick<RelyingPartyDeps, "issuer" | "options" | "clientKey" | "clock">,
): Promise<"yes" | "no" | "no answer"> {
  const realm = connectRealm(deps);
  try {
    await realm.refresh("no-refresh-token", "nobody");
    return "yes";
  } catch (problem) {
    const cause = problem instanceof Fault ? problem.cause : problem;
    const error = typeof cause === "object" && cause !== null ? Reflect.get(cause, "error") : undefined;
    const status = typeof cause === "object" && cause !== null ? Reflect.get(cause, "status") : undefined;
    return error === "invalid_client" || error === "unauthorized_client" || status === 401 ? "no" : "no answer";
  }
}

/** We as relying party of the Keycloak realm. */
interface RelyingParty {
  readonly routes: readonly Route[];
  /** The person as it is now; a refusal when it may no longer log in. Throws `Fault` when nobody answers. */
  recheck(realmGrant: string): Promise<Result<Person, PageError>>;
  /** Ends a sign-in at the realm too. Throws `Fault` when it does not answer. */
  forget(realmGrant: string): Promise<void>;
  /** A person's sessions at the realm. */
  realmSessions(sub: SubjectId): Promise<RealmSessions>;
  /** Who is signed in under a tag of a directory. */
  provisionedAs(tag: Tag): Promise<readonly SubjectId[]>;
}

/** Connects to the realm; nothing is asked before the first login. */
export function createRelyingParty(deps: RelyingPartyDeps): RelyingParty {
  const realm = connectRealm(deps);
  return {
    routes: [...signInRoutes(deps, realm), realmLogoutRoute(deps, realm)],
    recheck: sharing((id) => recheck(deps, realm, id)),
    forget: (id) => forget(deps, realm, id),
    realmSessions: (sub) => realmSessionsOf(deps, realm, sub),
    provisionedAs: (tag) => findProvisioned(deps, tag),
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
