import { basename } from "node:path";
import { formatScope, type Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type { GrantHolder, PageOf, ReachableTenant, ShownGrant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { lastTokenTexts } from "../words/last-token.ts";
import { placesTexts } from "../words/places.ts";
import { rulesTexts } from "../words/rules.ts";
import { hidden } from "./form-fields.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { lastTokenColumn, peopleColumns, sinceText } from "./people.ts";
import { type Column, table } from "./table.ts";

/** What the list shows. */
interface Grants extends PageOf<ShownGrant> {
  readonly reached: ReachableTenant;
  readonly after: string | undefined;
  readonly now: Instant;
  /** Whether whoever looks may give something here. */
  readonly canGive: boolean;
}

/** Who has what, and by which grant. */
export function grantsPage(language: Language, { reached, after, next, items, total, now, canGive }: Grants): string {
  const texts = words[language];
  const address = addressOf(reached.tenant.name, "grants");
  const columns: Column<ShownGrant>[] = [
    {
      heading: texts.grant,
      cell: (g) => html`<a href="${addressOf(reached.tenant.name, "grants", g.id)}">${g.id}</a>`,
    },
    { heading: texts.gives, cell: (g) => g.set },
    { heading: texts.to, cell: (g) => html`${g.people}: <span lang="en">${g.conditions}</span>` },
    { heading: texts.where, cell: (g) => g.at.join(", ") },
    { heading: texts.until, cell: (g) => (g.until === undefined ? texts.noEnd : when(language, g.until, now)) },
    { heading: texts.holders, cell: (g) => String(g.holders) },
    lastTokenColumn(language, now),
  ];
  return tenantPage(
    language,
    { title: texts.grants, reached, section: "grants" },
    html`<p><a href="${addressOf(reached.tenant.name, "places")}">${placesTexts[language].link}</a> · <a href="${addressOf(reached.tenant.name, "rules")}">${rulesTexts[language].title}</a></p>
${canGive && html`<p><a class="button" href="${addressOf(reached.tenant.name, "give")}">${texts.giveSomething}</a></p>`}
${items.length === 0 ? html`<p>${texts.noGrants}</p>` : table(texts.count(items.length, total), columns, items)}
${ways(language, address, { after }, next)}`,
  );
}

/** What a grant's page needs besides the grant. */
interface GrantContext {
  readonly now: Instant;
  /** The commit in use, by which a form is made; none: nothing can be changed. */
  readonly from: string | undefined;
  readonly takeBackToken: string;
}

/** So many holders stand on a page. */
const mostHolders = 50;

/** One grant: what it gives, and who holds it. */
export function grantPage(
  language: Language,
  reached: ReachableTenant,
  { grant, holders }: { readonly grant: ShownGrant; readonly holders: readonly GrantHolder[] },
  { now, takeBackToken, from }: GrantContext,
): string {
  const texts = words[language];
  const moment = (label: string, at: Instant | undefined): Html | false =>
    at !== undefined && html`<dt>${label}</dt><dd>${when(language, at, now)}</dd>`;
  const columns: Column<ShownGrant["entitlements"][number]>[] = [
    { heading: texts.target, cell: (e) => e.target },
    { heading: texts.place, cell: (e) => formatScope(e.scope) },
    { heading: texts.role, cell: (e) => e.role },
  ];
  const shown = holders.slice(0, mostHolders);
  const address = addressOf(reached.tenant.name, "grants", grant.id);
  const actions =
    () => html`<div class="row"><a class="button" href="${addressOf(reached.tenant.name, "give")}?grant=${encodeURIComponent(grant.id)}">${texts.changeGrant}</a>
<form method="post" action="${address}/take-back">${hidden({ form_token: takeBackToken, from })}<button class="deny" type="submit">${texts.takeBack} …</button></form></div>`;
  return tenantPage(
    language,
    { title: grant.id, reached, section: "grants" },
    html`<dl>
<dt>${texts.gives}</dt><dd>${grant.set}</dd>
<dt>${texts.to}</dt><dd>${grant.people}: <span lang="en">${grant.conditions}</span></dd>
${moment(texts.from, grant.from)}
${moment(texts.until, grant.until)}
${grant.reason !== undefined && html`<dt>${texts.why}</dt><dd>${grant.reason}</dd>`}
${grant.since !== undefined && html`<dt>${lastTokenTexts[language].since}</dt><dd>${sinceText(language, grant.since, now)}</dd>`}
<dt>${texts.line}</dt><dd>${basename(grant.source.file)}:${grant.source.line}</dd>
</dl>
${reached.mayManage && (grant.isOwn && from !== undefined ? actions() : html`<p class="aside">${texts.operatorsFile}</p>`)}
<h2>${texts.rights}</h2>
${table(grant.set, columns, grant.entitlements)}
<h2>${texts.holders}</h2>
${holders.length === 0 ? html`<p>${texts.nobodyHolds}</p>` : table(texts.count(shown.length, holders.length), [...peopleColumns(language, reached, now), lastTokenColumn(language, now)], shown)}
${holders.length > 0 && html`<p class="aside">${lastTokenTexts[language].meaning}</p>`}`,
  );
}
