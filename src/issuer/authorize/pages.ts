import type { Entitlement, Person } from "../../core/index.ts";
import { html, type Language, layout, onwardPage } from "../../http/index.ts";
import { bound, rightsList, scopesList, signedIn } from "../views/parts.ts";
import { words } from "../words/index.ts";

/** What the page shows. */
interface Confirmation {
  readonly person: Person;
  readonly formToken: string;
  readonly handle: string;
  readonly program: string;
  readonly target: string | undefined;
  readonly returnsTo: string;
  readonly scope: readonly string[];
  readonly cloudsSeeName: boolean;
  /** Whether this login will spare the page of the next one. */
  readonly remembers: boolean;
  readonly entitlements: readonly Entitlement[];
}

/** Who asks and for what. Refusing comes first and is as large. */
export function confirmPage(language: Language, c: Confirmation): string {
  const { authorize, shared } = words[language];
  return layout(
    language,
    authorize.title,
    html`${signedIn(language, c.person)}
<p>${shared.wants}</p>
<dl>
<dt>${shared.program}</dt><dd>${c.program}</dd>
<dt>${authorize.goesBack}</dt><dd>${c.returnsTo}</dd>
<dt>${shared.target}</dt><dd>${c.target ?? shared.everything}</dd>
<dt>${shared.may}</dt><dd>${scopesList(language, c.scope, c.cloudsSeeName)}</dd>
</dl>
${rightsList(language, c.entitlements)}
<p class="warning">${authorize.only}</p>
${c.remembers && html`<p class="aside">${authorize.remembers}</p>`}
<form method="post" action="/authorize/confirm">
${bound(c.formToken, c.handle)}
<button class="deny" type="submit" name="decision" value="deny">${shared.refuse}</button>
<button type="submit" name="decision" value="approve">${shared.confirm}</button>
</form>`,
  );
}

/** The way back to the program with its answer. */
export function returningPage(language: Language, program: string, location: string): string {
  const { authorize, shared } = words[language];
  return onwardPage(language, {
    title: authorize.backTitle,
    message: authorize.back(program),
    button: shared.goOn,
    location,
  });
}

/** For who sent a form again that was answered, and whose program has its answer. */
export function answeredPage(language: Language, program: string | undefined): string {
  const { authorize } = words[language];
  return layout(language, authorize.backTitle, html`<p>${authorize.answered(program ?? authorize.yourProgram)}</p>`);
}
