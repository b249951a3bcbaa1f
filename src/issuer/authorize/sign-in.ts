import { type Clock, provedSince } from "../../core/index.ts";
import { type Reply, type Session, seeOther } from "../../http/index.ts";
import type { PendingAuthorization } from "./pending-authorization.ts";
import type { AuthorizationRequest } from "./request.ts";

/** Why nobody is answered for when somebody else is signed in (OpenID Core section 3.1.2.2). */
export const anotherPerson = "another person is signed in than id_token_hint names";

/** True when the request names one person and another one is signed in. */
export const isAnother = ({ subject }: AuthorizationRequest, { person }: Session): boolean =>
  subject !== undefined && subject !== person.sub;

/**
 * True when the person proved who it is longer ago than `max_age` allows: at the realm, which may only remember, or not
 * say when that was (S-75).
 */
export const isTooOld = (clock: Clock, { maxAge }: AuthorizationRequest, { person }: Session): boolean =>
  maxAge !== undefined && (person.authTime === undefined || clock.now() - person.authTime > maxAge);

/**
 * True when the person must prove again who it is, as `prompt=login`, `max_age` or a hint at somebody else ask. Whoever
 * did so since the request came has, and is not asked twice; a session that the realm only remembered is no proof.
 */
export function mustSignInAgain(clock: Clock, { request, startedAt }: PendingAuthorization, session: Session): boolean {
  if (session.startedAt >= startedAt && provedSince(session.person, startedAt)) return false;
  return request.prompt === "login" || isAnother(request, session) || isTooOld(clock, request, session);
}

/** Where the person signs in for a request; `fresh` has the realm ask too, whatever session it remembers. */
export const signInAt = (handle: string, fresh: boolean): Reply =>
  seeOther(`/login?${fresh ? "fresh=yes&" : ""}flow=${handle}`);
