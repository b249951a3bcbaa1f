import {
  err,
  instant,
  type LoginId,
  type OAuthError,
  ok,
  type Result,
  refusal,
  type TargetName,
  targetOfUrn,
} from "../../core/index.ts";
import { type Client, standsFor } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { livingLogin } from "../logins/living.ts";
import type { Login, Rights } from "../logins/login.ts";
import { decideRights } from "../logins/rights.ts";
import type { Actor } from "../tokens/claims.ts";
import type { VerifiedToken } from "../tokens/verify.ts";
import { accessTokenUrn } from "./answer.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

const tokenTypes = [accessTokenUrn, "urn:ietf:params:oauth:token-type:jwt"];

/** Clients that may stand behind each other in one token: a chain longer than this is nobody's design. */
const longestChain = 3;

const bad = (message: string, detail?: string) => err(refusal("invalid_request", message, detail));

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "policy" | "seal" | "store" | "verifyAccessToken"
>;

/** Parameters of the grant (RFC 8693 section 2.1, RFC 8707). */
export interface ExchangeParameters {
  readonly subjectToken: string | undefined;
  readonly subjectTokenType: string | undefined;
  readonly requestedTokenType: string | undefined;
  /** There is a parameter of an actor. */
  readonly namesActor: boolean;
  readonly scope: string | undefined;
  readonly resource: string | undefined;
  readonly audience: string | undefined;
}

/**
 * `grant_type=urn:ietf:params:oauth:grant-type:token-exchange` (RFC 8693): a client with the right to it trades a person's
 * access token for one to a target it may reach. The subject stays, the client is named as actor, audience and scope get
 * narrower, the end never comes later (S-27, S-29). The policy decides anew; nothing is to be renewed.
 */
export async function exchange(
  deps: Deps,
  { client, address, parameters }: TokenRequest<ExchangeParameters>,
): Promise<Result<Granted, OAuthError>> {
  if (client.authentication.kind === "none") {
    return err(refusal("unauthorized_client", "a client that exchanges tokens must prove itself"));
  }
  const presented = readSubjectToken(parameters);
  if (!presented.ok) return presented;
  const subject = await deps.verifyAccessToken(presented.value);
  if (!subject.ok) return bad("subject_token is not a valid access token of this issuer", subject.refusal.detail);
  if (subject.value.jkt !== undefined) return bad("subject_token is bound to a key: only who has the key may use it");
  const login = await livingLogin(deps, subject.value);
  if (!login) return bad("the login behind subject_token is over", "the login is gone, or the token was revoked");
  const act = actorOf(client, subject.value);
  if (!act.ok) return act;
  const target = readTarget(deps, client, login, parameters);
  if (!target.ok) return target;
  if (!mayTake(deps, client, subject.value, target.value)) return notThere("the token was made for another target");
  const scope = readScope(client, subject.value, parameters.scope);
  if (!scope.ok) return scope;
  const rights = decideForAll(deps, client, login, subject.value, target.value);
  const exchanged = { client, subject: subject.value, login, address };
  if (!rights.ok) return refuse(deps, exchanged, rights.refusal);
  const { sid, expiresAt: until } = subject.value;
  const granted = { loginId: sid as LoginId, login, rights: rights.value, scope: scope.value };
  return ok({ ...granted, exchanged: { act: act.value, until } });
}

function readSubjectToken(asked: ExchangeParameters): Result<string, OAuthError> {
  const { subjectToken } = asked;
  if (subjectToken === undefined) return bad("subject_token is missing");
  if (!tokenTypes.includes(asked.subjectTokenType ?? "")) {
    return bad(`subject_token_type must be ${accessTokenUrn}`);
  }
  if (!tokenTypes.includes(asked.requestedTokenType ?? accessTokenUrn)) {
    return bad(`requested_token_type must be ${accessTokenUrn}`);
  }
  // The actor is the client, which has just proved itself: a second word on it could only differ.
  if (asked.namesActor) return bad("actor_token is not supported");
  return ok(subjectToken);
}

/**
 * Whether a client may take a token elsewhere. One for a target was handed to that target, and its operator could bring it
 * to a client that believes it, also back to the one that got it: then it leads to no other target (S-76). Only who stands
 * for the target, by the configuration, was meant to have it.
 */
const mayTake = (deps: Deps, client: Client, { audience }: VerifiedToken, target: TargetName): boolean =>
  audience === target || audience === deps.issuer || standsFor(client, audience);

/** The client becomes the actor, if the token lets it (`may_act`, RFC 8693 section 4.4); earlier actors stay behind it. */
function actorOf(client: Client, subject: VerifiedToken): Result<Actor, OAuthError> {
  const { may_act: mayAct, act } = subject.claims;
  if (mayAct !== undefined && Object(mayAct)["sub"] !== client.id) {
    return bad("subject_token does not let this client act", "may_act names another");
  }
  const before = act as Actor | undefined; // signed by us, so of the form that we write
  let length = 1;
  for (let actor = before; actor; actor = actor.act) length++;
  if (length > longestChain) return bad(`a token passes through ${longestChain} clients at most`);
  return ok({ sub: client.id, ...(before && { act: before }) });
}

const notThere = (detail?: string) =>
  err(refusal("invalid_target", "this client may not exchange the token for that target", detail));

/** The one target, by `resource` (RFC 8707) or `audience` (RFC 8693 section 2.1), that the client and the login reach. */
function readTarget(
  deps: Deps,
  client: Client,
  login: Login,
  { resource, audience }: ExchangeParameters,
): Result<TargetName, OAuthError> {
  const named = new Set([
    ...(resource === undefined ? [] : [targetOfUrn(resource)]),
    ...(audience === undefined ? [] : [targetOfUrn(audience) ?? (audience as TargetName)]),
  ]);
  const [target] = named;
  if (named.size > 1) return err(refusal("invalid_target", "resource and audience name different targets"));
  if (named.size === 0) {
    return err(refusal("invalid_target", "name the one target: resource=urn:cloudpass:target:NAME"));
  }
  if (target === undefined || !client.exchangeTo.includes(target) || !deps.policy.targets.has(target))
    return notThere();
  // A login that was confirmed for one target stays there.
  const own = deps.clients.get(login.client)?.target ?? login.target;
  return own === undefined || own === target ? ok(target) : notThere();
}

/** Scopes of the token that the client may have; asking for more is refused, not cut in silence. */
function readScope(
  client: Client,
  subject: VerifiedToken,
  asked: string | undefined,
): Result<readonly string[], OAuthError> {
  const most = subject.scope.filter((s) => s !== "offline_access" && client.scopes.includes(s));
  if (asked === undefined) return ok(most);
  const wanted = [...new Set(asked.split(" ").filter((s) => s !== ""))];
  return wanted.every((s) => most.includes(s))
    ? ok(wanted)
    : err(refusal("invalid_scope", "subject_token does not have that scope, or the client may not"));
}

/**
 * What the person may have there through the client that logged in *and* through this one *and* has by the presented
 * token: a right that the policy withholds from a device login of any of them does not come back by exchange (S-12), and
 * one that came since does not get into an old token (S-76).
 */
function decideForAll(
  deps: Deps,
  client: Client,
  login: Login,
  presented: VerifiedToken,
  target: TargetName,
): Result<Rights, OAuthError> {
  const { person, loginMethod } = login;
  const first = decideRights(deps, { person, client: login.client, loginMethod }, target);
  if (!first.ok) return first;
  const second = decideRights(deps, { person, client: client.id, loginMethod }, target);
  if (!second.ok) return second;
  const most = mostGroups(deps, presented);
  const groups = first.value.groups.filter((g) => second.value.groups.includes(g) && (most?.has(g) ?? true));
  if (groups.length === 0) return err(refusal("nothing_entitled", `no right on ${target}`));
  const ends = [first.value.until, second.value.until].filter((end) => end !== undefined);
  return ok({ audience: target, groups, ...(ends.length > 0 && { until: instant(Math.min(...ends)) }) });
}

/**
 * The groups that a presented token holds: a minted name means the same set everywhere. `undefined` for one for ourselves,
 * which holds none: it stands for all that the login may ask for.
 */
function mostGroups(deps: Deps, { audience, claims }: VerifiedToken): ReadonlySet<unknown> | undefined {
  if (audience === deps.issuer) return undefined;
  const { groups } = claims;
  return new Set(Array.isArray(groups) ? groups : []);
}

function refuse(
  deps: Deps,
  { client, subject, login, address }: Exchanged,
  why: OAuthError,
): Result<never, OAuthError> {
  const detail = why.message;
  const { sub } = login.person;
  const code = "invalid_target";
  deps.audit.record("token.refused", { client: client.id, login: subject.sid, sub, code, detail, address });
  return err(refusal("invalid_target", detail, why.detail));
}

interface Exchanged {
  readonly client: Client;
  readonly subject: VerifiedToken;
  readonly login: Login;
  /** Whoever exchanges it. */
  readonly address: string;
}
