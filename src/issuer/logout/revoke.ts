import { err, type FamilyId, ok, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import { authenticateClient } from "../clients/authenticate.ts";
import type { IssuerDeps } from "../deps.ts";
import { familyKind, refreshId, refreshKind } from "../grants/family.ts";
import { endFamily } from "../grants/refresh.ts";
import { livingLogin, withdraw } from "../tokens/living.ts";
import type { VerifiedToken } from "../tokens/verify.ts";

/**
 * `POST /revoke` (RFC 7009): a refresh token ends its whole login, an access token itself, since targets are handed those
 * and may end what they were given, but not the login (S-84). A token that is unknown, or another client's, is a success:
 * it opens nothing. If the store fails the answer is 503, never 200 (S-31).
 */
export function revokeRoute(deps: IssuerDeps): Route {
  return { method: "POST", path: "/revoke", errorFormat: "oauth", handle: (request) => revoke(deps, request) };
}

async function revoke(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
  const client = await authenticateClient(deps, request);
  if (!client.ok) return client;
  const token = request.form.get("token");
  if (token === undefined) return err(refusal("invalid_request", "token is missing"));
  const { id } = client.value;
  const record = await deps.store.get(refreshKind, refreshId(deps, token));
  if (record?.client === id) await endLogin(deps, record.family);
  const verified = record ? undefined : await deps.verifyAccessToken(token);
  if (verified?.ok && verified.value.clientId === id) await revokeAccess(deps, verified.value);
  return ok({ kind: "empty", status: 200 });
}

async function endLogin(deps: IssuerDeps, id: FamilyId): Promise<void> {
  const family = await deps.store.get(familyKind, id);
  if (family) await endFamily(deps, id, family, "revoked by the client");
}

async function revokeAccess(deps: IssuerDeps, token: VerifiedToken): Promise<void> {
  const family = await livingLogin(deps, token);
  if (!family) return;
  // A login that cannot be renewed has given its own client this token and no other: nothing is left of it.
  const isAll = token.clientId === family.client && !family.scope.includes("offline_access");
  if (isAll) return endLogin(deps, token.sid as FamilyId);
  const { clientId: client, sid, audience } = token;
  const fields = { client, sub: family.person.sub, family: sid, audience };
  await deps.audit.before([["token.revoked", fields]], () => withdraw(deps, token));
}
