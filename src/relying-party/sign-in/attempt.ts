import {
  err,
  type IdentityProviderAlias,
  type Instant,
  memberUsername,
  ok,
  type PageError,
  type Person,
  type Result,
  refusal,
  seconds,
  type TenantName,
  token,
} from "../../core/index.ts";
import type { Cookie } from "../../http/index.ts";
import { type Cost, defineKind, storedRefusal } from "../../store/index.ts";
import { personOf } from "../claims/person.ts";
import type { RelyingPartyDeps } from "../deps.ts";
import type { Realm, Through } from "../realm.ts";
import { keepGrant } from "../realm-grant.ts";
import { attemptCookie, knownIn, notHere, type ReadCookie } from "./attempt-cookie.ts";
import { lackOfProof } from "./proof.ts";

type Deps = Omit<RelyingPartyDeps, "issuer" | "clientKey" | "clientJwks" | "sessions" | "grantEnded">;

/** How far a sign-in is. `arriving` = it came back, and the realm is being asked. */
type Stage = "begun" | "arriving" | "arrived" | "refused";

/** A sign-in under way. The browser holds a reference only (S-18). */
interface Attempt {
  readonly state: Stage;
  readonly tenant: TenantName;
  readonly identityProvider: IdentityProviderAlias;
  readonly nonce: string;
  readonly verifier: string;
  /** Keyed hash of the cookie that binds the attempt to one browser (S-17). */
  readonly browser: string;
  /** Where the person was going; sealed, since it may hold a user code (S-22). */
  readonly returnTo: string;
  /** Set when the person was to prove anew who it is, since then. */
  readonly freshSince?: Instant;
  /** Where the browser was: what it cost there is given back to who comes back. */
  readonly startedFrom?: string;
  /** Keyed hash of the address by which it came back, and when: no other one finishes it. */
  readonly callback?: string;
  readonly cameAt?: Instant;
  /** The session that came of it, sealed; or why none did. */
  readonly session?: string;
  readonly refused?: PageError;
}

export const attemptKind = defineKind<Attempt>()(
  "login",
  [
    "state",
    "tenant",
    "identityProvider",
    "nonce",
    "verifier",
    "browser",
    "returnTo",
    "freshSince",
    "startedFrom",
    "callback",
    "cameAt",
    "session",
    "refused",
  ],
  { stored: { identityProvider: { name: "alias" }, refused: { form: storedRefusal<PageError["code"]>() } } },
);

/**
 * Sign-ins under way from one network. Who comes back signed in costs nothing, so only those that nobody finishes are
 * counted, for as long as they are kept: a school behind one address signs in at eight o'clock, hundreds in a second (S-74).
 */
export const begunPerNetwork = { name: "login-begin", limit: 20_000, window: seconds(600) } as const;
/** The same from everywhere: what anybody can make the store keep has an end (S-56). */
const begunInAll = { name: "login-begin-in-all", limit: 1_000_000, window: seconds(600) } as const;

const beginCosts = ({ networks }: Pick<RelyingPartyDeps, "networks">, address: string): readonly Cost[] => [
  { budget: begunInAll, key: "all" },
  ...networks.costs(begunPerNetwork, address),
];

/** A sign-in that began: where the browser goes, and the cookie that binds it. */
interface Begun {
  readonly location: string;
  readonly cookie: Cookie;
}

/** Begins a sign-in at the tenant's identity provider. */
export async function begin(
  deps: Deps,
  realm: Realm,
  wish: {
    tenant: TenantName;
    identityProvider: IdentityProviderAlias;
    /** As it was typed; a member's account is called by it. */
    email?: string | undefined;
    returnTo: string;
    fresh: boolean;
    address: string;
  },
  cookie: ReadCookie,
): Promise<Result<Begun, PageError>> {
  const [state, nonce, verifier] = [token(deps.random), token(deps.random), token(deps.random)];
  const browser = knownIn(deps, cookie, state) ?? token(deps.random);
  const location = await realm.authorizationUrl({
    state,
    nonce,
    verifier,
    through: throughOf(deps, wish),
    fresh: wish.fresh,
  });
  const attempt: Attempt = {
    state: "begun",
    tenant: wish.tenant,
    identityProvider: wish.identityProvider,
    nonce: deps.seal.encrypt("login", nonce),
    verifier: deps.seal.encrypt("login", verifier),
    browser: deps.seal.hash("login browser", browser),
    returnTo: deps.seal.encrypt("login", wish.returnTo),
    ...(wish.fresh && { freshSince: deps.clock.now() }),
    startedFrom: wish.address,
  };
  const id = deps.seal.hash("login state", state);
  const costs = beginCosts(deps, wish.address);
  if ((await deps.store.put(attemptKind, id, attempt, { ttl: deps.times.loginAttempt }, costs)) === "refused") {
    return err(refusal("too_many_requests", "Too many sign-ins are being started from your network."));
  }
  deps.audit.record("login.started", { tenant: wish.tenant, upstream: wish.identityProvider, address: wish.address });
  return ok({
    location: location.href,
    cookie: { name: attemptCookie(deps, state), value: browser, maxAge: deps.times.loginAttempt },
  });
}

/** Members of an organization sign in at the realm itself, under a name that no other tenant's account has. */
function throughOf(
  { identityProviders }: Pick<Deps, "identityProviders">,
  { identityProvider: alias, email }: Parameters<typeof begin>[2],
): Through {
  const organization = identityProviders.organizationOf(alias);
  if (organization === undefined) return { identityProvider: alias };
  return { organization, username: email === undefined ? undefined : memberUsername(alias, email) };
}

/** A person who came back and is who the tenant's identity provider says. */
interface Arrived {
  readonly person: Person;
  readonly realmGrant: string;
  readonly returnTo: string;
}

/** What came back: the address, and the browser's cookies. */
interface Came {
  readonly callback: URL;
  readonly cookie: ReadCookie;
}

/** A sign-in that came back to the browser it began in. */
export interface Coming {
  readonly id: string;
  readonly attempt: Attempt;
  readonly about: { readonly tenant: TenantName; readonly identityProvider: IdentityProviderAlias };
}

/** Longer than the realm is waited for: who is not back by then is not coming. */
const patience = 30;
/** For this long the same address leads on again: a reload, a browser that fetched it twice. */
const repeatable = seconds(60);

const over = (detail: string) => err(refusal("login_expired", "This sign-in is over or was used before.", detail));

/** What became of a way back: to be finished now; being finished by another request; or how it ended. */
type Claim =
  | { readonly kind: "first" | "under way"; readonly coming: Coming }
  | { readonly kind: "arrived"; readonly session: string; readonly returnTo: string }
  | { readonly kind: "refused"; readonly refusal: PageError; readonly about?: Coming["about"] };

/**
 * The way back (`/login/callback`): one address finishes a sign-in, once, in the browser where it began (S-17). The same address
 * again gets the same outcome there, for a moment; any other one is too late.
 */
export async function claim(deps: Deps, { callback, cookie }: Came): Promise<Claim> {
  const state = callback.searchParams.get("state") ?? "";
  const id = deps.seal.hash("login state", state);
  const attempt = state === "" ? undefined : await deps.store.get(attemptKind, id);
  if (!attempt) return { kind: "refused", refusal: over("unknown state").refusal };
  const about = { tenant: attempt.tenant, identityProvider: attempt.identityProvider };
  const browser = cookie(attemptCookie(deps, state));
  if (browser === undefined || !deps.seal.matches("login browser", browser, attempt.browser)) {
    // Whoever has the address has its code, too: nobody finishes it any more.
    await deps.store.take(attemptKind, id);
    return { kind: "refused", refusal: notHere(deps, cookie), about };
  }
  const came = deps.seal.hash("login callback", JSON.stringify([...callback.searchParams].sort()));
  const patch = { state: "arriving", callback: came, cameAt: deps.clock.now() } as const;
  const first = await deps.store.advance(attemptKind, id, ["begun"], patch);
  if (first.outcome === "won") return { kind: "first", coming: { id, attempt: first.value, about } };
  if (first.outcome === "absent" || first.current.callback !== came) {
    return { kind: "refused", refusal: over("another way back").refusal, about };
  }
  return repeated(deps, { id, attempt: first.current, about });
}

function repeated(deps: Deps, coming: Coming): Claim {
  const { attempt, about } = coming;
  const { state, cameAt = 0, refused } = attempt;
  const age = deps.clock.now() - cameAt;
  if (state === "refused" && refused) return { kind: "refused", refusal: refused, about };
  if (state === "arriving" && age <= patience) return { kind: "under way", coming };
  const session = deps.seal.decrypt("login", attempt.session ?? "");
  const gone = state !== "arrived" || age > repeatable || session === undefined;
  if (gone) return { kind: "refused", refusal: over("used before").refusal, about };
  return { kind: "arrived", session, returnTo: returnToOf(deps, attempt) };
}

const returnToOf = (deps: Deps, attempt: Attempt): string => deps.seal.decrypt("login", attempt.returnTo) ?? "/device";

/** Keeps how it ended, for whoever sends the same address again. */
export async function settle(
  deps: Deps,
  { id }: Coming,
  end: { readonly session: string } | { readonly refused: PageError },
): Promise<void> {
  const patch =
    "session" in end
      ? ({ state: "arrived", session: deps.seal.encrypt("login", end.session) } as const)
      : ({ state: "refused", refused: end.refused } as const);
  await deps.store.advance(attemptKind, id, ["arriving"], patch, { ttl: repeatable });
}

/** It could not be finished (the realm, the store or the audit failed): the same address may be tried again. */
export async function release(deps: Deps, { id }: Coming): Promise<void> {
  await deps.store.advance(attemptKind, id, ["arriving"], { state: "begun" });
}

/** Asks the realm who came back. Throws `Fault` when it does not answer. */
export async function arrive(
  deps: Deps,
  realm: Realm,
  callback: URL,
  { attempt }: Coming,
): Promise<Result<Arrived, PageError>> {
  const expected = {
    state: callback.searchParams.get("state") ?? "",
    nonce: deps.seal.decrypt("login", attempt.nonce) ?? "",
    verifier: deps.seal.decrypt("login", attempt.verifier) ?? "",
  };
  const answer = await realm.redeem(callback, expected);
  if (!answer.ok) return answer;
  const person = await personOf(deps, answer.value);
  if (!person.ok) return person;
  if (person.value.tenant !== attempt.tenant) {
    const message = `You are signed in at ${person.value.tenant}, but ${attempt.tenant} was asked for.`;
    return err(refusal("wrong_tenant", message));
  }
  // The realm remembered a sign-in through another of the tenant's identity providers (S-37).
  if (person.value.identityProvider !== attempt.identityProvider) {
    const message = `You are signed in through ${person.value.identityProvider}, but ${attempt.identityProvider} was asked for.`;
    return err(refusal("wrong_tenant", message));
  }
  const returnTo = returnToOf(deps, attempt);
  if (attempt.freshSince !== undefined) {
    const lack = lackOfProof(deps.options, person.value, { since: attempt.freshSince, returnTo });
    if (lack) return err(lack);
  }
  const grant = await keepGrant(deps, answer.value, person.value);
  if (!grant.ok) return grant;
  if (attempt.startedFrom !== undefined) await deps.store.spendAll(beginCosts(deps, attempt.startedFrom), -1);
  return ok({
    person: person.value,
    realmGrant: grant.value,
    returnTo,
  });
}
