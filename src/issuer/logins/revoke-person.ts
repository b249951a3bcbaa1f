import { clockSkew, type Seconds, type SubjectId, seconds } from "../../core/index.ts";
import { type Session, sessionsOf } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Login, loginKind } from "./login.ts";

/** What hangs on a person now. */
interface PersonReach {
  readonly logins: readonly Login[];
  readonly sessions: readonly Session[];
}

/** Logins and browser sessions of a person, for showing. */
export async function reachOf(deps: Pick<IssuerDeps, "store">, sub: SubjectId): Promise<PersonReach> {
  const logins = await deps.store.list(loginKind, { kind: "person", sub });
  return { logins: logins.map(({ value }) => value), sessions: await sessionsOf(deps.store, sub) };
}

/**
 * For this long nothing new is kept for a person who was revoked: a login that was confirmed before may be fetched until
 * its code ends, and must not bring anything back.
 */
export const refusedAfterRevoke = (times: { readonly deviceCode: Seconds }): Seconds =>
  seconds(times.deviceCode + clockSkew);

/**
 * Ends everything that is kept for a person, in one step: logins, refresh tokens, sessions, what the realm gave. The
 * clouds are told by a running broker, at its next round.
 */
export async function revokePerson(
  deps: Pick<IssuerDeps, "store" | "audit"> & { readonly times: { readonly deviceCode: Seconds } },
  sub: SubjectId,
  detail: string,
  ended: (sub: SubjectId) => Promise<void>,
): Promise<PersonReach> {
  deps.audit.check();
  const reach = await reachOf(deps, sub);
  const { logins, sessions } = reach;
  const fields = { sub, logins: String(logins.length), sessions: String(sessions.length), detail };
  await deps.audit.before([["people.revoked", fields]], async () => {
    await deps.store.revoke({ kind: "person", sub }, refusedAfterRevoke(deps.times));
    await ended(sub);
  });
  return reach;
}
