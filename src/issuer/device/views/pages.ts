import { type Entitlement, type Person, sayScope } from "../../../core/index.ts";
import { html, layout } from "../../../http/index.ts";

/** Who is signed in, on every page. */
const signedIn = (person: Person) =>
  html`<p class="aside">Signed in as <strong>${person.preferredUsername}</strong> (${person.tenant}).</p>`;

/** Page 1: enter the code from the terminal. */
export function enterCodePage(person: Person, formToken: string, code: string | undefined): string {
  return layout(
    "Log in a terminal",
    html`${signedIn(person)}
<form method="post" action="/device">
<input type="hidden" name="form_token" value="${formToken}">
<label for="user_code">Code shown in your terminal</label>
<input class="code" type="text" id="user_code" name="user_code" value="${code}" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" aria-describedby="hint">
<p id="hint" class="aside">Eight letters, for example BCDF-GHJK.</p>
<button type="submit">Continue</button>
</form>`,
  );
}

/** What page 2 shows. */
export interface Confirmation {
  readonly person: Person;
  readonly formToken: string;
  readonly handle: string;
  readonly code: string;
  readonly program: string;
  readonly target: string | undefined;
  readonly address: string;
  readonly sameAddress: boolean;
  readonly userAgent: string;
  readonly ageSeconds: number;
  readonly scopes: readonly string[];
  readonly entitlements: readonly Entitlement[];
}

/** Page 2: who asks, from where, for what. Refusing comes first and is as large (S-06). */
export function confirmPage(c: Confirmation): string {
  return layout(
    "Is this you?",
    html`${signedIn(c.person)}
<p>A program wants to act in your name. Compare the code with your terminal:</p>
<p class="bigcode">${c.code}</p>
<dl>
<dt>Program</dt><dd>${c.program}</dd>
<dt>Asked from</dt><dd>${c.address}${c.sameAddress ? " (the same address as this browser)" : " (not the address of this browser)"}</dd>
<dt>With</dt><dd>${c.userAgent === "" ? "unknown" : c.userAgent}</dd>
<dt>Asked</dt><dd>${sayAge(c.ageSeconds)} ago</dd>
<dt>For</dt><dd>${c.target ?? "all your clouds and clusters"}</dd>
<dt>It may</dt><dd>${c.scopes.join("; ")}</dd>
</dl>
${rightsList(c.entitlements)}
<p class="warning"><strong>Did someone send you this link or code?</strong> Then refuse. Only confirm a login that you started yourself, just now.</p>
<form method="post" action="/device/confirm">
<input type="hidden" name="form_token" value="${c.formToken}">
<input type="hidden" name="flow" value="${c.handle}">
<button class="deny" type="submit" name="decision" value="deny">No, refuse</button>
<button type="submit" name="decision" value="approve">Yes, I started this</button>
</form>`,
  );
}

function rightsList(entitlements: readonly Entitlement[]) {
  if (entitlements.length === 0) {
    return html`<p class="warning">You have no right there at present; confirming will not help.</p>`;
  }
  const items = entitlements.map((e) => html`<li><strong>${e.role}</strong> on ${e.target}, ${sayScope(e.scope)}</li>`);
  return html`<p>With your rights:</p><ul>${items}</ul>`;
}

/** Page 3: how it ended. */
export function donePage(person: Person, outcome: "approved" | "denied"): string {
  return outcome === "approved"
    ? layout("Logged in", html`${signedIn(person)}<p>Your terminal is logged in. You may close this page.</p>`)
    : layout(
        "Refused",
        html`${signedIn(person)}<p>The login was refused; the program gets nothing. You may close this page.</p>`,
      );
}

const sayAge = (s: number): string => (s < 10 ? "a moment" : s < 90 ? `${s} seconds` : `${Math.round(s / 60)} minutes`);
