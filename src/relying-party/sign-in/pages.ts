import type { Person } from "../../core/index.ts";
import { type Html, html, type Language, layout, onwardPage } from "../../http/index.ts";
import type { OpenIdentityProvider } from "../identity-providers/identity-providers.ts";
import { words } from "../words/index.ts";
import type { Destination } from "./destination.ts";

/** Page 0: which organization. One field, since the e-mail address names it. */
export function signInPage(language: Language, carried: Destination["carried"]): string {
  return emailPage(language, html`<p>${words[language].message}</p>`, carried);
}

/** For a member of an organization whose people have no identity provider: by which address it knows them. */
export function memberPage(language: Language, organization: string, hidden: Destination["carried"]): string {
  return emailPage(language, html`<p>${words[language].memberSays(organization)}</p>`, hidden);
}

function emailPage(language: Language, intro: Html, hidden: Destination["carried"]): string {
  const own = words[language];
  return layout(
    language,
    own.title,
    html`${intro}
<form method="post" action="/login">
${hiddenFields(hidden)}
<label for="email">${own.email}</label>
<input type="email" id="email" name="email" required autocomplete="email" spellcheck="false" maxlength="254">
<button type="submit">${own.goOn}</button>
</form>`,
  );
}

/** What the page before a second sign-in is about. */
interface Switch {
  readonly person: Person;
  /** Where the person would sign in. */
  readonly organization: string;
  readonly hidden: readonly (readonly [name: string, value: string])[];
  /** Where the person was going, and may go on to as it is. */
  readonly returnTo: string;
}

/** For who is signed in and follows a link to sign in: staying comes first. */
export function switchPage(language: Language, { person, organization, hidden, returnTo }: Switch): string {
  const own = words[language];
  return layout(
    language,
    own.switchTitle,
    html`<p>${own.signedIn(person.preferredUsername, person.tenant)}</p>
<p>${own.switchSays}</p>
<p><a class="button" href="${returnTo}">${own.stay}</a></p>
<form method="post" action="/login">
${hiddenFields(hidden)}
<button type="submit">${own.switchTo(organization)}</button>
</form>`,
  );
}

/** What the page with a tenant's own identity providers is about. */
interface Choose {
  readonly organization: string;
  readonly among: readonly OpenIdentityProvider[];
  readonly hidden: readonly (readonly [name: string, value: string])[];
}

/** For a tenant with several identity providers: the person says which is theirs. */
export function choosePage(language: Language, { organization, among, hidden }: Choose): string {
  const own = words[language];
  const buttons = among.map(
    ({ alias, name }) => html`<p><button type="submit" name="idp" value="${alias}">${own.goOnTo(name)}</button></p>`,
  );
  return layout(
    language,
    own.chooseTitle,
    html`<p>${own.chooseSays(organization)}</p>
<form method="post" action="/login">
${hiddenFields(hidden)}
${buttons}
</form>`,
  );
}

const hiddenFields = (fields: Destination["carried"]) =>
  fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** The step to the identity provider. */
export function leavingPage(language: Language, organization: string, location: string): string {
  const { leavingTitle: title, leaving, goOnTo } = words[language];
  return onwardPage(language, { title, message: leaving(organization), button: goOnTo(organization), location });
}

/** For who sent the way back a second time while the first is being answered: looks again by itself, without a script. */
export function momentPage(language: Language, location: string): string {
  const { momentTitle, moment, goOn } = words[language];
  return layout(
    language,
    momentTitle,
    html`<p role="status">${moment}</p>
<p><a class="button" href="${location}" rel="noreferrer">${goOn}</a></p>`,
    { head: html`<meta http-equiv="refresh" content="1; url=${location}">` },
  );
}
