import { err, loginRefused, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import {
  type Language,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  type Session,
  seeOther,
} from "../../http/index.ts";
import {
  approve,
  type Deciding,
  decidedBefore,
  deny,
  errorAt,
  repeated,
  useUp,
  type Way,
} from "../authorize/decide.ts";
import { answeredPage, confirmPage, returningPage } from "../authorize/pages.ts";
import { type FoundRequest, findPushed, isPushedReference } from "../authorize/pushed.ts";
import {
  type AuthorizationRequest,
  readAddress,
  readRepetition,
  readRequest,
  readUnpushed,
  type Unanswerable,
} from "../authorize/request.ts";
import { anotherPerson, isAnother, mustSignInAgain, signInAt } from "../authorize/sign-in.ts";
import { isRemembered, loginRequired, missingFor } from "../authorize/unasked.ts";
import { findWaiting, keepWaiting } from "../authorize/waiting.ts";
import { isFapi } from "../clients/profile.ts";
import type { ConfirmingDeps, IssuerDeps } from "../deps.ts";
import { decideFor } from "../logins/rights.ts";
import { cloudsSeeName, programName } from "../views/parts.ts";

type Deps = ConfirmingDeps & Pick<IssuerDeps, "keys">;

/** The form of the confirmation; its token opens no other (S-16). */
const hop = "authorize confirm";

/** The authorization endpoint (RFC 6749 section 3.1) and its page. */
export function authorizeRoutes(deps: Deps): Route[] {
  return [
    { ...pageRoute("GET", "/authorize", (request) => authorize(deps, request)), tellsRepetition: true, begins: true },
    // RFC 6749 section 3.1 allows POST too; the parameters are then in the body.
    {
      ...pageRoute("POST", "/authorize", (request) => authorize(deps, request)),
      crossSite: true,
      tellsRepetition: true,
    },
    pageRoute("GET", "/authorize/confirm", (request) => getConfirm(deps, request)),
    pageRoute("POST", "/authorize/confirm", (request) => postConfirm(deps, request)),
  ];
}

const page = (html: string): Result<Reply, PageError> => ok({ kind: "page", status: 200, html });

function notify(deps: Deps, why: Unanswerable): Result<Reply, PageError> {
  if (why.kind === "page") return err(refusal("invalid_request", why.message));
  return ok(seeOther(errorAt(deps.issuer, why, why.error, why.message)));
}

async function authorize(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const fields = request.method === "POST" ? request.form : request.query;
  if (request.repetition) return notify(deps, readRepetition(deps.clients, fields, request.repetition));
  const pushed = fields.get("request_uri");
  if (pushed !== undefined && isPushedReference(pushed)) {
    const found = await findPushed(deps, pushed, fields.get("client_id"));
    return found.ok ? begin(deps, request, found.value.request, found.value) : found;
  }
  const address = readAddress(deps.clients, fields);
  if (!address.ok) return notify(deps, address.refusal);
  if (isFapi(address.value.client)) return notify(deps, readUnpushed(address.value.redirectUri, fields));
  const asked = await readRequest(deps, address.value.client, address.value.redirectUri, fields);
  return asked.ok ? begin(deps, request, asked.value) : notify(deps, asked.refusal);
}

/** Keeps the request; the browser gets a reference and the cookie that binds it (S-18). */
async function begin(
  deps: Deps,
  request: Request,
  asked: AuthorizationRequest,
  pushed?: FoundRequest,
): Promise<Result<Reply, PageError>> {
  const { session } = request;
  const missing = asked.prompt === "none" ? await missingFor(deps, session, asked) : undefined;
  if (missing) {
    if (pushed && !(await useUp(deps, pushed))) return decidedBefore();
    return notify(deps, missing);
  }
  const waiting = await keepWaiting(deps, asked, request, pushed);
  if (!waiting.ok) return waiting;
  const { handle, pending, cookie } = waiting.value;
  if (asked.prompt === "none" && session) {
    return unasked(deps, { session, handle, pending, address: request.address }, request.language);
  }
  return ok(seeOther(`/authorize/confirm?flow=${handle}`, [cookie]));
}

async function getConfirm(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const handle = request.query.get("flow") ?? "";
  const pending = await findWaiting(deps, handle, request);
  if (!pending.ok) return pending;
  const { session } = request;
  const { request: asked, state } = pending.value;
  const at = session && { session, handle, pending: pending.value, address: request.address };
  if (at && state === "decided") {
    const before = await repeated(deps, at, "remembered", pending.value);
    return onward(request.language, before.ok ? before : await repeated(deps, at, "another", pending.value));
  }
  if (state === "decided") return decidedBefore();
  if (!session || !at) return ok(signInAt(handle, asked.prompt === "login" || asked.maxAge !== undefined));
  if (mustSignInAgain(deps.clock, pending.value, session)) return ok(signInAt(handle, true));
  if (isAnother(asked, session)) {
    return onward(request.language, await deny(deps, at, "another", anotherPerson));
  }
  if (await isRemembered(deps, session, asked)) return onward(request.language, await approve(deps, at, "remembered"));
  return page(confirmation(deps, handle, asked, session, request.language));
}

/** The answer of `prompt=none`: who may no longer log in is told at the program, too. */
async function unasked(deps: Deps, at: Deciding, language: Language): Promise<Result<Reply, PageError>> {
  const to = await approve(deps, at, "remembered");
  return to.ok ? onward(language, to) : notify(deps, loginRequired(at.pending.request, "the sign-in is over"));
}

/** Where no form was sent, a redirect leads on. */
const onward = (language: Language, to: Result<Way, PageError>): Result<Reply, PageError> =>
  to.ok ? (to.value === undefined ? page(answeredPage(language, undefined)) : ok(seeOther(to.value))) : to;

function confirmation(
  deps: Deps,
  handle: string,
  asked: AuthorizationRequest,
  session: Session,
  language: Language,
): string {
  const { person } = session;
  const decision = decideFor(deps, { person, client: asked.client, loginMethod: "browser" }, asked.target);
  const entitlements = decision.kind === "decided" ? decision.entitlements : [];
  const client = deps.clients.get(asked.client);
  return confirmPage(language, {
    person,
    formToken: deps.sessions.formToken(session, hop, handle),
    handle,
    program: programName(language, deps.policy, client, asked.client),
    remembers: client?.consent === "remember",
    target: asked.target,
    returnsTo: placeOf(asked.redirectUri),
    scope: asked.scope,
    cloudsSeeName: cloudsSeeName(deps.policy, asked.scope, entitlements),
    entitlements,
  });
}

/** Where the answer goes, for people: a host, or a program's own scheme, which has none. */
function placeOf(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return host === "" ? protocol : host;
}

async function postConfirm(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const handle = request.form.get("flow") ?? "";
  const decision = request.form.get("decision");
  const { session } = request;
  if (!session) return err(refusal("login_required", "Your session has ended."));
  if (!deps.sessions.isFormToken(session, hop, handle, request.form.get("form_token"))) {
    return err(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  if (decision !== "approve" && decision !== "deny")
    return err(refusal("invalid_request", "The form has no decision."));
  const pending = await findWaiting(deps, handle, request);
  if (!pending.ok) return pending;
  const at = { session, handle, pending: pending.value, address: request.address };
  const decided = pending.value.state === "decided" && (await repeated(deps, at, decision, pending.value));
  if (!decided && mustSignInAgain(deps.clock, pending.value, session)) return ok(signInAt(handle, true));
  const decide = () => (decision === "approve" ? approve(deps, at) : deny(deps, at, "deny", loginRefused.refused));
  const to = decided || (await decide());
  if (!to.ok) return to;
  const asked = pending.value.request;
  const program = programName(request.language, deps.policy, deps.clients.get(asked.client), asked.client);
  return page(
    to.value === undefined
      ? answeredPage(request.language, program)
      : returningPage(request.language, program, to.value),
  );
}
