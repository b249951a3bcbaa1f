import type { Instant } from "../../core/index.ts";
import { html, type Language, when } from "../../http/index.ts";
import type { LeftOut, OpenProposal, PastChange, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { leftOutPart } from "./left-out.ts";
import { problemLine, type Sentence } from "./problem-summary.ts";
import { proposalsPart } from "./proposals.ts";
import { type Column, table } from "./table.ts";

/** The last changes of a tenant's policy. */
interface Changes {
  readonly reached: ReachableTenant;
  readonly changes: readonly PastChange[];
  readonly now: Instant;
  /** What was just done. */
  readonly done: string | undefined;
  /** Why something was not undone; English. */
  readonly problem: Sentence | undefined;
  /** What somebody pushed and is not in use. */
  readonly leftOut: readonly LeftOut[];
  readonly proposals: readonly OpenProposal[];
  /** How many commits the remote lacks. */
  readonly notPushed: number;
  readonly formTokenOf: (commit: string) => string;
}

/** What was changed, by whom, and the way back. */
export function changesPage(language: Language, page: Changes): string {
  const { reached, changes, now, done, problem } = page;
  const texts = words[language].changes;
  const columns: Column<PastChange>[] = [
    { heading: texts.change, cell: changeLink },
    { heading: texts.by, cell: ({ author }) => author },
    { heading: texts.at, cell: ({ at }) => when(language, at, now) },
    { heading: texts.commit, cell: ({ commit }) => html`<code>${commit.slice(0, 10)}</code>` },
    ...(reached.mayManage ? [{ heading: texts.undo, cell: undoForm }] : []),
  ];
  function changeLink({ commit, subject }: PastChange) {
    return html`<a href="${addressOf(reached.tenant.name, "changes", commit)}" lang="en">${subject}</a>`;
  }
  function undoForm({ commit, subject }: PastChange) {
    return html`<form method="post" action="${addressOf(reached.tenant.name, "changes", commit, "undo")}">
<input type="hidden" name="form_token" value="${page.formTokenOf(commit)}">
<button class="small" type="submit" aria-label="${texts.undo}: ${subject}">${texts.undo}</button></form>`;
  }
  return tenantPage(
    language,
    { title: texts.title, reached, section: "changes" },
    html`${done !== undefined && html`<p class="said" role="status">${done}</p>`}
${problemLine(problem)}
${leftOutPart(language, page.leftOut)}
${page.notPushed > 0 && html`<p class="warning">${texts.notPushed(page.notPushed)}</p>`}
${proposalsPart(language, page.proposals, now)}
${changes.length === 0 ? html`<p>${texts.none}</p>` : table(texts.caption, columns, changes)}`,
  );
}
