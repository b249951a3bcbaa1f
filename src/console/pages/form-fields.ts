import { type Fields, type Html, html } from "../../http/index.ts";

/** A choice of a list: what is sent, and what stands there. */
interface Choice {
  readonly value: string;
  readonly label: string;
  /** What it means, beside it. */
  readonly hint?: string;
}

/** A list of which one is chosen. */
export const select = (name: string, label: string, choices: readonly Choice[], chosen: string | undefined): Html =>
  html`<p><label for="${name}">${label}</label>
<select id="${name}" name="${name}">${choices.map(
    ({ value, label: text }) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select></p>`;

/** Boxes of which any may be ticked. Each has a name of its own: a parameter is sent once (S-55). */
export const boxes = (name: string, legend: string, choices: readonly Choice[], ticked: ReadonlySet<string>): Html =>
  html`<fieldset id="${name}"><legend>${legend}</legend>
${choices.map(
  ({
    value,
    label,
    hint,
  }) => html`<p class="choice"><input type="checkbox" id="${name}.${value}" name="${name}.${value}" value="yes"${ticked.has(value) && html` checked`}>
<label for="${name}.${value}">${label}</label>${hint !== undefined && html` <span class="aside">${hint}</span>`}</p>`,
)}</fieldset>`;

/** Which of the boxes of a name are ticked in what was sent, or in the address that leads to the form. */
export const tickedIn = (fields: Fields, name: string): ReadonlySet<string> =>
  new Set([...fields.keys()].flatMap((one) => (one.startsWith(`${name}.`) ? [one.slice(name.length + 1)] : [])));

/** One line of text, or a date, with a hint. */
export function field(
  name: string,
  label: string,
  value: string | undefined,
  more: { readonly type?: "text" | "date"; readonly hint?: string; readonly list?: readonly string[] } = {},
): Html {
  const { type = "text", hint, list } = more;
  const hinted = hint !== undefined && html` aria-describedby="${name}-hint"`;
  return html`<p><label for="${name}">${label}</label>
${hint !== undefined && html`<span class="aside hint" id="${name}-hint">${hint}</span>`}
<input type="${type}" id="${name}" name="${name}" value="${value ?? ""}" maxlength="256"${hinted}${list && html` list="${name}-list"`}>
${list && html`<datalist id="${name}-list">${list.map((one) => html`<option value="${one}"></option>`)}</datalist>`}</p>`;
}

/** Values that go along unseen. */
export const hidden = (values: Readonly<Record<string, string | undefined>>): Html =>
  html`${Object.entries(values).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
