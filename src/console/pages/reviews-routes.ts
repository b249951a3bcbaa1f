import {
  type ApiProblem,
  err,
  formatCsv,
  type Instant,
  ok,
  parseTime,
  type Result,
  refusal,
} from "../../core/index.ts";
import { html, type Language, type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  type Caller,
  closeReview,
  commitIdOf,
  confirmUnchanged,
  type Decisions,
  decideGrants,
  listReviews,
  pageOf,
  previewDecisions,
  type ReachableTenant,
  type ReviewResult,
  reachTenant,
  showReview,
  startReview,
  type Undecided,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { reviewTexts } from "../words/reviews.ts";
import { inWords } from "../words/sentences.ts";
import { hidden } from "./form-fields.ts";
import { formTokenOf } from "./form-token.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { dayAfter } from "./give-form.ts";
import { previewParts } from "./preview.ts";
import type { Sentence } from "./problem-summary.ts";
import { problemList } from "./problem-summary.ts";
import { csvRowsOf, openReviewPage, pastReviewPage, reviewsPage, rowsOf, shows, usualDue } from "./reviews.ts";
import type { Shown, Visit } from "./visit.ts";
import type { Visitors } from "./visitor.ts";

const beginForm = "console begin review";
const decideForm = "console decide in review";
const unchangedForm = "console confirm unchanged";
const closeForm = "console close review";

/** So many grants stand on a page: one choice each, and a form has few fields more (S-55). */
const rows = 40;

/** Reviews of a tenant's grants: beginning, deciding page by page, closing, and what came of it. */
export function reviewRoutes(deps: ConsoleDeps, visitors: Visitors): Route[] {
  const visit = (act: (visit: Visit) => Shown) => (request: Request, caller: Caller, session: Session) =>
    act({ deps, request, caller, session });
  const one = "/console/{tenant}/reviews/{review}";
  return [
    visitors.shows("/console/{tenant}/reviews", visit(list)),
    visitors.does("/console/{tenant}/reviews", beginForm, visit(begin)),
    visitors.shows(one, visit(show)),
    visitors.does(one, decideForm, visit(decide)),
    visitors.does(`${one}/unchanged`, unchangedForm, visit(confirm)),
    visitors.does(`${one}/close`, closeForm, visit(close)),
    visitors.shows(`${one}/result.csv`, visit(asCsv)),
    visitors.shows(`${one}/result.json`, visit(asJson)),
  ];
}

const placeOf = ({ params }: Request) => ({ tenant: params.get("tenant") ?? "", review: params.get("review") ?? "" });
const isOfTheChange = ({ code }: ApiProblem): boolean => ["conflict", "invalid_input", "forbidden"].includes(code);

async function list(visit: Visit): Shown {
  return showList(visit, undefined);
}

async function showList({ deps, request, caller, session }: Visit, problem: Sentence | undefined): Shown {
  const { tenant } = placeOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await listReviews({ tenant }, deps, caller);
  if (!found.ok) return found;
  const { open, tooMany, past } = found.value;
  const now = deps.clock.now();
  const canBegin = reached.value.mayManage && open === undefined && deps.policyFiles?.repository !== undefined;
  const form = {
    token: formTokenOf(deps, session, beginForm, tenant),
    due: request.form.get("due") ?? usualDue(now),
    unconfirmed: request.form.get("unconfirmed") ?? "keep",
  };
  const page = reviewsPage(request.language, {
    ...{ reached: reached.value, now, open, tooMany, past, problem },
    form: canBegin ? form : undefined,
  });
  return ok({ kind: "page", status: problem === undefined ? 200 : 422, html: page });
}

async function begin(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const { tenant } = placeOf(request);
  const due = parseTime(dayAfter(request.form.get("due") ?? ""));
  const unconfirmed = request.form.get("unconfirmed") === "take-back" ? "take-back" : "keep";
  if (due === undefined) return showList(visit, { message: reviewTexts[request.language].dueMissing });
  const started = await startReview({ tenant, due, unconfirmed }, deps, caller);
  if (started.ok) return ok(seeOther(addressOf(tenant, "reviews", started.value.name)));
  const { code } = started.refusal;
  if (code === "invalid_input") return showList(visit, { message: reviewTexts[request.language].dueMissing });
  return code === "conflict" ? showList(visit, inWords(request.language, started.refusal)) : started;
}

const show = (visit: Visit): Shown => showOne(visit, []);

/** What an address may say was just done: how many. */
const doneOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;

async function showOne({ deps, request, caller, session }: Visit, problems: readonly Undecided[]): Shown {
  const { tenant, review } = placeOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await showReview({ tenant, review }, deps, caller);
  if (!found.ok) return found;
  const frame = { reached: reached.value, now: deps.clock.now() };
  const asked = request.form.size > 0 ? request.form : request.query;
  const after = asked.get("after") || undefined;
  if (found.value.open === undefined) return ok(past(request, frame, found.value.past, after));
  const seen = found.value.open;
  const wanted = shows.find((each) => each === asked.get("show")) ?? "open";
  const { items, next } = pageOf(rowsOf(seen, wanted), ({ item }) => item.grant, { after, limit: rows });
  const token = (form: string) => formTokenOf(deps, session, form, tenant, review);
  const tokens = { decide: token(decideForm), unchanged: token(unchangedForm), close: token(closeForm) };
  const done = doneOf(request.query.get("done"));
  const page = openReviewPage(request.language, {
    ...{ ...frame, seen, show: wanted, rows: items, next, after },
    tokens: reached.value.mayManage ? tokens : undefined,
    from: deps.policyFiles?.commit() ?? "",
    said: done === undefined ? undefined : reviewTexts[request.language].kept(done),
    problems: problems.map((one) => sentenceOf(request.language, one)),
  });
  return ok({ kind: "page", status: problems.length > 0 ? 422 : 200, html: page });
}

function past(
  { language }: Request,
  frame: { readonly reached: ReachableTenant; readonly now: Instant },
  result: ReviewResult,
  after: string | undefined,
): Reply {
  const { items, next } = pageOf(result.items, ({ grant }) => grant, { after, limit: rows });
  return { kind: "page", status: 200, html: pastReviewPage(language, { ...frame, result, items, next, after }) };
}

/** The choices of the form: `do.<grant>` = what to do, and the state of the grant that the page showed. */
function choicesOf({ form }: Request): { readonly grant: string; readonly choice: string; readonly seen: string }[] {
  const keepsRest = form.get("step") === "keep-rest";
  return [...form].flatMap(([name, value]) => {
    if (!name.startsWith("do.")) return [];
    const [said = "", seen = ""] = value.split(":");
    const choice = said === "later" && keepsRest ? "keep" : said;
    return choice === "later" ? [] : [{ grant: name.slice("do.".length), choice, seen }];
  });
}

/** Keeps at once what is kept; what changes the policy is shown first, and done when the form comes back. */
async function decide(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const { tenant, review } = placeOf(request);
  const from = commitIdOf(request.form.get("from") ?? "");
  if (from === undefined) return showOne(visit, [of({ message: "the form does not say by which state it was made" })]);
  const choices = choicesOf(request);
  const until = dayAfter(request.form.get("until") ?? "");
  const keeps = choices.filter(({ choice }) => choice === "keep");
  const changes = choices.filter(({ choice }) => choice === "shorten" || choice === "take-back");
  const base = { tenant, review, from };
  const kept = await decideGrants(
    { ...base, verdicts: keeps.map(({ grant, seen }) => ({ grant, seen, wish: { kind: "keep" } })) },
    deps,
    caller,
  );
  if (!kept.ok) return isOfTheChange(kept.refusal) ? showOne(visit, [of(kept.refusal)]) : kept;
  const verdicts = changes.map(({ grant, choice, seen }) => ({
    ...{ grant, seen },
    wish: choice === "shorten" ? ({ kind: "shorten", until } as const) : ({ kind: "take-back" } as const),
  }));
  const wanted = { ...base, verdicts };
  if (verdicts.length > 0 && request.form.get("step") !== "change") return preview(visit, wanted, kept.value.undecided);
  const changed = await decideGrants(wanted, deps, caller);
  if (!changed.ok) return isOfTheChange(changed.refusal) ? showOne(visit, [of(changed.refusal)]) : changed;
  const undecided = [...kept.value.undecided, ...changed.value.undecided];
  if (undecided.length > 0) return showOne(visit, undecided);
  return ok(seeOther(backTo(request, kept.value.kept + changed.value.changed)));
}

const sentenceOf = (language: Language, { grant, ...why }: Undecided) => {
  const { message, english } = inWords(language, why);
  return { message: grant === "" ? message : `${grant}: ${message}`, english };
};

const of = ({ message, said }: Pick<ApiProblem, "message" | "said">): Undecided => ({
  grant: "",
  message,
  ...(said && { said }),
});

/** The page that the form came from, and how much was done: the next grants have taken the place of those that are decided. */
function backTo(request: Request, done: number): string {
  const { tenant, review } = placeOf(request);
  const shown = shows.find((one) => one === request.form.get("show")) ?? "open";
  const search = new URLSearchParams({ ...(shown !== "open" && { show: shown }), done: String(done) });
  return `${addressOf(tenant, "reviews", review)}?${search}`;
}

/** What shortening and taking back would do, before it is done (S-46). */
async function preview(visit: Visit, wanted: Decisions, before: readonly Undecided[]): Shown {
  const { deps, request, caller, session } = visit;
  const { tenant, review } = wanted;
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const shown = await previewDecisions(wanted, deps, caller);
  if (!shown.ok) return isOfTheChange(shown.refusal) ? showOne(visit, [of(shown.refusal)]) : shown;
  const undecided = [...before, ...shown.value.undecided];
  if (shown.value.sentences.length === 0) return showOne(visit, undecided);
  const texts = reviewTexts[request.language];
  const choices = Object.fromEntries([...request.form].filter(([name]) => name.startsWith("do.")));
  const address = addressOf(tenant, "reviews", review);
  const body = html`${problemList(undecided.map((one) => sentenceOf(request.language, one)))}
${previewParts(request.language, reached.value, shown.value)}
<form class="row" method="post" action="${address}">
${hidden({ form_token: formTokenOf(deps, session, decideForm, tenant, review), from: wanted.from, until: request.form.get("until"), show: request.form.get("show"), step: "change", ...choices })}
<button class="deny" type="submit">${texts.doIt}</button>
</form>
<p><a href="${address}">${texts.reviewOf(review)}</a></p>`;
  const place = { title: texts.before, reached: reached.value, section: "reviews" } as const;
  return ok({ kind: "page", status: 200, html: tenantPage(request.language, place, body) });
}

async function confirm(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const done = await confirmUnchanged(placeOf(request), deps, caller);
  return done.ok ? ok(seeOther(backTo(request, done.value.kept))) : done;
}

async function close(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const { tenant, review } = placeOf(request);
  const closed = await closeReview({ tenant, review }, deps, caller);
  if (!closed.ok) return closed.refusal.code === "conflict" ? showOne(visit, [of(closed.refusal)]) : closed;
  return ok(seeOther(addressOf(tenant, "reviews", review)));
}

async function resultOf({ deps, request, caller }: Visit): Promise<Result<ReviewResult, ApiProblem>> {
  const found = await showReview(placeOf(request), deps, caller);
  if (!found.ok) return found;
  if (found.value.open !== undefined) return err(refusal("not_found", "this review has no result yet"));
  return ok(found.value.past);
}

const download = (name: string, type: string, body: string): Reply => ({
  ...{ kind: "asset", type, body },
  headers: { "content-disposition": `attachment; filename="${name}"` },
});

async function asCsv(visit: Visit): Shown {
  const result = await resultOf(visit);
  if (!result.ok) return result;
  const { tenant, review } = result.value;
  return ok(download(`${tenant}-review-${review}.csv`, "text/csv; charset=utf-8", formatCsv(csvRowsOf(result.value))));
}

async function asJson(visit: Visit): Shown {
  const result = await resultOf(visit);
  if (!result.ok) return result;
  const { tenant, review } = result.value;
  const text = `${JSON.stringify(result.value, undefined, 2)}\n`;
  return ok(download(`${tenant}-review-${review}.json`, "application/json", text));
}
