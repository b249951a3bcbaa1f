import type { Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type { OpenProposal } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { proposalTexts } from "../words/proposals.ts";
import { type Column, table } from "./table.ts";

/** What is proposed and does not count yet. Nothing when nothing is. */
export function proposalsPart(language: Language, all: readonly OpenProposal[], now: Instant): Html | false {
  const texts = proposalTexts[language];
  const { changes } = words[language];
  const columns: Column<OpenProposal>[] = [
    { heading: changes.change, cell: ({ subject }) => html`<span lang="en">${subject}</span>` },
    { heading: changes.by, cell: ({ author }) => author },
    { heading: changes.at, cell: ({ at }) => when(language, at, now) },
    { heading: texts.branch, cell: ({ branch }) => html`<code>${branch}</code>` },
    { heading: texts.state, cell: ({ state }) => texts.states[state] },
  ];
  return all.length > 0 && html`<h2>${texts.title}</h2>${table(texts.caption, columns, all)}`;
}
