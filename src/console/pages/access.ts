import type { Instant, Seconds } from "../../core/index.ts";
import { type Html, html, type Language, layout } from "../../http/index.ts";
import type { Askable, PageOf, ShownRequest } from "../../operations/index.ts";
import { accessTexts } from "../words/access.ts";
import { words } from "../words/index.ts";
import { boxes, field, select } from "./form-fields.ts";
import { ways } from "./frame.ts";
import { type FieldProblem, problemLine, problemSummary, type Sentence } from "./problem-summary.ts";
import { lengthChoices, requestColumns, requestParts, setsTable } from "./request-parts.ts";
import { type Column, table } from "./table.ts";

/** What somebody typed who asks for something. */
export interface AskForm {
  readonly set: string;
  readonly at: ReadonlySet<string>;
  readonly length: string;
  readonly reason: string;
}

/** The page on which anybody asks, and sees what was asked for. */
interface AccessPage extends PageOf<ShownRequest> {
  readonly askable: Askable;
  readonly form: AskForm;
  readonly formToken: string;
  readonly problems: readonly FieldProblem[];
  readonly after: string | undefined;
  readonly now: Instant;
}

/** A page of a person's own, who may have no right to the console. */
function ownPage(language: Language, title: string, body: Html): string {
  const texts = accessTexts[language];
  const navigation = html`<nav aria-label="${texts.navigation}"><ul>
<li><a href="/access" aria-current="true">${texts.title}</a></li>
<li><a href="/account">${texts.account}</a></li>
</ul></nav>`;
  return layout(language, title, body, { navigation, wide: true });
}

/** The form, and what the person asked for before. */
export function accessPage(language: Language, page: AccessPage): string {
  const { problems, items, total, next, after, now } = page;
  const texts = accessTexts[language];
  const columns: Column<ShownRequest>[] = [
    { heading: texts.what, cell: (r) => html`<a href="/access/${r.id}">${r.set}</a>` },
    ...requestColumns(language, now),
  ];
  const title = problems.length > 0 ? `${words[language].give.error}: ${texts.title}` : texts.title;
  const { longest, sets } = page.askable;
  return ownPage(
    language,
    title,
    html`${problemSummary(language, problems)}
${longest === undefined || sets.length === 0 ? html`<p>${texts.nothing}</p>` : askForm(language, page, longest)}
<h2>${texts.yours}</h2>
${items.length === 0 ? html`<p>${texts.none}</p>` : table(words[language].count(items.length, total), columns, items)}
${ways(language, "/access", { after }, next)}`,
  );
}

function askForm(language: Language, { askable: { sets }, form, formToken }: AccessPage, longest: Seconds): Html {
  const texts = accessTexts[language];
  const places = [...new Set(sets.flatMap(({ at }) => [...at.keys()]))].map((name) => ({
    value: name as string,
    label: name as string,
  }));
  const choices = sets.map(({ name }) => ({ value: name, label: name }));
  return html`<p>${texts.intro}</p>
<form method="post" action="/access">
<input type="hidden" name="form_token" value="${formToken}">
${select("set", texts.what, [{ value: "", label: texts.choose }, ...choices], form.set)}
${setsTable(language, sets)}
${boxes("at", texts.where, places, form.at)}
${select("for", texts.length, lengthChoices(language, longest), form.length)}
${field("reason", texts.reason, form.reason, { hint: texts.reasonHint })}
<button type="submit">${texts.ask}</button>
</form>`;
}

/** One request of the person's own, and the way to withdraw it. */
export function ownRequestPage(
  language: Language,
  request: ShownRequest,
  more: {
    readonly now: Instant;
    readonly formToken: string;
    readonly done: string | undefined;
    /** Why it could not be withdrawn. */
    readonly problem: Sentence | undefined;
  },
): string {
  const texts = accessTexts[language];
  return ownPage(
    language,
    `${texts.request}: ${request.set}`,
    html`${more.done !== undefined && html`<p class="said" role="status">${more.done}</p>`}
${problemLine(more.problem)}
${requestParts(language, request, more.now)}
${
  request.state === "asked" &&
  html`<form method="post" action="/access/${request.id}/withdraw">
<input type="hidden" name="form_token" value="${more.formToken}">
<button class="deny" type="submit">${texts.withdraw}</button>
</form>`
}`,
  );
}
