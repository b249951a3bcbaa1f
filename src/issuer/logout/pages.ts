import type { Person } from "../../core/index.ts";
import { html, type Language, layout, onwardPage } from "../../http/index.ts";
import { words } from "../words/index.ts";

/** What the sign-out page shows and carries. */
interface SignOut {
  readonly person: Person;
  readonly program: string | undefined;
  readonly formToken: string;
  readonly clientId: string;
  readonly location: string;
}

/** Asks before anything ends. */
export function signOutPage(language: Language, s: SignOut): string {
  const { shared, signOut } = words[language];
  return layout(
    language,
    signOut.title,
    html`<p class="aside">${shared.signedIn(s.person.preferredUsername, s.person.tenant)}</p>
${s.program !== undefined && html`<p>${signOut.asks(s.program)}</p>`}
<p>${signOut.message}</p>
<form method="post" action="/end_session/confirm">
<input type="hidden" name="form_token" value="${s.formToken}">
<input type="hidden" name="client_id" value="${s.clientId}">
<input type="hidden" name="location" value="${s.location}">
<button type="submit">${signOut.button}</button>
</form>`,
  );
}

/** Nothing is signed in any more. */
export const signedOutPage = (language: Language): string =>
  layout(language, words[language].signOut.doneTitle, html`<p>${words[language].signOut.done}</p>`);

/** The way back to the program after signing out. */
export function leavingPage(language: Language, program: string, location: string): string {
  const { authorize, shared, signOut } = words[language];
  return onwardPage(language, {
    title: signOut.doneTitle,
    message: authorize.back(program),
    button: shared.goOn,
    location,
  });
}
