import { type PageError, refusal } from "../../core/index.ts";
import { cookieName } from "../../http/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";

type Deps = Pick<RelyingPartyDeps, "seal" | "insecure">;

/** Reads a cookie of the browser that asks. */
export type ReadCookie = (name: string) => string | undefined;

/** Cookies that sign-ins are bound by: several tabs may sign in at once, and none takes another's. */
const slots = 8;
const cookieOf = ({ insecure }: Pick<Deps, "insecure">, slot: number): string =>
  cookieName(`cloudpass-login-${slot}`, insecure);

/** Cookie that binds the sign-in of a state to the browser it began in. */
export const attemptCookie = (deps: Deps, state: string): string =>
  cookieOf(deps, (deps.seal.hash("login slot", state).codePointAt(0) ?? 0) % slots);

/** The value that this cookie has in the browser: another sign-in may wait for it. */
export function knownIn(deps: Deps, cookie: ReadCookie, state: string): string | undefined {
  const known = cookie(attemptCookie(deps, state));
  return known !== undefined && /^[\w-]{43}$/.test(known) ? known : undefined;
}

/** Why the cookie does not fit: this browser keeps none, or it is not the one where the sign-in began. */
export function notHere(deps: Pick<Deps, "insecure">, cookie: ReadCookie): PageError {
  const keepsAny = Array.from({ length: slots }, (_, slot) => cookie(cookieOf(deps, slot))).some(
    (value) => value !== undefined,
  );
  return keepsAny
    ? refusal("other_browser", "This sign-in began in another browser.", "the callback came from another browser")
    : refusal("no_cookie", "This browser sent no cookie back.", "the callback came without any cookie of ours");
}
