import { type Html, html, type Language } from "../../http/index.ts";
import type { LeftOut } from "../../operations/index.ts";
import { leftOutTexts } from "../words/left-out.ts";

/** So many problems stand on a page: who mends the first ones sees the next. */
const mostShown = 20;

/** What somebody pushed and is not in use: each file, line and why. Nothing when all is. */
export function leftOutPart(language: Language, all: readonly LeftOut[]): Html | false {
  const texts = leftOutTexts[language];
  const places = (["remote", "here"] as const).filter((place) => all.some(({ where }) => where === place));
  return (
    all.length > 0 &&
    html`<section class="problem"><h2>${texts.title}</h2>
${places.map(
  (place) => html`<p>${texts[place]}</p>
<ul>${all
    .filter(({ where }) => where === place)
    .slice(0, mostShown)
    .map(
      ({ file, line, message, fix }) =>
        html`<li><code>${file}:${line}</code> <span lang="en">${message}${fix !== undefined && `. ${fix}`}</span></li>`,
    )}</ul>`,
)}
<p>${texts.mend}</p></section>`
  );
}
