import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { revokeToken } from "../logout/revoke.ts";
import { clientOf } from "./client.ts";

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "networks" | "notifyClient" | "seal" | "store" | "verifyAccessToken"
>;

/** `POST /revoke` (RFC 7009). If the store fails the answer is 503, never 200 (S-31). */
export function revokeRoute(deps: Deps): Route {
  return { method: "POST", path: "/revoke", errorFormat: "oauth", handle: (request) => revoke(deps, request) };
}

async function revoke(deps: Deps, request: Request): Promise<Result<Reply, OAuthError>> {
  const client = await clientOf(deps, request);
  if (!client.ok) return client;
  const token = request.form.get("token");
  if (token === undefined) return err(refusal("invalid_request", "token is missing"));
  await revokeToken(deps, client.value.id, token);
  return ok({ kind: "empty", status: 200 });
}
