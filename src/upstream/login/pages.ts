import { html, type Language, layout, onwardPage } from "../../http/index.ts";
import { words } from "../words/index.ts";
import type { Destination } from "./destination.ts";

/** Page 0: which organization. One field, since the e-mail address names it. */
export function signInPage(language: Language, carried: Destination["carried"]): string {
  const own = words[language];
  return layout(
    language,
    own.title,
    html`<p>${own.says}</p>
<form method="post" action="/login">
${carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="email">${own.email}</label>
<input type="email" id="email" name="email" required autocomplete="email" spellcheck="false" maxlength="254">
<button type="submit">${own.goOn}</button>
</form>`,
  );
}

/** The step to the identity provider. */
export function leavingPage(language: Language, organization: string, location: string): string {
  const { leavingTitle: title, leaving, goOnTo } = words[language];
  return onwardPage(language, { title, says: leaving(organization), button: goOnTo(organization), location });
}
