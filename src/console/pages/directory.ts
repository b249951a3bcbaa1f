import { formatMoment, type Html, html, type Language } from "../../http/index.ts";
import type { MadeScimToken, ReachableTenant, ShownDirectory } from "../../operations/index.ts";
import { directoryTexts } from "../words/directory.ts";
import { words } from "../words/index.ts";
import { field, hidden, select } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { type FieldProblem, problemSummary } from "./problem-summary.ts";
import { table } from "./table.ts";

/** What was typed to make a token. */
export interface TypedToken {
  readonly identityProvider?: string | undefined;
  readonly days?: string | undefined;
}

/** What a page about directories shows, and the tokens of its forms. */
interface DirectoryPage {
  readonly reached: ReachableTenant;
  readonly directory: ShownDirectory;
  readonly issuer: string;
  readonly makeToken: string;
  readonly revokeToken: (id: string) => string;
  readonly typed?: TypedToken;
  readonly problems?: readonly FieldProblem[];
}

/** Which identity providers push, by which tokens, and the form for another one. */
export function directoryPage(language: Language, shown: DirectoryPage): string {
  const { reached, directory, issuer, problems = [] } = shown;
  const texts = directoryTexts[language];
  const isUsed = directory.identityProviders.length > 0;
  const body = isUsed
    ? html`${problemSummary(language, problems)}
<p>${texts.sources(directory.identityProviders.join(", "))} ${texts.address}: <code>${issuer}/scim/v2</code></p>
${tokens(language, shown)}
${reached.mayManage && makeForm(language, shown)}`
    : html`<p>${texts.none}</p>`;
  const title = problems.length === 0 ? texts.title : `${words[language].give.error}: ${texts.title}`;
  return tenantPage(language, { title, reached, section: "directory" }, html`<p>${texts.intro}</p>${body}`);
}

function tokens(language: Language, { reached, directory, revokeToken }: DirectoryPage): Html {
  const texts = directoryTexts[language];
  if (directory.tokens.length === 0) return html`<p>${texts.noToken}</p>`;
  const revoke = (id: string) =>
    html`<form method="post" action="${addressOf(reached.tenant.name, "directory", id, "revoke")}">${hidden({ form_token: revokeToken(id) })}
<button class="deny" type="submit" aria-label="${texts.revoke}: ${id}">${texts.revoke}</button></form>`;
  const ending = reached.mayManage
    ? [{ heading: texts.ending, cell: ({ id }: (typeof directory.tokens)[number]) => revoke(id) }]
    : [];
  return table(
    texts.tokens,
    [
      { heading: texts.token, cell: ({ id }) => html`<code>${id}</code>` },
      { heading: texts.of, cell: ({ identityProvider }) => identityProvider },
      { heading: texts.madeAt, cell: ({ madeAt }) => formatMoment(language, madeAt) },
      { heading: texts.until, cell: ({ expiresAt }) => formatMoment(language, expiresAt) },
      ...ending,
    ],
    directory.tokens,
  );
}

function makeForm(language: Language, { reached, directory, makeToken, typed = {} }: DirectoryPage): Html {
  const texts = directoryTexts[language];
  const choices = directory.identityProviders.map((alias) => ({ value: alias, label: alias }));
  return html`<h2>${texts.make}</h2>
<form method="post" action="${addressOf(reached.tenant.name, "directory")}">${hidden({ form_token: makeToken })}
${choices.length > 1 && select("identity_provider", texts.whose, choices, typed.identityProvider)}
${field("days", texts.days, typed.days ?? "180", { hint: texts.daysHint })}
<button type="submit">${texts.doMake}</button></form>`;
}

/** The secret of a new token, shown once. */
export function madeTokenPage(language: Language, reached: ReachableTenant, { token, secret }: MadeScimToken): string {
  const texts = directoryTexts[language];
  return tenantPage(
    language,
    { title: texts.madeTitle, reached, section: "directory" },
    html`<p>${texts.madeSays}</p>
<p><code>${secret}</code></p>
<p class="aside">${texts.token} ${token.id}, ${texts.until} ${formatMoment(language, token.expiresAt)}</p>
<p><a href="${addressOf(reached.tenant.name, "directory")}">${texts.back}</a></p>`,
  );
}
