import { type Html, html, type Language } from "../../http/index.ts";
import type { ChangePreview, ListedPerson, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { lastTokenTexts } from "../words/last-token.ts";
import { addressOf } from "./frame.ts";

/** So many names stand in a preview; of more the number is said. */
const mostNames = 20;

/** What a change does: each change in words, and who gains and who loses what. */
export function previewParts(language: Language, { tenant }: ReachableTenant, preview: ChangePreview): Html {
  const texts = words[language].give;
  const names = (people: readonly ListedPerson[]) =>
    html`${people
      .slice(0, mostNames)
      .map(
        ({ sub, name }, i) => html`${i > 0 && ", "}<a href="${addressOf(tenant.name, "people", sub)}">${name}</a>`,
      )}${people.length > mostNames && ` ${texts.andMore(people.length - mostNames)}`}`;
  return html`<h2>${texts.inTheFile}</h2>
<ul>${preview.sentences.map((sentence) => html`<li lang="en">${sentence}</li>`)}</ul>
${preview.sentences.length === 0 && html`<p>${texts.nothingChanges}</p>`}
<h2>${texts.forPeople}</h2>
${preview.people.length === 0 && html`<p>${texts.nobodyNow}</p>`}
${preview.people.map(
  ({ right, gain, lose, loseInUse }) => html`<section class="item"><h3 lang="en">${right}</h3>
${gain.length > 0 && html`<p>${texts.gain(gain.length)} ${names(gain)}</p>`}
${lose.length > 0 && html`<p>${texts.lose(lose.length)} ${names(lose)}</p>`}
${loseInUse.length > 0 && html`<p class="warning">${lastTokenTexts[language].loseInUse(loseInUse.length)} ${names(loseInUse)}</p>`}</section>`,
)}
${preview.unclear > 0 && html`<p class="warning">${texts.unclear(preview.unclear)}</p>`}`;
}
