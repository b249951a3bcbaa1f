import { html, type Language } from "../../http/index.ts";
import type { InvitedRow, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { membersTexts } from "../words/members.ts";
import { hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { type Column, table } from "./table.ts";

/** A row of the table with what became, or would become, of it. */
export type ReportedRow = InvitedRow & { readonly line: number };

/** The form for many, with what was pasted and what is known of it. */
interface Many {
  readonly reached: ReachableTenant;
  readonly pasted: string;
  readonly token: string;
  /** Why the table cannot be read; English. */
  readonly problem: string | undefined;
  readonly rows: readonly ReportedRow[];
}

/** Inviting many: the table, what would become of each row, and the doing. */
export function manyPage(language: Language, { reached, pasted, token, problem, rows }: Many): string {
  const texts = membersTexts[language].many;
  const isWrong = rows.some(({ outcome }) => outcome === "wrong");
  const isNew = !isWrong && rows.some(({ outcome }) => outcome === "new" || outcome === "not yet");
  const columns: Column<ReportedRow>[] = [
    { heading: texts.line, cell: ({ line }) => String(line) },
    { heading: membersTexts[language].address, cell: ({ email }) => email },
    {
      heading: texts.outcome,
      cell: ({ outcome, detail }) =>
        html`${texts.outcomes[outcome]}${detail !== undefined && html`: <span lang="en">${detail}</span>`}`,
    },
  ];
  const title = problem !== undefined || isWrong ? `${words[language].give.error}: ${texts.title}` : texts.title;
  return tenantPage(
    language,
    { title, reached, section: "members" },
    html`${problem !== undefined && html`<p class="problem" role="alert" lang="en">${problem}</p>`}
${isWrong && html`<p class="problem" role="alert">${texts.wrong}</p>`}
${rows.length > 0 && table(texts.title, columns, rows)}
<form method="post" action="${addressOf(reached.tenant.name, "invite-many")}">${hidden({ form_token: token })}
<p id="intro">${texts.intro}</p>
<p><label for="table">${texts.table}</label>
<textarea id="table" name="table" rows="8" maxlength="16000" spellcheck="false" aria-describedby="intro">${pasted}</textarea></p>
<button type="submit" name="step" value="look">${texts.look}</button>
${isNew && html`<button type="submit" name="step" value="invite">${texts.doIt}</button>`}
</form>
<p><a href="${addressOf(reached.tenant.name, "members")}">${membersTexts[language].back}</a></p>`,
  );
}
