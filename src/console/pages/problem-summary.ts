import { type Html, html, type Language } from "../../http/index.ts";
import { words } from "../words/index.ts";

/** What is shown of something wrong. */
export interface Sentence {
  readonly message: string;
  /** The sentence is the product's own, in English. */
  readonly english?: boolean;
}

/** Something wrong in a form, in words. */
export interface FieldProblem extends Sentence {
  readonly field: string | undefined;
}

/** All that is wrong, above the form, each with a way to its field. */
export function problemSummary(language: Language, problems: readonly FieldProblem[]): Html | false {
  return (
    problems.length > 0 &&
    html`<div class="problem" role="alert"><h2>${words[language].give.thereIsAProblem}</h2><ul>${problems.map(
      ({ field: at, ...said }) => {
        const text = sentenceOf(said);
        return html`<li>${at === undefined ? text : html`<a href="#${at}">${text}</a>`}</li>`;
      },
    )}</ul></div>`
  );
}

/** What stands against it, above what it was about, where no field is to blame. */
export const problemList = (problems: readonly Sentence[]): Html | false =>
  problems.length > 0 &&
  html`<div class="problem" role="alert"><ul>${problems.map((one) => html`<li>${sentenceOf(one)}</li>`)}</ul></div>`;

/** The same of one problem. */
export const problemLine = (problem: Sentence | undefined): Html | false =>
  problem !== undefined && html`<p class="problem" role="alert">${sentenceOf(problem)}</p>`;

/** A sentence, marked where it is in English. */
export const sentenceOf = ({ message, english }: Sentence): Html | string =>
  english ? html`<span lang="en">${message}</span>` : message;
