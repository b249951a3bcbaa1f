import { type BearerError, err, ok, type Result, refusal } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { decideRights } from "../logins/rights.ts";
import { personClaims } from "../tokens/claims.ts";
import { readPresented } from "../tokens/presented.ts";
import type { VerifiedToken } from "../tokens/verify.ts";

type Deps = Pick<
  IssuerDeps,
  "clients" | "clock" | "issuer" | "networks" | "policy" | "seal" | "store" | "verifyAccessToken"
>;

/**
 * `GET` and `POST /userinfo` (OpenID Core section 5.3): who the person is, by the scopes of the token. Takes tokens for
 * the issuer itself, and those that a target's own client holds for its target, since such a client gets no other; then
 * with the groups of that target (mod_auth_openidc reads them here). A token that somebody else got for the target is
 * refused: a cloud it was handed to must not use it against us.
 */
export function userinfoRoutes(deps: Deps): Route[] {
  const handle = (request: Request) => userinfo(deps, request);
  return [
    { method: "GET", path: "/userinfo", errorFormat: "bearer", handle },
    { method: "POST", path: "/userinfo", errorFormat: "bearer", body: "none", handle },
  ];
}

async function userinfo(deps: Deps, request: Request): Promise<Result<Reply, BearerError>> {
  const ownTarget = (token: VerifiedToken) => deps.clients.get(token.clientId)?.target;
  const accepts = (token: VerifiedToken) => token.audience === deps.issuer || token.audience === ownTarget(token);
  const presented = await readPresented(deps, request, accepts);
  if (!presented.ok) return presented;
  const { token, login } = presented.value;
  if (!token.scope.includes("openid")) return err(refusal("insufficient_scope", "the scope openid is needed"));
  const { person, client, loginMethod } = login;
  const target = token.audience === deps.issuer ? undefined : ownTarget(token);
  const rights = decideRights(deps, { person, client, loginMethod }, target);
  const groups = rights.ok ? rights.value.groups : [];
  return ok(json({ sub: person.sub, ...personClaims(person, token.scope), ...(target !== undefined && { groups }) }));
}
