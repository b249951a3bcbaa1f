import { formatLength, type Instant, type Seconds, seconds } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type { Askable, ShownRequest } from "../../operations/index.ts";
import { accessTexts } from "../words/access.ts";
import type { Column } from "./table.ts";

/** Times that people mostly want. */
const usual = [1, 4, 8, 24, 72, 168, 720, 2160].map((hours) => seconds(hours * 3600));

/** The times that can be chosen: the usual ones, and the longest. */
export const lengthChoices = (language: Language, longest: Seconds) =>
  [...new Set([...usual.filter((each) => each < longest), longest])].map((each) => ({
    value: formatLength(each),
    label: lengthText(language, each),
  }));

/** A length of time in words. */
export function lengthText(language: Language, length: Seconds): string {
  const texts = accessTexts[language];
  if (length % 86_400 === 0) return texts.days(length / 86_400);
  if (length % 3600 === 0) return texts.hours(length / 3600);
  return length % 60 === 0 ? texts.minutes(length / 60) : formatLength(length);
}

/** What each set holds, and where. */
export const setsTable = (language: Language, sets: Askable["sets"]): Html =>
  html`<details><summary>${accessTexts[language].whatSetsHold}</summary><dl>${sets.map(
    ({ name, at }) =>
      html`<dt>${name}</dt><dd>${[...at].map(
        ([target, rights]) => html`<p>${target}: <span lang="en">${rights.join(", ")}</span></p>`,
      )}</dd>`,
  )}</dl></details>`;

const stateText = (language: Language, { state, proposed }: ShownRequest): string =>
  proposed ? accessTexts[language].proposed : accessTexts[language].states[state];

/** The columns that a list of requests has, whoever looks. */
export const requestColumns = (language: Language, now: Instant): Column<ShownRequest>[] => {
  const texts = accessTexts[language];
  return [
    { heading: texts.where, cell: (r) => r.at.join(", ") },
    { heading: texts.length, cell: (r) => lengthText(language, r.length) },
    { heading: texts.asked, cell: (r) => when(language, r.askedAt, now) },
    { heading: texts.state, cell: (r) => stateText(language, r) },
  ];
};

/** What was asked for, and what became of it. */
export function requestParts(language: Language, r: ShownRequest, now: Instant): Html {
  const texts = accessTexts[language];
  const { decidedAt, decider, approval } = r;
  const by = decider === undefined ? "" : ` ${texts.by(decider.name)}`;
  return html`<dl>
<dt>${texts.state}</dt><dd>${stateText(language, r)}</dd>
<dt>${texts.what}</dt><dd>${r.set}</dd>
<dt>${texts.where}</dt><dd>${r.at.join(", ")}</dd>
<dt>${texts.length}</dt><dd>${lengthText(language, r.length)}</dd>
<dt>${texts.reason}</dt><dd>${r.reason}</dd>
<dt>${texts.asked}</dt><dd>${when(language, r.askedAt, now)}${r.loginMethod !== undefined && r.loginMethod !== "browser" && ` ${texts.withCode}`}</dd>
${r.state === "asked" && html`<dt>${texts.waitsUntil}</dt><dd>${when(language, r.waitsUntil, now)}</dd>`}
${r.state !== "asked" && decidedAt !== undefined && html`<dt>${texts.decided}</dt><dd>${when(language, decidedAt, now)}${by}</dd>`}
${
  approval !== undefined &&
  html`<dt>${texts.given}</dt><dd>${approval.at.join(", ")}, ${lengthText(language, seconds(approval.until - approval.from))}</dd>
<dt>${texts.ends}</dt><dd>${when(language, approval.until, now)}</dd>`
}
${r.denial !== undefined && html`<dt>${texts.denial}</dt><dd>${r.denial}</dd>`}
</dl>
${r.gone !== undefined && html`<p class="warning">${texts.gone[r.gone]}</p>`}
${r.changed && html`<p class="warning">${texts.changed}</p>`}`;
}
