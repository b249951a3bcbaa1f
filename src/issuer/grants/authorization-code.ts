import { err, loginRefused, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import { type CodeRecord, codeKind } from "../authorize/pending-authorization.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { loginKind, newLogin } from "../logins/login.ts";
import { decideRights, readResource } from "../logins/rights.ts";
import { wayOf } from "./beside.ts";
import { verifierFits } from "./pkce.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

const bad = (detail: string) =>
  err(refusal("invalid_grant", "the authorization code is not valid, or was used before", detail));

type Deps = Pick<
  IssuerDeps,
  "audit" | "clock" | "issuer" | "networks" | "notifyClient" | "policy" | "random" | "seal" | "store" | "times"
>;

/** Parameters of the grant (RFC 6749 section 4.1.3, RFC 7636, RFC 8707). */
export interface CodeParameters {
  readonly code: string;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  readonly resource: string | undefined;
}

/**
 * `grant_type=authorization_code` (RFC 6749 section 4.1.3): client, redirect address and PKCE verifier must be those of
 * the request. A second use ends everything that the first one made (S-25).
 */
export async function redeemCode(
  deps: Deps,
  request: TokenRequest<CodeParameters>,
): Promise<Result<Granted, OAuthError>> {
  const { client, jkt, parameters } = request;
  const id = deps.seal.hash("code", parameters.code);
  const record = await deps.store.get(codeKind, id);
  if (!record) return bad("unknown code");
  const fault = await misuse(deps, request, id, record);
  if (fault) return fault;
  const target = readResource(deps, client.target ?? record.request.target, parameters.resource);
  if (!target.ok) return target;
  const loginMethod = wayOf(deps, client, record, request.address);
  if (loginMethod === "elsewhere") return burnElsewhere(deps, id, record, request.address);
  const rights = decideRights(deps, { person: record.person, client: client.id, loginMethod }, target.value);
  if (!rights.ok) return err(refusal("invalid_grant", rights.refusal.message, rights.refusal.detail));
  const { scope, target: confirmed, nonce } = record.request;
  const started = newLogin(deps, client, jkt, {
    client: client.id,
    scope,
    loginMethod,
    person: record.person,
    behind: { kind: "sign-in", realmGrant: record.realmGrant },
    origin: { address: request.address, userAgent: request.userAgent },
    ...(confirmed !== undefined && { target: confirmed }),
  });
  const won = await deps.store.advance(
    codeKind,
    id,
    ["issued"],
    { state: "redeemed", login: started.id },
    { create: started.create },
  );
  if (won.outcome === "stale") return replayed(deps, won.current);
  if (won.outcome === "absent") return bad("the code went meanwhile");
  const { id: loginId, login, refreshToken } = started;
  return ok({ loginId, login, rights: rights.value, scope: login.scope, refreshToken, nonce });
}

async function misuse(deps: Deps, request: TokenRequest<CodeParameters>, id: string, record: CodeRecord) {
  const { client, jkt, parameters } = request;
  const asked = record.request;
  if (asked.client !== client.id) {
    // In the hands of another client it was stolen: nobody gets it any more.
    await burn(deps, id, record, { presentedBy: client.id, asker: request.address, detail: "another client's code" });
    return bad("another client's code");
  }
  if (record.state === "redeemed") return replayed(deps, record);
  if (record.state === "burnt") return bad("the code was burnt");
  if (deps.clock.now() >= record.expiresAt) return bad("the code has expired");
  if (parameters.redirectUri !== asked.redirectUri) return bad("another redirect_uri");
  // Else the challenge could be taken out of a request on its way (RFC 9700 section 4.8.2).
  if (asked.challenge === undefined && parameters.codeVerifier !== undefined) return bad("there was no code_challenge");
  if (!verifierFits(asked.challenge, parameters.codeVerifier)) return bad("code_verifier does not fit");
  if (asked.jkt !== undefined && asked.jkt !== jkt) return bad("bound to a key that this request does not prove");
  return undefined;
}

/** Whoever began the login is not where it was confirmed: somebody else's browser said yes, and nobody gets it any more. */
async function burnElsewhere(
  deps: Deps,
  id: string,
  record: CodeRecord,
  asker: string,
): Promise<Result<never, OAuthError>> {
  const detail = "confirmed on another network";
  await burn(deps, id, record, { presentedBy: record.request.client, asker, detail });
  return err(refusal("invalid_grant", loginRefused.elsewhere, detail));
}

interface Presenting {
  readonly presentedBy: string;
  readonly asker: string;
  readonly detail: string;
}

async function burn(deps: Deps, id: string, record: CodeRecord, presenting: Presenting): Promise<void> {
  const { request, person, confirmedFrom: address } = record;
  if (record.state !== "issued") return;
  const fields = { client: request.client, sub: person.sub, address, ...presenting };
  const act = () => deps.store.advance(codeKind, id, ["issued"], { state: "burnt" });
  await deps.audit.before([["authorization.burnt", fields]], act, ({ outcome }) => outcome === "won");
}

async function replayed(deps: Deps, record: CodeRecord) {
  const login = record.login && (await deps.store.get(loginKind, record.login));
  if (record.login && login) await endLogin(deps, record.login, login, "an authorization code was used twice");
  return bad("the code was used before");
}
