import { type Claims, type Instant, no, ok, type Person, type Result, refusal, seconds, token } from "../core/index.ts";
import { defineKind } from "../store/index.ts";
import { readPerson } from "./claims/person.ts";
import { recheckClaims } from "./claims/recheck.ts";
import type { UpstreamDeps } from "./deps.ts";
import type { Realm, RealmAnswer } from "./realm.ts";

/** What the realm gave us for one sign-in: its refresh token, sealed. Sessions and families refer to it by id. */
interface UpstreamGrant {
  readonly state: "live";
  readonly subject: string;
  readonly refreshToken: string;
  readonly askedAt: Instant;
}

const grantKind = defineKind<UpstreamGrant>()("upstream-grant", ["state", "subject", "refreshToken", "askedAt"]);

const sealPurpose = "upstream refresh token";

/** The person of an answer of the realm, with the customer's identity provider's claims as they are now. */
export async function personOf(deps: UpstreamDeps, answer: RealmAnswer): Promise<Result<Person>> {
  const first = readPerson(deps, answer.claims, deps.clock.now());
  if (!first.ok) return first;
  const claims: Result<Claims> = await recheckClaims(deps, first.value.upstream, answer.claims, answer.accessToken);
  return claims.ok ? ok({ ...first.value, claims: claims.value }) : claims;
}

/** Keeps what re-checks need; lives as long as anything that may refer to it. */
export async function keepGrant(deps: UpstreamDeps, answer: RealmAnswer, subject: string): Promise<Result<string>> {
  if (answer.refreshToken === undefined) {
    const because = "the realm gave no refresh token; is offline_access allowed to our client?";
    return no(refusal("login_failed", "The identity provider does not allow logins to be renewed.", because));
  }
  const id = token(deps.random, 16);
  const grant: UpstreamGrant = {
    state: "live",
    subject,
    refreshToken: deps.seal.close(sealPurpose, answer.refreshToken),
    askedAt: deps.clock.now(),
  };
  await deps.store.put(grantKind, id, grant, { ttl: seconds(deps.times.session + deps.times.family) });
  return ok(id);
}

/** Asks the realm, and through it the customer's identity provider, about the person behind a grant again. */
export async function recheck(deps: UpstreamDeps, realm: Realm, id: string): Promise<Result<Person>> {
  const grant = await deps.store.get(grantKind, id);
  const refreshToken = grant && deps.seal.open(sealPurpose, grant.refreshToken);
  if (!grant || refreshToken === undefined)
    return no(refusal("login_expired", "The login is over.", "the upstream grant is gone"));
  const answer = await realm.refresh(refreshToken, grant.subject);
  if (!answer.ok) return answer;
  if (answer.value.claims["sub"] !== grant.subject) {
    return no(refusal("login_failed", "The login is over.", "the realm answered with another subject"));
  }
  const sealed = deps.seal.close(sealPurpose, answer.value.refreshToken ?? refreshToken);
  await deps.store.advance(grantKind, id, ["live"], { refreshToken: sealed, askedAt: deps.clock.now() });
  return personOf(deps, answer.value);
}
