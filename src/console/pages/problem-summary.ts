import { type Html, html, type Language } from "../../http/index.ts";
import { words } from "../words/index.ts";

/** Something wrong in a form, in words. */
export interface FieldProblem {
  readonly field: string | undefined;
  readonly message: string;
  /** The sentence is the product's own, in English. */
  readonly english?: boolean;
}

/** All that is wrong, above the form, each with a way to its field. */
export function problemSummary(language: Language, problems: readonly FieldProblem[]): Html | false {
  return (
    problems.length > 0 &&
    html`<div class="problem" role="alert"><h2>${words[language].give.thereIsAProblem}</h2><ul>${problems.map(
      ({ field: at, message, english }) => {
        const text = english ? html`<span lang="en">${message}</span>` : message;
        return html`<li>${at === undefined ? text : html`<a href="#${at}">${text}</a>`}</li>`;
      },
    )}</ul></div>`
  );
}

/** What stands against it, above what it was about, where no field is to blame. The sentences are the product's own, in English. */
export const problemList = (sentences: readonly string[]): Html | false =>
  sentences.length > 0 &&
  html`<div class="problem" role="alert"><ul>${sentences.map((one) => html`<li lang="en">${one}</li>`)}</ul></div>`;
