import { no, ok, type Result, refusal } from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import { scopes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { deviceAuthorizationRoute } from "./authorize.ts";
import type { DeviceFlow } from "./flow.ts";
import { decide, enterCode, findShown, rightsOf, type Visitor } from "./verify.ts";
import { confirmPage, donePage, enterCodePage } from "./views/pages.ts";

/** Names of the hops a form may be sent from; a token of one opens no other (S-16). */
const hops = { enter: "device enter", confirm: "device confirm" } as const;

const page = (html: string): Result<Reply> => ok({ kind: "page", status: 200, html });

/** The device login's endpoint and its three pages: enter code → confirm → done. Nobody sees one without signing in. */
export function deviceRoutes(deps: IssuerDeps): Route[] {
  const pageRoute = (
    method: Route["method"],
    path: string,
    handle: (r: Request, v: Visitor) => Promise<Result<Reply>>,
  ): Route => ({
    method,
    path,
    tongue: "page",
    handle: async (request) => {
      if (request.session) return handle(request, { session: request.session, address: request.address });
      return method === "GET"
        ? ok(seeOther(signInFirst(request)))
        : no(refusal("login_required", "Your session has ended."));
    },
  });
  return [
    deviceAuthorizationRoute(deps),
    { method: "GET", path: "/", tongue: "page", handle: () => ok(seeOther("/device")) },
    pageRoute("GET", "/device", async (request, { session }) => {
      const typed = request.query.get("user_code")?.slice(0, 20);
      return page(enterCodePage(session.person, deps.sessions.formToken(session, hops.enter, ""), typed));
    }),
    pageRoute("POST", "/device", (request, visitor) => postCode(deps, request, visitor)),
    pageRoute("GET", "/device/confirm", (request, visitor) => getConfirm(deps, request, visitor)),
    pageRoute("POST", "/device/confirm", (request, visitor) => postConfirm(deps, request, visitor)),
    pageRoute("GET", "/device/done", (request, visitor) => getDone(deps, request, visitor)),
  ];
}

/** The sign-in page, keeping the code and the tenant of the link. */
function signInFirst(request: Request): string {
  const keep = new URLSearchParams();
  for (const name of ["user_code", "tenant"]) {
    const value = request.query.get(name);
    if (value !== undefined) keep.set(name, value.slice(0, 64));
  }
  return keep.size === 0 ? "/login" : `/login?${keep}`;
}

const forged = () => no(refusal("forged_form", "The form is not the one we gave to this browser."));

async function postCode(deps: IssuerDeps, request: Request, visitor: Visitor): Promise<Result<Reply>> {
  if (!deps.sessions.isFormToken(visitor.session, hops.enter, "", request.form.get("form_token"))) return forged();
  const flow = await enterCode(deps, visitor, request.form.get("user_code") ?? "");
  return flow.ok ? ok(seeOther(`/device/confirm?flow=${flow.value.handle}`)) : flow;
}

async function getConfirm(deps: IssuerDeps, request: Request, visitor: Visitor): Promise<Result<Reply>> {
  const found = await findShown(deps, visitor, request.query.get("flow") ?? "");
  if (!found.ok) return found;
  const { flow } = found.value;
  if (flow.state !== "shown") return ok(seeOther(`/device/done?flow=${flow.handle}`));
  return page(confirmation(deps, flow, visitor.session, visitor.address));
}

function confirmation(deps: IssuerDeps, flow: DeviceFlow, session: Session, address: string): string {
  const rights = rightsOf(deps, session.person, flow);
  return confirmPage({
    person: session.person,
    formToken: deps.sessions.formToken(session, hops.confirm, flow.handle),
    handle: flow.handle,
    code: deps.seal.open("user code", flow.userCode) ?? "",
    program: deps.clients.get(flow.client)?.name ?? flow.client,
    target: flow.target,
    address: flow.origin.address,
    sameAddress: flow.origin.address === address,
    userAgent: flow.origin.userAgent,
    ageSeconds: deps.clock.now() - flow.startedAt,
    scopes: flow.scope.map((s) => scopes[s] ?? s),
    entitlements: rights.kind === "decided" ? rights.entitlements : [],
  });
}

async function postConfirm(deps: IssuerDeps, request: Request, visitor: Visitor): Promise<Result<Reply>> {
  const handle = request.form.get("flow") ?? "";
  const decision = request.form.get("decision");
  if (!deps.sessions.isFormToken(visitor.session, hops.confirm, handle, request.form.get("form_token")))
    return forged();
  if (decision !== "approve" && decision !== "deny") return no(refusal("invalid_request", "The form has no decision."));
  const decided = await decide(deps, visitor, handle, decision);
  return decided.ok ? ok(seeOther(`/device/done?flow=${handle}`)) : decided;
}

async function getDone(deps: IssuerDeps, request: Request, visitor: Visitor): Promise<Result<Reply>> {
  const found = await findShown(deps, visitor, request.query.get("flow") ?? "");
  if (!found.ok) return found;
  const { state, handle } = found.value.flow;
  if (state === "shown" || state === "issued") return ok(seeOther(`/device/confirm?flow=${handle}`));
  return page(donePage(visitor.session.person, state === "approved" || state === "redeemed" ? "approved" : "denied"));
}
