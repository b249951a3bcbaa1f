import { type Html, html } from "./html.ts";
import type { Language } from "./language.ts";
import { accessibilityTexts } from "./words/accessibility.ts";
import type { RefusalWords } from "./words/en.ts";
import { words } from "./words/index.ts";

/** Where the accessibility statement stands. */
export const accessibilityPath = "/accessibility";

/** What stands around the body of a page. */
interface Surroundings {
  readonly head?: Html;
  /** Ways to other pages of the same place. */
  readonly navigation?: Html;
  /** For tables: as wide as the window allows. */
  readonly wide?: boolean;
}

/** A whole page. No script, no foreign address, one style sheet of our own: the CSP allows nothing else. */
export function layout(language: Language, title: string, body: Html, around: Surroundings = {}): string {
  const { head, navigation, wide = false } = around;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · cloudpass</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${head}
</head>
<body${wide && html` class="wide"`}>
<header><span class="brand">cloudpass</span>${navigation}</header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer><a href="${accessibilityPath}">${accessibilityTexts[language].link}</a></footer>
</body>
</html>
`.text;
}

/** What a page of an error says: `detail` is English, for whoever makes the program. */
interface ErrorWords extends RefusalWords {
  readonly detail?: string;
}

/** Page of an error: what happened, what to do, and the id to tell an operator. */
export function errorPage(language: Language, { title, message, advice, detail }: ErrorWords, id: string): string {
  const own = words[language];
  return layout(
    language,
    title,
    html`<p role="alert">${message}</p>
<p>${advice}</p>
${detail !== undefined && html`<p class="aside">${own.detail}: <span lang="en">${detail}</span></p>`}
<p class="aside">${own.id}: <code>${id}</code></p>`,
  );
}

/**
 * The step to an address that is not ours: a page and not a redirect, since `form-action 'self'` also judges the redirects
 * that follow a form, and that address is not ours to list.
 */
export const onwardPage = (
  language: Language,
  step: { title: string; message: Html | string; button: string; location: string },
): string =>
  layout(
    language,
    step.title,
    html`<p>${step.message}</p>
<p><a class="button" href="${step.location}" rel="noreferrer">${step.button}</a></p>`,
    { head: html`<meta http-equiv="refresh" content="0; url=${step.location}">` },
  );
