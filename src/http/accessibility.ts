import { ok } from "../core/index.ts";
import { html } from "./html.ts";
import type { Language } from "./language.ts";
import { accessibilityPath, layout } from "./layout.ts";
import type { Route } from "./request.ts";
import { accessibilityTexts } from "./words/accessibility.ts";

/** Whom people tell what keeps them out. */
interface AccessibilityContact {
  /** Who runs the pages. */
  readonly operator: string;
  readonly email: string;
  /** A body that people may turn to when the operator's answer does not help, with its address. */
  readonly enforcement?: { readonly name: string; readonly url: string } | undefined;
}

/** Day of the last look at the statement itself; what it says of tests is what `test/pages` does. */
const lookedAt = "2026-11-30";

/** The accessibility statement (EU directive 2016/2102 article 7, WCAG 2.2), to which every page leads. */
export const accessibilityRoutes = (issuer: string, contact: AccessibilityContact | undefined): Route[] => [
  {
    method: "GET",
    path: accessibilityPath,
    errorFormat: "page",
    typed: true,
    handle: ({ language }) =>
      ok({ kind: "page", status: 200, html: statement(language, new URL(issuer).host, contact) }),
  },
];

function statement(language: Language, host: string, contact: AccessibilityContact | undefined): string {
  const { title, applies, status, tested, limits, contact: own, date } = accessibilityTexts[language];
  const day = new Intl.DateTimeFormat({ en: "en-GB", de: "de-DE" }[language], { dateStyle: "long", timeZone: "UTC" });
  return layout(
    language,
    title,
    html`<p>${applies(host)}</p>
<h2>${status.title}</h2>
<p>${status.text}</p>
<h2>${tested.title}</h2>
<p>${tested.text}</p>
<ul>${tested.how.map((one) => html`<li>${one}</li>`)}</ul>
<h2>${limits.title}</h2>
<ul>${limits.all.map((one) => html`<li>${one}</li>`)}</ul>
<h2>${own.title}</h2>
${contact === undefined ? html`<p>${own.nobody}</p>` : waysTo(own, contact)}
<p class="aside">${date(day.format(new Date(lookedAt)))}</p>`,
  );
}

const waysTo = (
  { text, mail, enforcement: turnTo }: (typeof accessibilityTexts)[Language]["contact"],
  { operator, email, enforcement }: AccessibilityContact,
) => html`<p>${text}</p>
<address>${operator}<br>${mail}: <a href="mailto:${email}">${email}</a></address>
${enforcement && html`<p>${turnTo} <a href="${enforcement.url}" rel="noreferrer">${enforcement.name}</a>.</p>`}`;
