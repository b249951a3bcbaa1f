import {
  type Instant,
  no,
  ok,
  type Person,
  provedSince,
  type Result,
  refusal,
  seconds,
  type TenantName,
  token,
  type UpstreamAlias,
} from "../../core/index.ts";
import { type Cookie, cookieName } from "../../http/index.ts";
import { type Cost, defineKind } from "../../store/index.ts";
import type { UpstreamDeps } from "../deps.ts";
import { keepGrant, personOf } from "../grant.ts";
import type { Realm } from "../realm.ts";

/** A sign-in under way. The browser holds a reference only (S-18). */
interface Attempt {
  readonly tenant: TenantName;
  readonly alias: UpstreamAlias;
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
}

const attemptKind = defineKind<Attempt>()("login", [
  "tenant",
  "alias",
  "nonce",
  "verifier",
  "browser",
  "returnTo",
  "freshSince",
  "startedFrom",
]);

/**
 * Sign-ins under way from one network. Who comes back signed in costs nothing, so only those that nobody finishes are
 * counted, for as long as they are kept: a school behind one address signs in at eight o'clock, hundreds in a second (S-74).
 */
export const begunPerNetwork = { name: "login-begin", limit: 20_000, window: seconds(600) } as const;
/** The same from everywhere: what anybody can make the store keep has an end (S-56). */
export const begunInAll = { name: "login-begin-in-all", limit: 1_000_000, window: seconds(600) } as const;

const beginCosts = ({ networks }: Pick<UpstreamDeps, "networks">, address: string): readonly Cost[] => [
  { budget: begunInAll, key: "all" },
  ...networks.costs(begunPerNetwork, address),
];

/** Cookie that binds a sign-in to the browser it began in. */
export const attemptCookie = (deps: Pick<UpstreamDeps, "insecure">): string =>
  cookieName("cloudpass-login", deps.insecure);

/** A sign-in that began: where the browser goes, and the cookie that binds it. */
export interface Begun {
  readonly location: string;
  readonly cookie: Cookie;
}

/** Begins a sign-in at the tenant's identity provider. */
export async function begin(
  deps: UpstreamDeps,
  realm: Realm,
  wish: { tenant: TenantName; alias: UpstreamAlias; returnTo: string; fresh: boolean; address: string },
): Promise<Result<Begun>> {
  const [state, nonce, verifier, browser] = [
    token(deps.random),
    token(deps.random),
    token(deps.random),
    token(deps.random),
  ];
  const location = await realm.authorizationUrl({ state, nonce, verifier, alias: wish.alias, fresh: wish.fresh });
  const attempt: Attempt = {
    tenant: wish.tenant,
    alias: wish.alias,
    nonce: deps.seal.close("login", nonce),
    verifier: deps.seal.close("login", verifier),
    browser: deps.seal.hash("login browser", browser),
    returnTo: deps.seal.close("login", wish.returnTo),
    ...(wish.fresh && { freshSince: deps.clock.now() }),
    startedFrom: wish.address,
  };
  const id = deps.seal.hash("login state", state);
  const costs = beginCosts(deps, wish.address);
  if ((await deps.store.put(attemptKind, id, attempt, { ttl: deps.times.loginAttempt }, costs)) === "refused") {
    return no(refusal("too_many_requests", "Too many sign-ins are being started from your network."));
  }
  deps.audit.record("login.started", { tenant: wish.tenant, upstream: wish.alias, address: wish.address });
  return ok({
    location: location.href,
    cookie: { name: attemptCookie(deps), value: browser, maxAge: deps.times.loginAttempt },
  });
}

/** A person who came back and is who the tenant's identity provider says. */
export interface Arrived {
  readonly person: Person;
  readonly upstreamGrant: string;
  readonly returnTo: string;
}

/** Asked again, it would answer the same: a loop in the browser, and no proof. */
const notProved = ({ authTime }: Person) =>
  no(
    refusal(
      "login_failed",
      "Your identity provider did not ask you again who you are.",
      authTime === undefined
        ? "the realm does not say when the person proved who it is (auth_time): give our client the scope basic"
        : "the realm remembered the person and asked for no proof",
    ),
  );

/** The way back (`/login/callback`): state is taken once, bound to this browser, then the realm is asked. */
export async function arrive(
  deps: UpstreamDeps,
  realm: Realm,
  came: { callback: URL; browser: string | undefined },
): Promise<Result<Arrived> & { tenant?: TenantName; upstream?: UpstreamAlias }> {
  const state = came.callback.searchParams.get("state") ?? "";
  const attempt = state === "" ? undefined : await deps.store.take(attemptKind, deps.seal.hash("login state", state));
  if (!attempt) return no(refusal("login_expired", "This sign-in is over or was used before.", "unknown state"));
  const about = { tenant: attempt.tenant, upstream: attempt.alias };
  if (came.browser === undefined || !deps.seal.matches("login browser", came.browser, attempt.browser)) {
    const because = "the callback came from another browser";
    return { ...no(refusal("login_failed", "This sign-in began in another browser.", because)), ...about };
  }
  const expected = {
    state,
    nonce: deps.seal.open("login", attempt.nonce) ?? "",
    verifier: deps.seal.open("login", attempt.verifier) ?? "",
  };
  const answer = await realm.redeem(came.callback, expected);
  if (!answer.ok) return { ...answer, ...about };
  const person = await personOf(deps, answer.value);
  if (!person.ok) return { ...person, ...about };
  if (person.value.tenant !== attempt.tenant) {
    const says = `You are signed in at ${person.value.tenant}, but ${attempt.tenant} was asked for.`;
    return { ...no(refusal("wrong_tenant", says)), ...about };
  }
  const stale = attempt.freshSince !== undefined && !provedSince(person.value, attempt.freshSince);
  if (stale) return { ...notProved(person.value), ...about };
  const grant = await keepGrant(deps, answer.value, person.value);
  if (!grant.ok) return { ...grant, ...about };
  if (attempt.startedFrom !== undefined) await deps.store.spendAll(beginCosts(deps, attempt.startedFrom), -1);
  return ok({
    person: person.value,
    upstreamGrant: grant.value,
    returnTo: deps.seal.open("login", attempt.returnTo) ?? "/device",
  });
}
