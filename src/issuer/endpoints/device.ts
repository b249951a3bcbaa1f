import { err, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import {
  formatPageError,
  type Language,
  type Reply,
  type Request,
  type Route,
  type Session,
  seeOther,
} from "../../http/index.ts";
import type { ConfirmingDeps, IssuerDeps } from "../deps.ts";
import { decide, disown, nearness, present } from "../device/decide.ts";
import type { DeviceAuthorization } from "../device/device-authorization.ts";
import { headOf, normaliseUserCode } from "../device/user-code.ts";
import { findShown, rightsOf, type Visitor } from "../device/verify.ts";
import {
  type Confirmation,
  confirmPage,
  donePage,
  type Ending,
  type Entry,
  enterCodePage,
} from "../device/views/pages.ts";
import { loginKind } from "../logins/login.ts";
import { cloudsSeeName, formatAddress, programName } from "../views/parts.ts";
import { deviceAuthorizationRoute } from "./device-authorization.ts";

type Deps = ConfirmingDeps & Pick<IssuerDeps, "notifyClient">;

/** Names of the hops a form may be sent from; a token of one opens no other (S-16). */
const hops = { enter: "device enter", confirm: "device confirm", disown: "device disown" } as const;

/** A user code on its way from a link to the form, so that neither page nor address bar shows it (S-07). */
const entrySeal = "device entry";

const page = (html: string, status = 200): Result<Reply, PageError> => ok({ kind: "page", status, html });

/** The device login's endpoint and its pages: enter code → confirm → done. Nobody sees one without signing in. */
export function deviceRoutes(deps: Deps): Route[] {
  const pageRoute = (
    method: Route["method"],
    path: string,
    handle: (r: Request, v: Visitor) => Promise<Result<Reply, PageError>>,
  ): Route => ({
    method,
    path,
    errorFormat: "page",
    handle: async (request) => {
      const hidden = path === "/device" && method === "GET" ? hideCode(deps, request) : undefined;
      if (hidden) return ok(hidden);
      if (request.session) return handle(request, { session: request.session, address: request.address });
      return method === "GET"
        ? ok(seeOther(signInFirst(request)))
        : err(refusal("login_required", "Your session has ended."));
    },
  });
  return [
    deviceAuthorizationRoute(deps),
    { method: "GET", path: "/", errorFormat: "page", handle: () => ok(seeOther("/device")) },
    { ...pageRoute("GET", "/device", (request, { session }) => getEntry(deps, request, session)), typed: true },
    pageRoute("POST", "/device", (request, visitor) => postCode(deps, request, visitor)),
    pageRoute("GET", "/device/confirm", (request, visitor) => getConfirm(deps, request, visitor)),
    pageRoute("POST", "/device/confirm", (request, visitor) => postConfirm(deps, request, visitor)),
    pageRoute("GET", "/device/done", (request, visitor) => getDone(deps, request, visitor)),
    pageRoute("POST", "/device/disown", (request, visitor) => postDisown(deps, request, visitor)),
  ];
}

/** The complete link (RFC 8628 section 3.3.1): its code goes on sealed, to the form or through the sign-in. */
function hideCode(deps: Deps, request: Request): Reply | undefined {
  const linked = request.query.get("user_code");
  if (linked === undefined) return undefined;
  const code = normaliseUserCode(linked) ?? linked.slice(0, 20);
  const keep = new URLSearchParams({ entry: deps.seal.encrypt(entrySeal, code) });
  const tenant = request.query.get("tenant");
  if (tenant !== undefined) keep.set("tenant", tenant.slice(0, 64));
  return seeOther(`/device?${keep}`);
}

/** The sign-in page, keeping the code and the tenant of the link. */
function signInFirst(request: Request): string {
  const keep = new URLSearchParams();
  for (const name of ["entry", "tenant"]) {
    const value = request.query.get(name);
    if (value !== undefined) keep.set(name, value.slice(0, 128));
  }
  return keep.size === 0 ? "/login" : `/login?${keep}`;
}

const forged = () => err(refusal("forged_form", "The form is not the one we gave to this browser."));

async function getEntry(deps: Deps, request: Request, session: Session): Promise<Result<Reply, PageError>> {
  const entry = request.query.get("entry");
  const known = entry !== undefined && deps.seal.decrypt(entrySeal, entry) !== undefined ? entry : undefined;
  return page(entryPage(deps, request.language, session, { entry: known }));
}

async function postCode(deps: Deps, request: Request, visitor: Visitor): Promise<Result<Reply, PageError>> {
  const { form } = request;
  if (!deps.sessions.isFormToken(visitor.session, hops.enter, "", form.get("form_token"))) return forged();
  const entry = form.get("entry");
  const typed = (entry === undefined ? form.get("user_code") : deps.seal.decrypt(entrySeal, entry)) ?? "";
  const authorization = await present(deps, visitor, typed);
  if (authorization.ok) return ok(seeOther(`/device/confirm?flow=${authorization.value.handle}`));
  if (authorization.refusal.code !== "malformed_user_code") return authorization;
  // Asked again on the same page, with what was typed.
  const said = formatPageError(request.language, authorization.refusal);
  const again = { typed: typed.slice(0, 40), problem: formatProblem(said) };
  return page(entryPage(deps, request.language, visitor.session, again), said.status);
}

const formatProblem = ({ title, message, advice }: ReturnType<typeof formatPageError>): string =>
  `${title}. ${message} ${advice}`;

const entryPage = (deps: Deps, language: Language, session: Session, entry: Entry): string =>
  enterCodePage(language, session.person, deps.sessions.formToken(session, hops.enter, ""), entry);

async function getConfirm(deps: Deps, request: Request, visitor: Visitor): Promise<Result<Reply, PageError>> {
  const found = await findShown(deps, visitor, request.query.get("flow") ?? "");
  if (!found.ok) return found;
  const { authorization } = found.value;
  if (authorization.state !== "shown") return ok(seeOther(`/device/done?flow=${authorization.handle}`));
  if (deps.clock.now() >= authorization.expiresAt) return err(refusal("expired_token", "The code has expired."));
  return page(confirmPage(request.language, confirmation(deps, authorization, visitor, request.language)));
}

function confirmation(
  deps: Deps,
  authorization: DeviceAuthorization,
  { session, address }: Visitor,
  language: Language,
  problem?: string,
): Confirmation {
  const rights = rightsOf(deps, session.person, authorization);
  const entitlements = rights.kind === "decided" ? rights.entitlements : [];
  const { near, needsTail } = nearness(deps, authorization, address);
  const code = deps.seal.decrypt("user code", authorization.userCode) ?? "";
  return {
    person: session.person,
    formToken: deps.sessions.formToken(session, hops.confirm, authorization.handle),
    handle: authorization.handle,
    code: needsTail ? headOf(code) : code,
    program: programName(language, deps.policy, deps.clients.get(authorization.client), authorization.client),
    target: authorization.target,
    asker: formatAddress(language, authorization.origin.address),
    address: formatAddress(language, address),
    canTell: deps.networks.distinguishes(authorization.origin.address, address),
    distance: near ? "near" : needsTail ? "far, and the end must be typed" : "far, and allowed",
    userAgent: authorization.origin.userAgent,
    startedAt: authorization.startedAt,
    now: deps.clock.now(),
    scope: authorization.scope,
    cloudsSeeName: cloudsSeeName(deps.policy, authorization.scope, entitlements),
    entitlements,
    withheld: rights.kind === "decided" ? (rights.withheld?.entitlements ?? []) : [],
    problem,
  };
}

async function postConfirm(deps: Deps, request: Request, visitor: Visitor): Promise<Result<Reply, PageError>> {
  const { form, language } = request;
  const handle = form.get("flow") ?? "";
  const choice = form.get("decision");
  if (!deps.sessions.isFormToken(visitor.session, hops.confirm, handle, form.get("form_token"))) return forged();
  if (choice !== "approve" && choice !== "deny") return err(refusal("invalid_request", "The form has no decision."));
  const decided = await decide(deps, visitor, handle, { choice, tail: form.get("tail") ?? "" });
  if (decided.ok) return ok(seeOther(`/device/done?flow=${handle}`));
  const { code } = decided.refusal;
  if (code !== "tail_required" && code !== "wrong_tail" && code !== "malformed_user_code") return decided;
  // Asked again on the same page, as long as there is something to decide.
  const found = await findShown(deps, visitor, handle);
  if (!found.ok) return found;
  if (found.value.authorization.state !== "shown") return ok(seeOther(`/device/done?flow=${handle}`));
  const said = formatPageError(language, decided.refusal);
  const again = confirmation(deps, found.value.authorization, visitor, language, `${said.title}. ${said.message}`);
  return page(confirmPage(language, again), said.status);
}

async function getDone(deps: Deps, request: Request, visitor: Visitor): Promise<Result<Reply, PageError>> {
  const found = await findShown(deps, visitor, request.query.get("flow") ?? "");
  if (!found.ok) return found;
  const { authorization } = found.value;
  const { handle } = authorization;
  if (authorization.state === "shown" || authorization.state === "issued")
    return ok(seeOther(`/device/confirm?flow=${handle}`));
  const { session } = visitor;
  const formToken = deps.sessions.formToken(session, hops.disown, handle);
  return page(donePage(request.language, session.person, await endingOf(deps, authorization), { formToken, handle }));
}

async function endingOf(deps: Deps, { state, login }: DeviceAuthorization): Promise<Ending> {
  if (state === "denied") return "denied";
  if (state === "approved") return "approved";
  const isAlive = login !== undefined && (await deps.store.get(loginKind, login)) !== undefined;
  return isAlive ? "approved" : "ended";
}

async function postDisown(deps: Deps, request: Request, visitor: Visitor): Promise<Result<Reply, PageError>> {
  const handle = request.form.get("flow") ?? "";
  if (!deps.sessions.isFormToken(visitor.session, hops.disown, handle, request.form.get("form_token"))) return forged();
  const disowned = await disown(deps, visitor, handle);
  return disowned.ok ? ok(seeOther(`/device/done?flow=${handle}`)) : disowned;
}
