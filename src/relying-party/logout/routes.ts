import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";
import type { Realm } from "../realm.ts";
import { realmGrantKind, realmTag } from "../realm-grant.ts";
import { createLogoutTokenVerifier, type Ended, useUp } from "./logout-token.ts";

/** Where the realm tells us that a session of its has ended. */
const realmLogoutPath = "/upstream/logout";

/**
 * Back-channel logout from the realm (OpenID Connect Back-Channel Logout 1.0): every browser session and login that came
 * of the ended session ends at once, without waiting for the next refresh.
 */
export function realmLogoutRoute(
  deps: Pick<RelyingPartyDeps, "options" | "store" | "clock" | "seal" | "times" | "grantEnded">,
  realm: Pick<Realm, "jwksUri">,
): Route {
  const verifyLogoutToken = createLogoutTokenVerifier(deps, () => realm.jwksUri());
  return {
    method: "POST",
    path: realmLogoutPath,
    errorFormat: "oauth",
    handle: async (request: Request): Promise<Result<Reply, OAuthError>> => {
      const token = request.form.get("logout_token");
      if (token === undefined) return err(refusal("invalid_request", "logout_token is missing"));
      const ended = await verifyLogoutToken(token);
      if (!ended.ok) return ended;
      await end(deps, ended.value);
      await useUp(deps, ended.value);
      return ok({ kind: "empty", status: 200 });
    },
  };
}

/** A token that names a session ends that one only, and all of the person's when it names none (section 2.6). */
async function end(
  deps: Pick<RelyingPartyDeps, "store" | "seal" | "times" | "grantEnded">,
  { subject, session }: Ended,
): Promise<void> {
  const tag =
    session !== undefined ? realmTag(deps.seal, "session", session) : realmTag(deps.seal, "subject", subject ?? "");
  for (const { id } of await deps.store.list(realmGrantKind, tag)) {
    await deps.grantEnded(id);
    await deps.store.take(realmGrantKind, id);
  }
  // A sign-in of that session may be under way: what it brings later is not kept.
  if (session !== undefined) await deps.store.revoke(tag, deps.times.loginAttempt);
}
