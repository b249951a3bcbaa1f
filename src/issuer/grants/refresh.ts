import { err, type FamilyId, ok, type Refusal, type Result, refusal, seconds } from "../../core/index.ts";
import type { Reply, Request } from "../../http/index.ts";
import type { Client } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { answerTokens } from "./answer.ts";
import { type Family, familyKind, refreshId, refreshKind, remaining } from "./family.ts";
import { recheckAndNotify } from "./recheck.ts";
import { decideRights, readResource } from "./rights.ts";
import { mayRepeat, rotate } from "./rotation.ts";

/** How often one login may be renewed; each time leaves a record until it ends. A person has dozens of targets, not hundreds. */
export const refreshesPerLogin = { name: "refresh-by-login", limit: 120, window: seconds(60) } as const;

const over = (detail: string): { ok: false; refusal: Refusal } =>
  err(refusal("invalid_grant", "the login is over, was revoked, or the token was used before: log in again", detail));

/**
 * `grant_type=refresh_token` (RFC 6749 section 6, with `resource` of RFC 8707). Asks the realm and the policy again
 * before anything is rotated, so that a fault costs nobody a login.
 */
export async function refresh(
  deps: IssuerDeps,
  client: Client,
  request: Request,
  jkt: string | undefined,
): Promise<Result<Reply>> {
  const presented = request.form.get("refresh_token");
  if (presented === undefined) return err(refusal("invalid_request", "refresh_token is missing"));
  const [arrivedAt, { address }] = [deps.clock.now(), request];
  const tokenId = refreshId(deps, presented);
  const record = await deps.store.get(refreshKind, tokenId);
  if (!record) return over("unknown refresh token");
  if (record.client !== client.id) return over("the token is another client's");
  const family = await deps.store.get(familyKind, record.family);
  if (!family || deps.clock.now() >= family.expiresAt) return over("the family is gone");
  // Before anything else: whoever lacks the key is not the client, and must not be able to end its login either.
  if (family.jkt !== undefined && family.jkt !== jkt) return refuseKey(deps, record.family, family, address);
  const used = { token: presented, id: tokenId, record, client, family, arrivedAt };
  if (!(await mayRepeat(deps, used))) return replayed(deps, record.family, family, address);
  const target = readResource(deps, client.target ?? family.target, request.form.get("resource"));
  if (!target.ok) return target;
  const scope = readScope({ id: client.id, scopes: family.scope }, request.form.get("scope") ?? family.scope.join(" "));
  if (!scope.ok) return scope;
  const budget = await deps.store.spend(refreshesPerLogin, record.family);
  if (!budget.granted) return err(refusal("too_many_requests", "this login is renewed too often: wait a minute"));
  const again = await askAgain(deps, record.family, family);
  if (!again.ok) return again;
  const asking = { person: again.value.person, client: client.id, loginMethod: family.loginMethod };
  const rights = decideRights(deps, asking, target.value);
  if (!rights.ok)
    return refuseTarget(deps, { client, address, id: record.family, family: again.value }, rights.refusal);
  const successor = await rotate(deps, { ...used, family: again.value });
  if (!successor.ok) return successor;
  if (successor.value === "replayed") return replayed(deps, record.family, family, address);
  // RFC 6749 section 6: this answer may have less scope than the login, which keeps its own for the next one.
  const asked = { ...again.value, scope: scope.value };
  return ok(answerTokens(deps, record.family, asked, rights.value, successor.value, "refresh_token", { jkt, address }));
}

/** A refresh token without its key was taken from somebody: it opens nothing (RFC 9449 section 5). */
function refuseKey(deps: IssuerDeps, id: FamilyId, family: Family, address: string): Result<Reply> {
  const { client, person } = family;
  const detail = "the request does not prove the key that the login is bound to";
  deps.audit.record("token.refused", { client, family: id, sub: person.sub, code: "invalid_grant", detail, address });
  return err(refusal("invalid_grant", detail));
}

/** The realm's present word on the person; the family keeps it. */
async function askAgain(deps: IssuerDeps, id: FamilyId, family: Family): Promise<Result<Family>> {
  const person = await recheckAndNotify(deps, family.person, family.realmGrant);
  if (!person.ok) {
    await endFamily(deps, id, family, person.refusal.detail ?? person.refusal.code);
    return over(person.refusal.detail ?? person.refusal.message);
  }
  const kept = await deps.store.advance(familyKind, id, ["live"], {
    person: person.value,
    refreshedAt: deps.clock.now(),
  });
  return kept.outcome === "won" ? ok(kept.value) : over("the family went meanwhile");
}

/** A token used again after its time: somebody has a copy. Everything of this login ends (RFC 9700 section 4.14). */
async function replayed(deps: IssuerDeps, id: FamilyId, family: Family, address: string) {
  deps.audit.record("refresh.replayed", { client: family.client, family: id, sub: family.person.sub, address });
  await endFamily(deps, id, family, "a refresh token was used twice");
  return over("replayed");
}

/** Ends a family and all that hangs on it. */
export async function endFamily(
  deps: Pick<IssuerDeps, "store" | "audit" | "clock" | "notifyClient">,
  id: FamilyId,
  family: Family,
  detail: string,
): Promise<void> {
  const fields = { family: id, sub: family.person.sub, client: family.client, detail };
  const revoke = () => deps.store.revoke({ kind: "login", id }, remaining(deps, family));
  await deps.audit.before([["family.revoked", fields]], revoke);
  deps.notifyClient(id, family);
}

/** No right on the one target of the client = no login any more; on one of many = just no token for that one. */
function refuseTarget(
  deps: IssuerDeps,
  { client, address, id, family }: { client: Client; address: string; id: FamilyId; family: Family },
  why: Refusal,
): Result<Reply> {
  const code = client.target === undefined ? "invalid_target" : "invalid_grant";
  deps.audit.record("token.refused", {
    client: client.id,
    family: id,
    sub: family.person.sub,
    code,
    detail: why.message,
    address,
  });
  return err(refusal(code, why.message, why.detail));
}
