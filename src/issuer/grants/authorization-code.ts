import { err, loginRefused, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request } from "../../http/index.ts";
import { type CodeRecord, codeKind } from "../authorize/pending-authorization.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { loginKind, newLogin } from "../logins/login.ts";
import { answerTokens } from "./answer.ts";
import { wayOf } from "./beside.ts";
import { verifierFits } from "./pkce.ts";
import { endLogin } from "./refresh.ts";
import { decideRights, readResource } from "./rights.ts";

const bad = (detail: string) =>
  err(refusal("invalid_grant", "the authorization code is not valid, or was used before", detail));

/**
 * `grant_type=authorization_code` (RFC 6749 section 4.1.3): client, redirect address and PKCE verifier must be those of
 * the request. A second use ends everything that the first one made (S-25).
 */
export async function redeemCode(
  deps: IssuerDeps,
  client: Client,
  request: Request,
  jkt: string | undefined,
): Promise<Result<Reply, OAuthError>> {
  const code = request.form.get("code");
  if (code === undefined) return err(refusal("invalid_request", "code is missing"));
  const id = deps.seal.hash("code", code);
  const record = await deps.store.get(codeKind, id);
  if (!record) return bad("unknown code");
  const fault = await misuse(deps, { client, request, jkt }, id, record);
  if (fault) return fault;
  const target = readResource(deps, client.target ?? record.request.target, request.form.get("resource"));
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
    realmGrant: record.realmGrant,
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
  const more = { nonce, jkt, address: request.address };
  return ok(
    answerTokens(deps, started.id, started.login, rights.value, started.refreshToken, "authorization_code", more),
  );
}

interface Presented {
  readonly client: Client;
  readonly request: Request;
  readonly jkt: string | undefined;
}

async function misuse(deps: IssuerDeps, { client, request, jkt }: Presented, id: string, record: CodeRecord) {
  const asked = record.request;
  if (asked.client !== client.id) {
    // In the hands of another client it was stolen: nobody gets it any more.
    await burn(deps, id, record, { presentedBy: client.id, asker: request.address, detail: "another client's code" });
    return bad("another client's code");
  }
  if (record.state === "redeemed") return replayed(deps, record);
  if (record.state === "burnt") return bad("the code was burnt");
  if (deps.clock.now() >= record.expiresAt) return bad("the code has expired");
  if (request.form.get("redirect_uri") !== asked.redirectUri) return bad("another redirect_uri");
  // Else the challenge could be taken out of a request on its way (RFC 9700 section 4.8.2).
  if (asked.challenge === undefined && request.form.has("code_verifier")) return bad("there was no code_challenge");
  if (!verifierFits(asked.challenge, request.form.get("code_verifier"))) return bad("code_verifier does not fit");
  if (asked.jkt !== undefined && asked.jkt !== jkt) return bad("bound to a key that this request does not prove");
  return undefined;
}

/** Whoever began the login is not where it was confirmed: somebody else's browser said yes, and nobody gets it any more. */
async function burnElsewhere(
  deps: IssuerDeps,
  id: string,
  record: CodeRecord,
  asker: string,
): Promise<Result<Reply, OAuthError>> {
  const detail = "confirmed on another network";
  await burn(deps, id, record, { presentedBy: record.request.client, asker, detail });
  return err(refusal("invalid_grant", loginRefused.elsewhere, detail));
}

interface Presenting {
  readonly presentedBy: string;
  readonly asker: string;
  readonly detail: string;
}

async function burn(deps: IssuerDeps, id: string, record: CodeRecord, presenting: Presenting): Promise<void> {
  const { request, person, confirmedFrom: address } = record;
  if (record.state !== "issued") return;
  const fields = { client: request.client, sub: person.sub, address, ...presenting };
  const act = () => deps.store.advance(codeKind, id, ["issued"], { state: "burnt" });
  await deps.audit.before([["authorization.burnt", fields]], act, ({ outcome }) => outcome === "won");
}

async function replayed(deps: IssuerDeps, record: CodeRecord) {
  const login = record.login && (await deps.store.get(loginKind, record.login));
  if (record.login && login) await endLogin(deps, record.login, login, "an authorization code was used twice");
  return bad("the code was used before");
}
