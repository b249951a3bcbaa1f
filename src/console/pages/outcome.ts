import type { Instant } from "../../core/index.ts";
import { html, type Language, when } from "../../http/index.ts";
import type { ChangeOutcome, ReachableTenant, TargetOutcome } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { outcomeTexts } from "../words/outcome.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { type Column, table } from "./table.ts";

/** A change, and what is said above it. */
interface Outcome {
  readonly reached: ReachableTenant;
  readonly change: ChangeOutcome;
  /** What was just done. */
  readonly done: "saved" | "undone" | undefined;
  readonly notPushed: number;
  readonly now: Instant;
}

/** One change, and what became of it where. There is no form on it: it may be looked at again and again. */
export function outcomePage(language: Language, { reached, change, done, notPushed, now }: Outcome): string {
  const texts = outcomeTexts[language];
  const { changes } = words[language];
  const { subject, author, at, commit, inUse, targets } = change;
  const address = addressOf(reached.tenant.name, "changes");
  return tenantPage(
    language,
    { title: texts.title, reached, section: "changes" },
    html`${done !== undefined && html`<p class="said" role="status">${texts[done]}</p>`}
<dl>
<dt>${changes.change}</dt><dd lang="en">${subject}</dd>
<dt>${changes.by}</dt><dd>${author}</dd>
<dt>${changes.at}</dt><dd>${when(language, at, now)}</dd>
<dt>${changes.commit}</dt><dd><code>${commit.slice(0, 10)}</code></dd>
</dl>
<p${!inUse && html` class="warning"`}>${inUse ? texts.inUse : texts.notInUse}</p>
${notPushed > 0 && html`<p class="warning">${changes.notPushed(notPushed)}</p>`}
<h2>${texts.onTargets}</h2>
${targets.length === 0 ? html`<p>${texts.nothing}</p>` : table(texts.concerned, columnsOf(language, now), targets)}
${isOpen(change) && html`<p><a class="button" href="${addressOf(reached.tenant.name, "changes", commit)}">${texts.again}</a></p>`}
<p><a href="${address}">${texts.back}</a></p>`,
  );
}

/** Whether something may still become of it by itself. */
const isOpen = ({ inUse, targets }: ChangeOutcome): boolean =>
  !inUse || targets.some(({ state }) => state === "waiting" || state === "away");

function columnsOf(language: Language, now: Instant): Column<TargetOutcome>[] {
  const texts = outcomeTexts[language];
  return [
    { heading: texts.target, cell: ({ target }) => target },
    { heading: texts.state, cell: ({ state }) => texts.states[state] },
    { heading: texts.next, cell: (outcome) => nextText(language, outcome) },
    { heading: texts.at, cell: ({ at }) => (at === undefined ? "" : when(language, at, now)) },
  ];
}

function nextText(language: Language, { state, reason }: TargetOutcome): string {
  const texts = outcomeTexts[language];
  if (state === "away" || state === "person") return texts.reason[reason ?? "away"];
  return texts.nextOf[state];
}
