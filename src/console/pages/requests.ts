import { formatLength, type Instant, parseLength } from "../../core/index.ts";
import { type Html, html, type Language } from "../../http/index.ts";
import type { ApprovalPreview, PageOf, ReachableTenant, TenantRequest } from "../../operations/index.ts";
import { accessTexts } from "../words/access.ts";
import { words } from "../words/index.ts";
import { boxes, field, hidden, select } from "./form-fields.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { previewParts } from "./preview.ts";
import { type FieldProblem, problemSummary } from "./problem-summary.ts";
import { lengthChoices, lengthText, requestColumns, requestParts } from "./request-parts.ts";
import { type Column, table } from "./table.ts";

/** What the list shows. */
interface Requests extends PageOf<TenantRequest> {
  readonly reached: ReachableTenant;
  readonly waiting: boolean;
  readonly after: string | undefined;
  readonly now: Instant;
}

/** What people of the tenant asked for. */
export function requestsPage(language: Language, list: Requests): string {
  const { reached, waiting, after, next, items, total, now } = list;
  const texts = accessTexts[language];
  const address = addressOf(reached.tenant.name, "requests");
  const columns: Column<TenantRequest>[] = [
    { heading: texts.request, cell: (r) => html`<a href="${address}/${r.id}">${r.set}</a>` },
    { heading: texts.person, cell: (r) => personLink(reached, r) },
    ...requestColumns(language, now),
  ];
  return tenantPage(
    language,
    { title: texts.requests, reached, section: "requests" },
    html`<p><a href="${address}${!waiting && "?waiting=yes"}">${waiting ? texts.all : texts.waitingOnly}</a></p>
${items.length === 0 ? html`<p role="status">${texts.noRequests}</p>` : table(words[language].count(items.length, total), columns, items)}
${ways(language, address, { waiting: waiting ? "yes" : undefined, after }, next)}`,
  );
}

const personLink = ({ tenant }: ReachableTenant, { sub, name, preferredUsername }: TenantRequest): Html =>
  html`<a href="${addressOf(tenant.name, "people", sub)}">${name ?? preferredUsername}</a>`;

/** What a decider typed. */
export interface DecideForm {
  readonly at: ReadonlySet<string>;
  readonly length: string;
  readonly reason: string;
}

/** What a request's page needs besides the request. */
interface RequestPage {
  readonly reached: ReachableTenant;
  readonly request: TenantRequest;
  readonly form: DecideForm;
  readonly formToken: string;
  readonly isOwn: boolean;
  readonly now: Instant;
  readonly done: string | undefined;
  readonly problems: readonly FieldProblem[];
}

/** One request, and the forms by which it is decided. */
export function requestPage(language: Language, page: RequestPage): string {
  const { reached, request, now, done, problems, isOwn } = page;
  const texts = accessTexts[language];
  const name = request.name ?? request.preferredUsername;
  const title = `${request.set}: ${name}`;
  const grant = addressOf(reached.tenant.name, "grants", request.id);
  return tenantPage(
    language,
    { title: problems.length > 0 ? `${words[language].give.error}: ${title}` : title, reached, section: "requests" },
    html`${done !== undefined && html`<p class="said" role="status">${done}</p>`}
${problemSummary(language, problems)}
<p>${texts.person}: ${personLink(reached, request)}</p>
${requestParts(language, request, now)}
${request.state === "approved" && !request.changed && !request.proposed && html`<p>${texts.grant}: <a href="${grant}">${request.id}</a></p>`}
${request.state === "asked" && isOwn && html`<p class="aside">${texts.yourOwn}</p>`}
${request.mayDecide && decideForms(language, page)}`,
  );
}

function decideForms(language: Language, { reached, request, form, formToken }: RequestPage): Html {
  const texts = accessTexts[language];
  const address = addressOf(reached.tenant.name, "requests", request.id, "decide");
  const places = request.at.map((name) => ({ value: name as string, label: name as string }));
  return html`<h2>${texts.approveLegend}</h2>
${
  request.gone !== "set" &&
  request.gone !== "person" &&
  html`<form method="post" action="${address}">
${hidden({ form_token: formToken })}
${boxes("at", texts.where, places, form.at)}
${select("for", texts.length, lengthChoices(language, request.length), form.length || formatLength(request.length))}
<button type="submit" name="step" value="preview">${texts.seeFirst}</button>
</form>`
}
<h2>${texts.denyLegend}</h2>
<form method="post" action="${address}">
${hidden({ form_token: formToken })}
${field("reason", texts.denial, form.reason, { hint: texts.missing.denial })}
<button class="deny" type="submit" name="step" value="deny">${texts.deny}</button>
</form>`;
}

/** What the approval would do, before it is done. */
export function approvalPage(
  language: Language,
  page: Pick<RequestPage, "reached" | "request" | "form" | "formToken" | "problems">,
  preview: ApprovalPreview,
): string {
  const { reached, request, form, formToken, problems } = page;
  const texts = accessTexts[language];
  const address = addressOf(reached.tenant.name, "requests", request.id);
  const before = texts.before(request.name ?? request.preferredUsername);
  const title = problems.length > 0 ? `${words[language].give.error}: ${before}` : before;
  const at = Object.fromEntries([...form.at].map((target) => [`at.${target}`, "yes"]));
  return tenantPage(
    language,
    { title, reached, section: "requests" },
    html`${problemSummary(language, problems)}
<dl>
<dt>${texts.what}</dt><dd>${request.set}</dd>
<dt>${texts.where}</dt><dd>${[...form.at].join(", ")}</dd>
<dt>${texts.length}</dt><dd>${lengthText(language, parseLength(form.length) ?? request.length)}</dd>
<dt>${texts.reason}</dt><dd>${request.reason}</dd>
</dl>
${previewParts(language, reached, preview)}
<form method="post" action="${address}/decide">
${hidden({ form_token: formToken, for: form.length, seen: preview.seen, ...at })}
<button type="submit" name="step" value="approve">${texts.approveIt}</button>
</form>
<p><a href="${address}">${texts.back}</a></p>`,
  );
}
