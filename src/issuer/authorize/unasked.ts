import type { Session } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { loginKind } from "../logins/login.ts";
import { decideRights } from "../logins/rights.ts";
import type { AuthorizationRequest, Unanswerable } from "./request.ts";
import { anotherPerson, isAnother, isTooOld } from "./sign-in.ts";

type Deps = Pick<IssuerDeps, "issuer" | "clients" | "store" | "policy" | "clock">;

/**
 * Whether the person need not be asked, since a login that was confirmed for this client lives, with the same target and all
 * of the scope. The login itself is the memory (decision 0047): whoever ends it, ends that too. A device login is none; what
 * was confirmed there came from a terminal.
 */
export async function isRemembered(
  { clients, store }: Pick<IssuerDeps, "clients" | "store">,
  { person }: Session,
  asked: AuthorizationRequest,
): Promise<boolean> {
  if (clients.get(asked.client)?.consent !== "remember") return false;
  if (asked.prompt === "consent" || asked.prompt === "select_account") return false;
  // What lives on without the person is confirmed each time (OpenID Core section 11).
  if (asked.scope.includes("offline_access")) return false;
  const logins = await store.list(loginKind, { kind: "person", sub: person.sub });
  return logins.some(
    ({ value: { client, loginMethod, target, scope } }) =>
      client === asked.client &&
      loginMethod === "browser" &&
      target === asked.target &&
      asked.scope.every((name) => scope.includes(name)),
  );
}

/** A `prompt=none` answer that gives no login. */
const lacking = ({ redirectUri, state }: AuthorizationRequest, error: string, message: string): Unanswerable => ({
  kind: "redirect",
  redirectUri,
  ...(state !== undefined && { state }),
  error,
  message,
});

/** Nobody is signed in whom the request could be answered for. */
export const loginRequired = (asked: AuthorizationRequest, message: string): Unanswerable =>
  lacking(asked, "login_required", message);

/** What `prompt=none` lacks to be answered with a code; `undefined` when nothing (OpenID Core section 3.1.2.6). */
export async function missingFor(
  deps: Deps,
  session: Session | undefined,
  asked: AuthorizationRequest,
): Promise<Unanswerable | undefined> {
  if (!session) return loginRequired(asked, "nobody is signed in");
  if (isAnother(asked, session)) return loginRequired(asked, anotherPerson);
  if (isTooOld(deps.clock, asked, session)) return loginRequired(asked, "the sign-in is too old");
  const rights = decideRights(
    deps,
    { person: session.person, client: asked.client, loginMethod: "browser" },
    asked.target,
  );
  if (!rights.ok) return lacking(asked, "access_denied", rights.refusal.message);
  const remembered = await isRemembered(deps, session, asked);
  return remembered ? undefined : lacking(asked, "consent_required", "the login is to be confirmed on a page");
}
