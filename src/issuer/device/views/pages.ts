import type { Entitlement, Instant, Person } from "../../../core/index.ts";
import { formatDistance, type Html, html, type Language, layout } from "../../../http/index.ts";
import { bound, rightsList, scopesList, signedIn } from "../../views/parts.ts";
import { words } from "../../words/index.ts";

/** What page 1 begins with. */
export interface Entry {
  /** The code of a link, sealed. */
  readonly entry?: string | undefined;
  /** What was typed and cannot be a code, and what is said of it. */
  readonly typed?: string;
  readonly problem?: string;
}

/**
 * Page 1: enter the code from the terminal. Who came by a link that holds the code goes on by a button and does not see
 * it here: what the page would show proves nothing about a terminal (S-07).
 */
export function enterCodePage(
  language: Language,
  person: Person,
  formToken: string,
  { entry, typed = "", problem }: Entry,
): string {
  const { device, shared } = words[language];
  const wrong = problem !== undefined && html` aria-invalid="true"`;
  const field =
    entry === undefined
      ? html`<label for="user_code">${device.codeLabel}</label>
<input class="code" type="text" id="user_code" name="user_code" value="${typed}" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="512" aria-describedby="${problem === undefined ? "hint" : "problem hint"}"${wrong}>
<p id="hint" class="aside">${device.codeHint}</p>`
      : html`<input type="hidden" name="entry" value="${entry}">
<p>${device.linkSays}</p>`;
  return layout(
    language,
    device.enterTitle,
    html`${signedIn(language, person)}
${problem !== undefined && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/device">
<input type="hidden" name="form_token" value="${formToken}">
${field}
<button type="submit">${shared.goOn}</button>
</form>
${entry !== undefined && html`<p class="aside"><a href="/device">${device.anotherCode}</a></p>`}`,
  );
}

/** What page 2 shows. */
export interface Confirmation {
  readonly person: Person;
  readonly formToken: string;
  readonly handle: string;
  /** Only the beginning of the code when its end must be typed: then the rest is nowhere on the page. */
  readonly code: string;
  readonly program: string;
  readonly target: string | undefined;
  /** Where the asker is, where this browser is, and what the difference means. */
  readonly asker: string;
  readonly address: string;
  /** False where nothing can be said of the distance, which counts as far. */
  readonly canTell: boolean;
  readonly distance: "near" | "far, and the end must be typed" | "far, and allowed";
  readonly userAgent: string;
  readonly startedAt: Instant;
  readonly now: Instant;
  readonly scope: readonly string[];
  readonly cloudsSeeName: boolean;
  readonly entitlements: readonly Entitlement[];
  /** What the person has besides, and a login with a code does not carry. */
  readonly withheld: readonly Entitlement[];
  /** What was wrong with the typed end. */
  readonly problem: string | undefined;
}

/** Page 2: who asks, from where, for what. Refusing comes first and is as large (S-06). */
export function confirmPage(language: Language, c: Confirmation): string {
  const { device, shared } = words[language];
  const where = (address: string) =>
    c.canTell ? (c.distance === "near" ? device.sameNetwork : device.otherNetwork)(address) : address;
  return layout(
    language,
    device.title,
    html`${signedIn(language, c.person)}
${c.problem !== undefined && html`<p class="problem" role="alert" id="problem">${c.problem}</p>`}
${c.distance !== "near" && far(language, c)}
<p>${shared.wants} ${c.distance === "far, and the end must be typed" ? device.farCode : device.compare}</p>
<p class="bigcode">${c.code}${c.distance === "far, and the end must be typed" && html`<span aria-hidden="true">····</span>`}</p>
<dl>
<dt>${shared.program}</dt><dd>${c.program}</dd>
<dt>${device.askedFrom}</dt><dd>${c.asker}</dd>
<dt>${device.thisBrowser}</dt><dd>${where(c.address)}</dd>
<dt>${device.callsItself}</dt><dd>${c.userAgent === "" ? shared.unknown : c.userAgent}</dd>
<dt>${device.asked}</dt><dd>${formatDistance(language, c.startedAt, c.now)}</dd>
<dt>${shared.target}</dt><dd>${c.target ?? shared.everything}</dd>
<dt>${shared.may}</dt><dd>${scopesList(language, c.scope, c.cloudsSeeName)}</dd>
</dl>
${rightsList(language, c.entitlements, c.withheld)}
<p class="warning">${device.sent}</p>
${choice(language, c)}`,
  );
}

const far = (language: Language, { distance, canTell }: Confirmation): Html => {
  const { device } = words[language];
  const title = canTell ? device.farTitle : device.unsureTitle;
  return html`<div class="warning"><p><strong>${title}</strong></p><p>${device.farSays}${
    distance === "far, and allowed" && html` ${device.farAllowed}`
  }</p></div>`;
};

/** One form with two buttons; two forms when something is typed, so that Enter in the field does not press "refuse". */
function choice(language: Language, c: Confirmation): Html {
  const { device, shared } = words[language];
  const deny = html`<button class="deny" type="submit" name="decision" value="deny">${shared.refuse}</button>`;
  const approve = html`<button type="submit" name="decision" value="approve">${shared.confirm}</button>`;
  const form = (content: Html) => html`<form method="post" action="/device/confirm">
${bound(c.formToken, c.handle)}
${content}
</form>`;
  if (c.distance !== "far, and the end must be typed") return form(html`${deny}\n${approve}`);
  const wrong = c.problem !== undefined && html` aria-invalid="true"`;
  return html`${form(deny)}
${form(html`<label for="tail">${device.tailLabel}</label>
<input class="code" type="text" id="tail" name="tail" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="512" aria-describedby="${c.problem === undefined ? "tail-hint" : "problem tail-hint"}"${wrong}>
<p id="tail-hint" class="aside">${device.tailHint}</p>
${approve}`)}`;
}

/** How a device login ended. */
export type Ending = "approved" | "denied" | "ended";

/** Page 3: how it ended; after a yes, the way to take it back. */
export function donePage(
  language: Language,
  person: Person,
  ending: Ending,
  form: { formToken: string; handle: string },
): string {
  const { device } = words[language];
  const who = signedIn(language, person);
  switch (ending) {
    case "approved":
      return layout(
        language,
        device.doneTitle,
        html`${who}
<p>${device.doneSays}</p>
<h2>${device.disownTitle}</h2>
<p>${device.disownSays}</p>
<form method="post" action="/device/disown">
${bound(form.formToken, form.handle)}
<button class="deny" type="submit">${device.disown}</button>
</form>`,
      );
    case "denied":
      return layout(language, device.deniedTitle, html`${who}<p>${device.deniedSays}</p>`);
    case "ended":
      return layout(
        language,
        device.endedTitle,
        html`${who}<p>${device.endedSays}</p><p>${device.endedWhatStays} <code>${form.handle}</code></p>`,
      );
  }
}
