import { type Html, html } from "../../http/index.ts";

/** A column: its heading, and what stands in a row. */
export interface Column<T> {
  readonly heading: string;
  readonly cell: (row: T) => Html | string;
}

/**
 * A table whose first column names its rows. On a narrow window each row is a card with its headings; the roles are said,
 * since a browser takes what is no longer laid out as a table for none.
 */
export function table<T>(caption: Html | string, columns: readonly Column<T>[], rows: readonly T[]): Html {
  const [first, ...others] = columns;
  if (first === undefined) return html``;
  return html`<div class="table"><table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(({ heading }) => html`<th role="columnheader" scope="col">${heading}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (row) => html`<tr role="row"><th role="rowheader" scope="row">${first.cell(row)}</th>
${others.map(({ heading, cell }) => html`<td role="cell" data-label="${heading}">${cell(row)}</td>`)}</tr>
`,
)}</tbody>
</table></div>`;
}
