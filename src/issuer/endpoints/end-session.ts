import { err, type FamilyId, ok, type Result, refusal, sameText } from "../../core/index.ts";
import {
  type Cookie,
  type Language,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  seeOther,
} from "../../http/index.ts";
import { answerAt } from "../authorize/redirect.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Family, familyKind } from "../grants/family.ts";
import { leavingPage, signedOutPage, signOutPage } from "../logout/pages.ts";
import { readIdTokenHint } from "../tokens/id-token-hint.ts";

const hop = "end session";

/** Where a browser goes after signing out, if anywhere. */
interface Return {
  readonly client?: Client;
  readonly location?: string;
}

/** RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0) and our own signing out: both ask, a link alone ends nothing. */
export function endSessionRoutes(deps: IssuerDeps): Route[] {
  return [
    pageRoute("GET", "/end_session", (request) => ask(deps, request)),
    { ...pageRoute("POST", "/end_session", (request) => ask(deps, request)), crossSite: true },
    pageRoute("POST", "/end_session/confirm", (request) => confirm(deps, request)),
  ];
}

async function ask(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
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

async function confirm(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
  const { session, form } = request;
  const location = form.get("location") ?? "";
  const client = deps.clients.get(form.get("client_id") ?? "");
  if (!session) return ended(request.language, again(client, location), []);
  // The token covers the address: another one put into the form is refused, so this cannot become an open redirect.
  if (!deps.sessions.isFormToken(session, hop, location, form.get("form_token"))) {
    return err(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  const { sub, tenant } = session.person;
  const fields = { sub, tenant, address: request.address };
  const cookie = await deps.audit.before([["session.ended", fields]], () => deps.sessions.end(session));
  // Ours first: if the realm does not answer, nothing of ours lives on.
  await endLogins(deps, session.realmGrant, "signed out");
  await deps.relyingParty.forget(session.realmGrant);
  return ended(request.language, { ...(client && { client }), ...(location !== "" && { location }) }, [cookie]);
}

/** The way back of a form whose session ended meanwhile, by its first sending: only to where the program may send people. */
function again(client: Client | undefined, location: string): Return {
  const state = URL.canParse(location) ? (new URL(location).searchParams.get("state") ?? undefined) : undefined;
  const isOwn = client?.postLogoutRedirectUris.some((uri) => [answerAt(uri, { state }), uri].includes(location));
  return client && isOwn ? { client, location } : {};
}

/** Ends every login and browser session that came of one sign-in at the realm, and tells the clients. Answers the logins. */
export async function endLogins(deps: IssuerDeps, realmGrant: string, detail: string): Promise<readonly Family[]> {
  const signIn = { kind: "sign-in", realmGrant: realmGrant } as const;
  const logins = await deps.store.list(familyKind, signIn);
  const entries = logins.map(
    ({ id, value: { person, client } }) => ["family.revoked", { family: id, sub: person.sub, client, detail }] as const,
  );
  await deps.audit.before(entries, () => deps.store.revoke(signIn, deps.times.family));
  for (const { id, value } of logins) deps.notifyClient(id as FamilyId, value);
  return logins.map(({ value }) => value);
}

function ended(language: Language, { client, location }: Return, cookies: readonly Cookie[]): Result<Reply> {
  if (location === undefined) return ok({ kind: "page", status: 200, html: signedOutPage(language), cookies });
  if (cookies.length === 0) return ok(seeOther(location));
  return ok({ kind: "page", status: 200, html: leavingPage(language, client?.name ?? "", location), cookies });
}

/** The address after signing out: only one that the client registered, named by an ID token of ours or by client_id. */
async function readReturn(deps: IssuerDeps, fields: Request["query"]): Promise<Result<Return>> {
  const hint = fields.get("id_token_hint");
  const named = fields.get("client_id");
  const hinted = hint === undefined ? undefined : (await readIdTokenHint(deps, hint))?.audience;
  if (hint !== undefined && hinted === undefined)
    return err(refusal("invalid_request", "The id_token_hint is not one of ours."));
  if (hinted !== undefined && named !== undefined && hinted !== named) {
    return err(refusal("invalid_request", "client_id and id_token_hint name different programs."));
  }
  const client = deps.clients.get(hinted ?? named ?? "");
  const location = fields.get("post_logout_redirect_uri");
  if (location === undefined) return ok(client ? { client } : {});
  if (!client?.postLogoutRedirectUris.some((known) => sameText(known, location))) {
    return err(refusal("invalid_request", "The address to go to afterwards is not one of the program's."));
  }
  return ok({ client, location: answerAt(location, { state: fields.get("state") }) });
}
