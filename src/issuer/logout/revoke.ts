import type { LoginId } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { livingLogin, withdraw } from "../logins/living.ts";
import { loginKind, refreshId, refreshKind } from "../logins/login.ts";
import type { VerifiedToken } from "../tokens/verify.ts";

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "audit" | "notifyClient" | "verifyAccessToken">;

/**
 * Ends what a token of a client stands for: a refresh token its whole login, an access token itself, since targets are handed
 * those and may end what they were given, but not the login (S-84). A token that is unknown, or another client's, opens
 * nothing, and nothing is done.
 */
export async function revokeToken(deps: Deps, client: string, token: string): Promise<void> {
  const record = await deps.store.get(refreshKind, refreshId(deps, token));
  if (record?.client === client) await endLoginOf(deps, record.login);
  const verified = record ? undefined : await deps.verifyAccessToken(token);
  if (verified?.ok && verified.value.clientId === client) await revokeAccess(deps, verified.value);
}

async function endLoginOf(deps: Deps, id: LoginId): Promise<void> {
  const login = await deps.store.get(loginKind, id);
  if (login) await endLogin(deps, id, login, "revoked by the client");
}

async function revokeAccess(deps: Deps, token: VerifiedToken): Promise<void> {
  const login = await livingLogin(deps, token);
  if (!login) return;
  // A login that cannot be renewed has given its own client this token and no other: nothing is left of it.
  const isAll = token.clientId === login.client && !login.scope.includes("offline_access");
  if (isAll) return endLoginOf(deps, token.sid as LoginId);
  const { clientId: client, sid, audience } = token;
  const fields = { client, sub: login.person.sub, login: sid, audience };
  await deps.audit.before([["token.revoked", fields]], () => withdraw(deps, token));
}
