import {
  authorizationRequestLife,
  err,
  isToken,
  ok,
  type PageError,
  type Result,
  refusal,
  token,
} from "../../core/index.ts";
import { type Cookie, cookieName, type Session } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import {
  type PendingAuthorization,
  pendingAuthorizationKind,
  tooMany,
  waitingRequests,
} from "./pending-authorization.ts";
import type { FoundRequest } from "./pushed.ts";
import type { AuthorizationRequest } from "./request.ts";

type Deps = Pick<IssuerDeps, "issuer" | "seal" | "random" | "clock" | "networks" | "store">;

/** Reads a cookie of the browser that asks. */
type ReadCookie = (name: string) => string | undefined;

/** Cookies that requests are bound by: of two that begin at the same moment, neither takes the other's (decision 0040). */
const slots = 8;
const pendingCookie = ({ issuer }: Pick<Deps, "issuer">, slot: number): string =>
  cookieName(`cloudpass-authorize-${slot}`, issuer.startsWith("http:"));
const cookieOf = (deps: Pick<Deps, "issuer" | "seal">, handle: string): string =>
  pendingCookie(deps, (deps.seal.hash("authorization slot", handle).codePointAt(0) ?? 0) % slots);

/** The browser's cookie of an earlier request that may still wait: another one must not end it. */
function knownBrowser(deps: Deps, cookie: ReadCookie, handle: string): string | undefined {
  const known = cookie(cookieOf(deps, handle));
  return known !== undefined && /^[\w-]{43}$/.test(known) ? known : undefined;
}

/** A request that waits for a person: what names it, and the cookie that binds it to the browser it came from (S-18). */
interface Waiting {
  readonly handle: string;
  readonly pending: PendingAuthorization;
  readonly cookie: Cookie;
}

/** Keeps a request that came from a browser at an address; `pushed` is what it was pushed as. */
export async function keepWaiting(
  deps: Deps,
  request: AuthorizationRequest,
  from: { readonly address: string; readonly cookie: ReadCookie },
  pushed: FoundRequest | undefined,
): Promise<Result<Waiting, PageError>> {
  const handle = token(deps.random, 16);
  const browser = knownBrowser(deps, from.cookie, handle) ?? token(deps.random);
  const pending: PendingAuthorization = {
    state: "waiting",
    request,
    browser: deps.seal.hash("authorization browser", browser),
    startedAt: deps.clock.now(),
    startedFrom: from.address,
    ...(pushed && { pushed: pushed.id, ...(pushed.startedFrom !== undefined && { pushedFrom: pushed.startedFrom }) }),
  };
  const costs = deps.networks.costs(waitingRequests, from.address);
  const put = await deps.store.put(pendingAuthorizationKind, handle, pending, { ttl: authorizationRequestLife }, costs);
  if (put === "refused") return tooMany("Too many logins are being started from your network.");
  const cookie = { name: cookieOf(deps, handle), value: browser, maxAge: authorizationRequestLife };
  return ok({ handle, pending, cookie });
}

/** The pending authorization behind a handle, if it began in this very browser; it may be decided. */
export async function findWaiting(
  deps: Pick<Deps, "issuer" | "seal" | "store">,
  handle: string,
  { cookie, session }: { readonly cookie: ReadCookie; readonly session: Session | undefined },
): Promise<Result<PendingAuthorization, PageError>> {
  const bound = cookie(cookieOf(deps, handle));
  const pending = isToken(handle) ? await deps.store.get(pendingAuthorizationKind, handle) : undefined;
  const keepsAny = Array.from({ length: slots }, (_, slot) => cookie(pendingCookie(deps, slot))).some((c) => c);
  if (pending && !keepsAny && !session) return err(refusal("no_cookie", "This browser sent no cookie back."));
  if (!pending || bound === undefined || !deps.seal.matches("authorization browser", bound, pending.browser)) {
    return err(refusal("login_expired", "This login is over, or began in another browser."));
  }
  return ok(pending);
}
