import { type Instant, isoTime, parseTime } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import {
  isLeft,
  leftOf,
  type ReachableTenant,
  type ReviewResult,
  type ReviewRow,
  type ReviewSeen,
  summaryOf,
} from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { lastTokenTexts } from "../words/last-token.ts";
import { reviewTexts } from "../words/reviews.ts";
import { field, hidden, select } from "./form-fields.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { problemLine, problemList, type Sentence } from "./problem-summary.ts";
import { type Column, table } from "./table.ts";

/** What every page of reviews is made of. */
interface Frame {
  readonly reached: ReachableTenant;
  readonly now: Instant;
}

/** The reviews of a tenant. */
interface Reviews extends Frame {
  readonly open: ReviewSeen | undefined;
  /** Why the review that the policy asks for does not begin. */
  readonly tooMany: { readonly grants: number; readonly room: number } | undefined;
  readonly past: readonly ReviewResult[];
  /** The form that begins one; absent for who may not, or where no review can be. */
  readonly form: { readonly token: string; readonly due: string; readonly unconfirmed: string } | undefined;
  readonly problem: Sentence | undefined;
}

/** The review under way, those that are over, and the form that begins one. */
export function reviewsPage(language: Language, { reached, now, open, tooMany, past, form, problem }: Reviews): string {
  const texts = reviewTexts[language];
  const at = (name: string) => addressOf(reached.tenant.name, "reviews", name);
  const columns: Column<ReviewResult>[] = [
    { heading: texts.title, cell: ({ review }) => html`<a href="${at(review)}">${review}</a>` },
    { heading: texts.closedAt, cell: ({ closed_at: closed }) => whenSaid(language, closed, now) },
    { heading: texts.by, cell: ({ closed_by: by }) => by?.name ?? "cloudpass" },
    { heading: texts.result, cell: (one) => outcomesOf(language, one) },
  ];
  return tenantPage(
    language,
    { title: texts.title, reached, section: "reviews" },
    html`<p>${texts.what}</p>
${problemLine(problem)}
${tooMany && problem === undefined && html`<p class="problem" role="status">${texts.tooMany(tooMany)}</p>`}
${open && underWay(language, open, at(open.review.name), now)}
${form && beginForm(language, reached, form)}
<h2>${texts.over}</h2>
${past.length === 0 ? html`<p>${texts.noneOver}</p>` : table(texts.tellsWhen, columns, past)}`,
  );
}

const underWay = (language: Language, { review, rows }: ReviewSeen, address: string, now: Instant): Html => {
  const texts = reviewTexts[language];
  return html`<h2>${texts.underWay}</h2>
<p>${texts.left(leftOf({ rows }), rows.length)} ${texts.dueAt}: ${when(language, review.due, now)}.</p>
<p><a class="button" href="${address}">${texts.go}</a></p>`;
};

function beginForm(language: Language, { tenant }: ReachableTenant, form: NonNullable<Reviews["form"]>): Html {
  const texts = reviewTexts[language];
  const choices = [
    { value: "keep", label: texts.keepThem },
    { value: "take-back", label: texts.takeThemBack },
  ];
  return html`<h2>${texts.begin}</h2>
<form method="post" action="${addressOf(tenant.name, "reviews")}">
${hidden({ form_token: form.token })}
${field("due", texts.due, form.due, { type: "date", hint: texts.dueHint })}
${select("unconfirmed", texts.unconfirmed, choices, form.unconfirmed)}
<p class="aside">${texts.unconfirmedHint}</p>
<button type="submit">${texts.beginIt}</button>
</form>`;
}

/** What came of a review, in words: so many of each. */
function outcomesOf(language: Language, result: ReviewResult): string {
  const { outcomes } = reviewTexts[language];
  if (language === "en" && result.items.length === 0) return summaryOf(result);
  const counts = [...Map.groupBy(result.items, ({ outcome }) => outcome)];
  return counts.map(([outcome, all]) => `${all.length} ${outcomes[outcome]}`).join(", ");
}

const whenSaid = (language: Language, time: string, now: Instant): Html | string => {
  const at = parseTime(time);
  return at === undefined ? time : when(language, at, now);
};

/** Which grants of a review a page shows. */
export const shows = ["open", "unchanged", "decided"] as const;

/** A review that is under way. */
interface Open extends Frame {
  readonly seen: ReviewSeen;
  readonly show: (typeof shows)[number];
  /** The rows of this page, and where the next one begins. */
  readonly rows: readonly ReviewRow[];
  readonly next: string | undefined;
  readonly after: string | undefined;
  /** By the name of a form its token; absent for who may not decide. */
  readonly tokens: { readonly decide: string; readonly unchanged: string; readonly close: string } | undefined;
  readonly from: string;
  readonly said: string | undefined;
  /** What was not decided, and why; English. */
  readonly problems: readonly Sentence[];
}

/** The rows that a page of a review is of. */
export function rowsOf({ rows }: ReviewSeen, show: Open["show"]): readonly ReviewRow[] {
  if (show === "decided") return rows.filter((row) => !isLeft(row));
  const isUnchanged = ({ standsOut }: ReviewRow) => standsOut.length === 0;
  return rows.filter((row) => isLeft(row) && row.grant && isUnchanged(row) === (show === "unchanged"));
}

/** A review under way, by exception: what stands out is decided one by one, the rest in one act. */
export function openReviewPage(language: Language, page: Open): string {
  const { reached, seen, now, show, tokens, said, problems } = page;
  const texts = reviewTexts[language];
  const address = addressOf(reached.tenant.name, "reviews", seen.review.name);
  const [left, decided] = [leftOf(seen), rowsOf(seen, "decided").length];
  const oneByOne = rowsOf(seen, "open").length;
  return tenantPage(
    language,
    { title: texts.reviewOf(seen.review.name), reached, section: "reviews" },
    html`${said !== undefined && html`<p class="said" role="status">${said}</p>`}
${problemList(problems)}
<p>${texts.left(left, seen.rows.length)} ${texts.dueAt}: ${when(language, seen.review.due, now)}. ${texts.stillLeft}</p>
<ul class="plain">
<li><a href="${address}"${show === "open" && html` aria-current="true"`}>${texts.oneByOne(oneByOne)}</a></li>
<li><a href="${address}?show=decided"${show === "decided" && html` aria-current="true"`}>${texts.decided(decided)}</a></li>
</ul>
${unchangedPart(language, page, address)}
${left === 0 && closePart(language, tokens, address)}
${rowsPart(language, page, address)}`,
  );
}

function unchangedPart(language: Language, { seen, show, tokens }: Open, address: string): Html | false {
  const texts = reviewTexts[language];
  const n = rowsOf(seen, "unchanged").length;
  if (n === 0) return false;
  return html`<section class="item"><p>${texts.unchanged(n)}</p>
<div class="row">${show !== "unchanged" && html`<a class="button" href="${address}?show=unchanged">${texts.seeThem}</a>`}
${tokens && html`<form method="post" action="${address}/unchanged">${hidden({ form_token: tokens.unchanged })}<button type="submit">${texts.confirmUnchanged(n)}</button></form>`}</div></section>`;
}

function closePart(language: Language, tokens: Open["tokens"], address: string): Html {
  const texts = reviewTexts[language];
  return html`<section class="item"><p>${texts.allDecided} ${texts.tellsWhen}</p>
${tokens && html`<form method="post" action="${address}/close">${hidden({ form_token: tokens.close })}<button type="submit">${texts.close}</button></form>`}</section>`;
}

function rowsPart(language: Language, page: Open, address: string): Html {
  const { rows, show, after, next, tokens, from, seen } = page;
  const texts = reviewTexts[language];
  if (rows.length === 0) return leftOf(seen) === 0 ? html`` : html`<p>${texts.nothingHere}</p>`;
  const caption = words[language].count(rows.length, rowsOf(seen, show).length);
  const more = ways(language, address, { show, after }, next);
  const canDecide = tokens !== undefined && show !== "decided";
  const grants = table(caption, columnsOf(language, page, canDecide), rows);
  if (!canDecide) return html`${grants}${more}`;
  return html`<form method="post" action="${address}">
${hidden({ form_token: tokens.decide, from, show, after })}
${grants}
${field("until", texts.until, "", { type: "date", hint: texts.untilHint })}
<div class="row"><button type="submit" name="step" value="save">${texts.save}</button>
<button type="submit" name="step" value="keep-rest">${texts.saveAndKeep}</button></div>
</form>${more}`;
}

function columnsOf(language: Language, { reached, now, show }: Open, canDecide: boolean): Column<ReviewRow>[] {
  const [texts, shared] = [reviewTexts[language], words[language]];
  const { heading, none } = lastTokenTexts[language];
  const grantLink = ({ item, grant }: ReviewRow) =>
    grant ? html`<a href="${addressOf(reached.tenant.name, "grants", item.grant)}">${item.grant}</a>` : item.grant;
  const columns: Column<ReviewRow>[] = [
    { heading: shared.grant, cell: grantLink },
    { heading: shared.gives, cell: (row) => givenBy(language, row, now) },
    {
      heading: shared.to,
      cell: ({ item, grant }) =>
        grant ? html`${grant.people}: <span lang="en">${grant.conditions}</span>` : item.people,
    },
    { heading: shared.holders, cell: ({ grant }) => String(grant?.holders ?? 0) },
    {
      heading,
      cell: ({ grant }) => (grant?.lastToken === undefined ? none : when(language, grant.lastToken, now)),
    },
  ];
  if (show === "decided")
    return [
      ...columns,
      { heading: texts.decision, cell: ({ item }) => texts.states[item.state] },
      { heading: texts.by, cell: ({ item }) => item.by?.name ?? "–" },
    ];
  const why = ({ standsOut }: ReviewRow) => standsOut.map((one) => texts.reasons[one]).join("; ");
  if (show === "open") columns.push({ heading: texts.why, cell: why });
  if (canDecide) columns.push({ heading: texts.decision, cell: (row) => decisionOf(language, row) });
  return columns;
}

/** What a grant gives, where, until when. */
const givenBy = (language: Language, { item, grant }: ReviewRow, now: Instant): Html =>
  html`${grant?.set ?? item.set}: ${(grant?.at ?? item.at).join(", ")}${grant?.until !== undefined && html`, ${words[language].until.toLowerCase()} ${when(language, grant.until, now)}`}`;

/** The choice for one grant; its value says which state of the grant it is for. */
function decisionOf(language: Language, { item, grant, digest = "", standsOut }: ReviewRow): Html | string {
  const texts = reviewTexts[language];
  if (item.state === "changing") return texts.states.changing;
  const choices = [
    { value: `later:${digest}`, label: texts.later },
    ...(standsOut.includes("own") ? [] : [{ value: `keep:${digest}`, label: texts.keep }]),
    ...(grant?.isOwn
      ? [
          { value: `shorten:${digest}`, label: texts.shorten },
          { value: `take-back:${digest}`, label: texts.takeBack },
        ]
      : []),
  ];
  return html`<select name="do.${item.grant}" aria-label="${texts.decisionFor(item.grant)}">${choices.map(
    ({ value, label }) => html`<option value="${value}">${label}</option>`,
  )}</select>`;
}

/** A review that is over. */
interface Past extends Frame {
  readonly result: ReviewResult;
  readonly items: readonly ReviewResult["items"][number][];
  readonly next: string | undefined;
  readonly after: string | undefined;
}

/** What came of a review that is over. */
export function pastReviewPage(language: Language, { reached, now, result, items, next, after }: Past): string {
  const [texts, shared] = [reviewTexts[language], words[language]];
  const address = addressOf(reached.tenant.name, "reviews", result.review);
  const columns: Column<ReviewResult["items"][number]>[] = [
    { heading: shared.grant, cell: ({ grant }) => grant },
    { heading: shared.gives, cell: ({ set }) => set },
    { heading: shared.to, cell: ({ people }) => people },
    { heading: shared.where, cell: ({ at }) => at.join(", ") },
    { heading: texts.decision, cell: ({ outcome, until }) => `${texts.outcomes[outcome]}${until ? `: ${until}` : ""}` },
    { heading: texts.by, cell: ({ by }) => by?.name ?? "–" },
  ];
  return tenantPage(
    language,
    { title: texts.reviewOf(result.review), reached, section: "reviews" },
    html`<dl>
<dt>${texts.closedAt}</dt><dd>${whenSaid(language, result.closed_at, now)}</dd>
<dt>${texts.by}</dt><dd>${result.closed_by?.name ?? "cloudpass"}</dd>
<dt>${texts.dueAt}</dt><dd>${whenSaid(language, result.due, now)}</dd>
<dt>${texts.result}</dt><dd>${outcomesOf(language, result)}</dd>
</dl>
<ul class="plain"><li><a href="${address}/result.csv">${texts.csv}</a></li><li><a href="${address}/result.json">${texts.json}</a></li></ul>
${items.length > 0 && table(shared.count(items.length, result.items.length), columns, items)}
${ways(language, address, { after }, next)}`,
  );
}

/** The columns of a result as CSV. */
const csvHead = [
  ...["review", "grant", "set", "people", "at", "outcome", "by", "decided_at", "until", "commit", "holders"],
  "last_token",
];

/** A result as rows of CSV. */
export const csvRowsOf = ({ review, items }: ReviewResult): string[][] => [
  csvHead,
  ...items.map((item) => [
    ...[review, item.grant, item.set, item.people, item.at.join(" "), item.outcome, item.by?.name ?? ""],
    ...[item.decided_at ?? "", item.until ?? "", item.commit ?? "", String(item.holders), item.last_token ?? ""],
  ]),
];

/** A fortnight from now: what the form for beginning offers as its last day. */
export const usualDue = (now: Instant): string => isoTime((now + 14 * 86_400) as Instant).slice(0, 10);
