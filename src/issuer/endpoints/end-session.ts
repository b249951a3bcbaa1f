import { err, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import {
  type Cookie,
  type Language,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  seeOther,
} from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { leavingPage, signedOutPage, signOutPage } from "../logout/pages.ts";
import { againAfter, type Return, readReturn } from "../logout/return.ts";
import { signOut } from "../logout/sign-out.ts";

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "keys" | "notifyClient" | "relyingParty" | "sessions" | "store" | "times"
>;

const hop = "end session";

/** RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0) and our own signing out: both ask, a link alone ends nothing. */
export function endSessionRoutes(deps: Deps): Route[] {
  return [
    pageRoute("GET", "/end_session", (request) => ask(deps, request)),
    { ...pageRoute("POST", "/end_session", (request) => ask(deps, request)), crossSite: true },
    pageRoute("POST", "/end_session/confirm", (request) => confirm(deps, request)),
  ];
}

async function ask(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const fields = request.method === "POST" ? request.form : request.query;
  const to = await readReturn(deps, fields);
  if (!to.ok) return to;
  const { session } = request;
  if (!session) return ended(request.language, to.value, []);
  const html = signOutPage(request.language, {
    person: session.person,
    program: to.value.client?.name,
    formToken: deps.sessions.formToken(session, hop, to.value.location ?? ""),
    clientId: to.value.client?.id ?? "",
    location: to.value.location ?? "",
  });
  return ok({ kind: "page", status: 200, html });
}

async function confirm(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const { session, form } = request;
  const location = form.get("location") ?? "";
  const client = deps.clients.get(form.get("client_id") ?? "");
  if (!session) return ended(request.language, againAfter(client, location), []);
  // The token covers the address: another one put into the form is refused, so this cannot become an open redirect.
  if (!deps.sessions.isFormToken(session, hop, location, form.get("form_token"))) {
    return err(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  const cookie = await signOut(deps, session, request.address);
  return ended(request.language, { ...(client && { client }), ...(location !== "" && { location }) }, [cookie]);
}

function ended(language: Language, { client, location }: Return, cookies: readonly Cookie[]): Result<Reply, PageError> {
  if (location === undefined) return ok({ kind: "page", status: 200, html: signedOutPage(language), cookies });
  if (cookies.length === 0) return ok(seeOther(location));
  return ok({ kind: "page", status: 200, html: leavingPage(language, client?.name ?? "", location), cookies });
}
