import { type ApiProblem, err, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import { html, layout, type Reply, type Request, type SentForm, type Session, seeOther } from "../../http/index.ts";
import { type Caller, reachTenant } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { backTexts } from "../words/back.ts";
import { words } from "../words/index.ts";
import { hidden } from "./form-fields.ts";
import { formTokenOf, handleOf } from "./form-token.ts";
import { tenantPage } from "./frame.ts";

/** Answers a page for somebody who is signed in; a refusal of an operation becomes a page of it. */
export type ShowPage = (
  request: Request,
  caller: Caller,
  session: Session,
) => Promise<Result<Reply, ApiProblem | PageError>>;

/** Where in the console somebody was when the sign-in came between: a page, or a kept form by its reference. */
type Place = { readonly page: string } | { readonly form: string };

type Deps = Pick<ConsoleDeps, "seal" | "sessions">;

/** A longer address is not carried through a sign-in. */
const longest = 1_000;

/** Leads to the sign-in, and from there back to the place. It travels sealed: no link of anybody's leads anywhere by it (S-19). */
export function signInFor({ seal }: Deps, place: Place, fresh = false): Reply {
  const query = new URLSearchParams({ to: "console", ...(fresh && { fresh: "yes" }) });
  const isHome = "page" in place && (place.page === "/console" || place.page.length > longest);
  if (!isHome) query.set("at", seal.encrypt("console place", JSON.stringify(place)));
  return seeOther(`/login?${query}`);
}

/** The address that was asked for. */
export const addressIn = ({ path, query }: Request): string =>
  query.size === 0 ? path : `${path}?${new URLSearchParams([...query])}`;

/** The form that was sent. */
export const sentForm = ({ path, params, form }: Request, hop: string): SentForm => ({
  ...{ hop, handle: handleOf({ params }), path, params },
  fields: form,
});

/** Keeps the form and leads to the sign-in; one that is not ours to this browser is refused. */
export async function signInFirst(
  deps: Deps,
  form: SentForm,
  request: Request,
  proof?: "fresh",
): Promise<Result<Reply, PageError>> {
  const reference = await deps.sessions.keepForm(request.cookie, form);
  if (reference !== undefined) return ok(signInFor(deps, { form: reference }, proof === "fresh"));
  if (proof === "fresh") return ok(signInFor(deps, { page: "/console" }, true));
  return err(refusal("login_required", "Your session has ended."));
}

/** Who came back, and from where. */
interface Visit {
  readonly request: Request;
  readonly caller: Caller;
  readonly session: Session;
}

/** Leads on to the page, or shows the form; to the console's first page where neither is to be had. */
export async function comeBack(
  deps: ConsoleDeps,
  forms: ReadonlyMap<string, ShowPage | undefined>,
  { request, caller, session }: Visit,
): Promise<Result<Reply, ApiProblem | PageError>> {
  const place = placeIn(deps, request);
  if (place === undefined) return ok(seeOther("/console"));
  if ("page" in place) return ok(seeOther(place.page));
  const sent = await deps.sessions.keptForm(session, place.form);
  if (sent === undefined) return ok(seeOther("/console"));
  const { path, params, fields, hop } = sent;
  const show = forms.get(hop);
  if (show) return show({ ...request, path, params, query: new Map(), form: fields }, caller, session);
  return ok({ kind: "page", status: 200, html: againPage(deps, { request, caller, session }, sent) });
}

function placeIn({ seal }: Deps, { query }: Request): Place | undefined {
  const text = seal.decrypt("console place", query.get("at") ?? "");
  return text === undefined ? undefined : (JSON.parse(text) as Place);
}

/** For a form that shows nothing of its own: it is sent again by a click, and not by coming back. */
function againPage(deps: ConsoleDeps, { request, caller, session }: Visit, sent: SentForm): string {
  const { language } = request;
  const texts = backTexts[language];
  const { form_token: _, ...fields } = Object.fromEntries(sent.fields);
  const token = formTokenOf(deps, session, sent.hop, ...sent.params.values());
  const body = html`<p>${texts.message}</p>
<p>${texts.about} <code>${sent.path}</code></p>
<form method="post" action="${sent.path}">${hidden({ ...fields, form_token: token })}
<button type="submit">${texts.again}</button></form>
<p><a href="/console">${words[language].giveUp}</a></p>`;
  const reached = reachTenant(deps, caller, sent.params.get("tenant") ?? "");
  if (!reached.ok) return layout(language, texts.title, body);
  return tenantPage(language, { title: texts.title, reached: reached.value, section: "people" }, body);
}
