import type { LoginId } from "../../core/index.ts";
import type { Cookie, Session } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Login, loginKind } from "../logins/login.ts";

type Deps = Pick<IssuerDeps, "store" | "times" | "audit" | "notifyClient">;

/** Signs a person out: the session, every login that was confirmed in it, and the sign-in at the realm. Answers the cookie that says so. */
export async function signOut(
  deps: Deps & Pick<IssuerDeps, "sessions" | "relyingParty">,
  session: Session,
  address: string,
): Promise<Cookie> {
  const { sub, tenant } = session.person;
  const fields = { sub, tenant, address };
  const cookie = await deps.audit.before([["session.ended", fields]], () => deps.sessions.end(session));
  // Ours first: if the realm does not answer, nothing of ours lives on.
  await endLogins(deps, session.realmGrant, "signed out");
  await deps.relyingParty.forget(session.realmGrant);
  return cookie;
}

/** Ends every login and browser session that came of one sign-in at the realm, and tells the clients. Answers the logins. */
export async function endLogins(deps: Deps, realmGrant: string, detail: string): Promise<readonly Login[]> {
  const signIn = { kind: "sign-in", realmGrant } as const;
  const logins = await deps.store.list(loginKind, signIn);
  const entries = logins.map(
    ({ id, value: { person, client } }) => ["family.revoked", { login: id, sub: person.sub, client, detail }] as const,
  );
  await deps.audit.before(entries, () => deps.store.revoke(signIn, deps.times.login));
  for (const { id, value } of logins) deps.notifyClient(id as LoginId, value);
  return logins.map(({ value }) => value);
}
