import { type FamilyId, no, ok, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import { authenticateClient } from "../clients/authenticate.ts";
import type { IssuerDeps } from "../deps.ts";
import { familyKind, refreshId, refreshKind } from "../grants/family.ts";
import { endFamily } from "../grants/refresh.ts";

/**
 * `POST /revoke` (RFC 7009): ends the whole family of a known token of this client, refresh or access token alike; an
 * unknown token is a success, since it opens nothing. If the store fails the answer is 503, never 200 (S-31).
 */
export function revokeRoute(deps: IssuerDeps): Route {
  return { method: "POST", path: "/revoke", tongue: "oauth", handle: (request) => revoke(deps, request) };
}

async function revoke(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
  const client = await authenticateClient(deps, request);
  if (!client.ok) return client;
  const token = request.form.get("token");
  if (token === undefined) return no(refusal("invalid_request", "token is missing"));
  const found = await familyOf(deps, token, client.value.id);
  if (!found.ok) return found;
  const id = found.value;
  const family = id === undefined ? undefined : await deps.store.get(familyKind, id);
  if (id !== undefined && family) await endFamily(deps, id, family, "revoked by the client");
  return ok({ kind: "empty", status: 200 });
}

/** Family of a token, if it is the client's own; another client's token is left alone (RFC 7009 section 2.1). */
async function familyOf(deps: IssuerDeps, token: string, clientId: string): Promise<Result<FamilyId | undefined>> {
  const record = await deps.store.get(refreshKind, refreshId(deps, token));
  if (record) return ok(record.client === clientId ? record.family : undefined);
  const judged = await deps.judge(token);
  if (!judged.ok || judged.value.clientId !== clientId) return ok(undefined);
  // The login is the person's: who only acts in the person's name must not end it. Minutes later the token is over.
  if (judged.value.claims["act"] !== undefined) {
    return no(refusal("unsupported_token_type", "a token made by exchange cannot be revoked; it ends by itself"));
  }
  return ok(judged.value.sid as FamilyId);
}
