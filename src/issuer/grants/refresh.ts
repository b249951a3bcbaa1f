import { Bug, err, type LoginId, type OAuthError, ok, type Result, refusal, seconds } from "../../core/index.ts";
import type { Client } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { type Login, loginKind, refreshId, refreshKind } from "../logins/login.ts";
import { recheckAndNotify } from "../logins/recheck.ts";
import { decideRights, readResource } from "../logins/rights.ts";
import { mayRepeat, rotate } from "../logins/rotation.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

/** How often one login may be renewed; each time leaves a record until it ends. A person has dozens of targets, not hundreds. */
export const refreshesPerLogin = { name: "refresh-by-login", limit: 120, window: seconds(60) } as const;

const over = (detail: string) =>
  err(refusal("invalid_grant", "the login is over, was revoked, or the token was used before: log in again", detail));

type Deps = Pick<
  IssuerDeps,
  "audit" | "clock" | "events" | "issuer" | "notifyClient" | "policy" | "relyingParty" | "seal" | "store"
>;

/** Parameters of the grant (RFC 6749 section 6, RFC 8707). */
export interface RefreshParameters {
  readonly refreshToken: string;
  readonly scope: string | undefined;
  readonly resource: string | undefined;
}

/**
 * `grant_type=refresh_token` (RFC 6749 section 6, with `resource` of RFC 8707). Asks the realm and the policy again
 * before anything is rotated, so that a fault costs nobody a login.
 */
export async function refresh(
  deps: Deps,
  { client, jkt, address, parameters }: TokenRequest<RefreshParameters>,
): Promise<Result<Granted, OAuthError>> {
  const { refreshToken: presented } = parameters;
  const arrivedAt = deps.clock.now();
  const tokenId = refreshId(deps, presented);
  const record = await deps.store.get(refreshKind, tokenId);
  if (!record) return over("unknown refresh token");
  if (record.client !== client.id) return over("the token is another client's");
  const login = await deps.store.get(loginKind, record.login);
  if (!login || deps.clock.now() >= login.expiresAt) return over("the login is gone");
  // Before anything else: whoever lacks the key is not the client, and must not be able to end its login either.
  if (login.jkt !== undefined && login.jkt !== jkt) return refuseKey(deps, record.login, login, address);
  const used = { token: presented, id: tokenId, record, client, login, arrivedAt };
  if (!(await mayRepeat(deps, used))) return replayed(deps, record.login, login, address);
  const target = readResource(deps, client.target ?? login.target, parameters.resource);
  if (!target.ok) return target;
  const scope = readScope({ id: client.id, scopes: login.scope }, parameters.scope ?? login.scope.join(" "));
  if (!scope.ok) return scope;
  const budget = await deps.store.spend(refreshesPerLogin, record.login);
  if (!budget.granted) return err(refusal("too_many_requests", "this login is renewed too often: wait a minute"));
  const again = await askAgain(deps, record.login, login);
  if (!again.ok) return again;
  const asking = { person: again.value.person, client: client.id, loginMethod: login.loginMethod };
  const rights = decideRights(deps, asking, target.value);
  if (!rights.ok) return refuseTarget(deps, { client, address, id: record.login, login: again.value }, rights.refusal);
  const successor = await rotate(deps, { ...used, login: again.value });
  if (!successor.ok) return successor;
  if (successor.value === "replayed") return replayed(deps, record.login, login, address);
  // RFC 6749 section 6: this answer may have less scope than the login, which keeps its own for the next one.
  const { value: current } = again;
  const refreshToken = successor.value;
  return ok({ loginId: record.login, login: current, rights: rights.value, scope: scope.value, refreshToken });
}

/** A refresh token without its key was taken from somebody: it opens nothing (RFC 9449 section 5). */
function refuseKey(deps: Deps, id: LoginId, login: Login, address: string): Result<never, OAuthError> {
  const { client, person } = login;
  const detail = "the request does not prove the key that the login is bound to";
  deps.audit.record("token.refused", { client, login: id, sub: person.sub, code: "invalid_grant", detail, address });
  return err(refusal("invalid_grant", detail));
}

/** The realm's present word on the person; the login keeps it. */
async function askAgain(deps: Deps, id: LoginId, login: Login): Promise<Result<Login, OAuthError>> {
  if (login.behind.kind === "robot") throw new Bug("a robot has no refresh token");
  const person = await recheckAndNotify(deps, login.person, login.behind.realmGrant);
  if (!person.ok) {
    await endLogin(deps, id, login, person.refusal.detail ?? person.refusal.code);
    return over(person.refusal.detail ?? person.refusal.message);
  }
  const kept = await deps.store.advance(loginKind, id, ["live"], {
    person: person.value,
    refreshedAt: deps.clock.now(),
  });
  return kept.outcome === "won" ? ok(kept.value) : over("the login went meanwhile");
}

/** A token used again after its time: somebody has a copy. Everything of this login ends (RFC 9700 section 4.14). */
async function replayed(deps: Deps, id: LoginId, login: Login, address: string) {
  deps.audit.record("refresh.replayed", { client: login.client, login: id, sub: login.person.sub, address });
  await endLogin(deps, id, login, "a refresh token was used twice");
  return over("replayed");
}

/** No right on the one target of the client = no login any more; on one of many = just no token for that one. */
function refuseTarget(
  deps: Deps,
  { client, address, id, login }: { client: Client; address: string; id: LoginId; login: Login },
  why: OAuthError,
): Result<never, OAuthError> {
  const code = client.target === undefined ? "invalid_target" : "invalid_grant";
  deps.audit.record("token.refused", {
    client: client.id,
    login: id,
    sub: login.person.sub,
    code,
    detail: why.message,
    address,
  });
  return err(refusal(code, why.message, why.detail));
}
