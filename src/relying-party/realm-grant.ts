import {
  composed,
  err,
  type Instant,
  loosely,
  ok,
  type PageError,
  type Person,
  type Result,
  refusal,
  type Seal,
  type SubjectId,
  seconds,
  token,
  usernameThere,
} from "../core/index.ts";
import { defineKind, type Tag } from "../store/index.ts";
import { personOf } from "./claims/person.ts";
import type { RelyingPartyDeps } from "./deps.ts";
import type { Realm, RealmAnswer } from "./realm.ts";

/** What the realm gave us for one sign-in: its refresh token, sealed. Sessions and logins refer to it by id. */
interface RealmGrant {
  readonly state: "live";
  readonly sub: SubjectId;
  readonly subject: string;
  readonly refreshToken: string;
  readonly askedAt: Instant;
}

export const realmGrantKind = defineKind<RealmGrant>()("upstream-grant", [
  "state",
  "sub",
  "subject",
  "refreshToken",
  "askedAt",
]);

type Deps = Pick<
  RelyingPartyDeps,
  "store" | "seal" | "clock" | "random" | "times" | "identityProviders" | "options" | "fetch" | "policy" | "provisioned"
>;

const sealPurpose = "upstream refresh token";

/**
 * The tags by which an operator finds who signed in under a name, to the letter and loosely; the store does not learn
 * the name (S-22).
 */
export const namedTag = (
  seal: Pick<Seal, "hash">,
  how: "exactly" | "loosely",
  identityProvider: string,
  name: string,
): Tag => {
  const known = how === "exactly" ? composed(name) : loosely(name);
  return { kind: "named", hash: seal.hash("person name", JSON.stringify([how, identityProvider, known])) };
};

/** Every name under which the person may be asked for: the identity provider's, and the one that Keycloak made of it. */
function namedTags(seal: Pick<Seal, "hash">, person: Person): Tag[] {
  const { identityProvider: upstream, preferredUsername: shown } = person;
  const names = [usernameThere(person), ...(shown.startsWith(`${upstream}.`) ? [shown] : [])];
  return [...new Set(names)].flatMap((name) =>
    (["exactly", "loosely"] as const).map((how) => namedTag(seal, how, upstream, name)),
  );
}

/** The tags by which the realm's word that a session, or all of a person's, has ended finds our grants. */
export const realmTag = (seal: Pick<Seal, "hash">, what: "session" | "subject", id: string): Tag => ({
  kind: `realm-${what}`,
  hash: seal.hash(`realm ${what}`, id),
});

/** The realm's refresh token behind a grant, in clear. */
export const refreshTokenOf = (deps: Pick<RelyingPartyDeps, "seal">, grant: RealmGrant): string | undefined =>
  deps.seal.decrypt(sealPurpose, grant.refreshToken);

/** Keeps what re-checks need; lives as long as anything that may refer to it. */
export async function keepGrant(
  deps: Pick<Deps, "store" | "seal" | "clock" | "random" | "times" | "provisioned">,
  answer: RealmAnswer,
  person: Person,
): Promise<Result<string, PageError>> {
  if (answer.refreshToken === undefined) {
    const detail = "the realm gave no refresh token; is offline_access allowed to our client?";
    return err(refusal("login_failed", "The identity provider does not allow logins to be renewed.", detail));
  }
  const id = token(deps.random, 16);
  const grant: RealmGrant = {
    state: "live",
    sub: person.sub,
    subject: person.realmSubject,
    refreshToken: deps.seal.encrypt(sealPurpose, answer.refreshToken),
    askedAt: deps.clock.now(),
  };
  const { sid } = answer.claims;
  const tags: Tag[] = [
    { kind: "person", sub: person.sub },
    ...namedTags(deps.seal, person),
    ...deps.provisioned.tagsOf(person),
    realmTag(deps.seal, "subject", person.realmSubject),
    ...(typeof sid === "string" ? [realmTag(deps.seal, "session", sid)] : []),
  ];
  const kept = await deps.store.put(realmGrantKind, id, grant, {
    ttl: seconds(deps.times.session + deps.times.login),
    tags,
  });
  if (kept === "revoked") {
    const message = "An operator ended all of your logins a moment ago. Sign in again in a few minutes.";
    return err(refusal("logins_ended", message, "the person was revoked"));
  }
  // Whom the directory took out before the grant could be found by it.
  const refused = await deps.provisioned.refuses(person);
  if (refused) await deps.store.take(realmGrantKind, id);
  return refused ? err(refused) : ok(id);
}

/** Asks the realm, and through it the customer's identity provider, about the person behind a grant again. */
export async function recheck(
  deps: Omit<Deps, "random" | "times">,
  realm: Realm,
  id: string,
): Promise<Result<Person, PageError>> {
  const grant = await deps.store.get(realmGrantKind, id);
  const refreshToken = grant && refreshTokenOf(deps, grant);
  if (!grant || refreshToken === undefined)
    return err(refusal("login_expired", "The login is over.", "the realm grant is gone"));
  const answer = await realm.refresh(refreshToken, grant.subject);
  if (!answer.ok) return answer;
  if (answer.value.claims["sub"] !== grant.subject) {
    return err(refusal("login_failed", "The login is over.", "the realm answered with another subject"));
  }
  const sealed = deps.seal.encrypt(sealPurpose, answer.value.refreshToken ?? refreshToken);
  await deps.store.advance(realmGrantKind, id, ["live"], { refreshToken: sealed, askedAt: deps.clock.now() });
  return personOf(deps, answer.value);
}

/** Ends a sign-in at the realm. Throws `Fault` when the realm does not answer: then it is still kept, and can be ended later. */
export async function forget(deps: Pick<Deps, "store" | "seal">, realm: Realm, id: string): Promise<void> {
  const grant = await deps.store.get(realmGrantKind, id);
  const refreshToken = grant && refreshTokenOf(deps, grant);
  if (refreshToken !== undefined) await realm.revoke(refreshToken);
  await deps.store.take(realmGrantKind, id);
}
