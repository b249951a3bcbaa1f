import { type Html, html, type Language, layout } from "../../http/index.ts";
import type { ReachableTenant } from "../../operations/index.ts";
import { accessTexts } from "../words/access.ts";
import { directoryTexts } from "../words/directory.ts";
import { words } from "../words/index.ts";
import { membersTexts } from "../words/members.ts";
import { projectsTexts } from "../words/projects.ts";
import { reviewTexts } from "../words/reviews.ts";

const sections = ["people", "members", "grants", "requests", "projects", "reviews", "directory", "changes"] as const;

/** Where in the console a page stands. */
interface Place {
  readonly title: string;
  readonly reached: ReachableTenant;
  /** Which of the ways of the navigation it belongs to. */
  readonly section: (typeof sections)[number];
}

/** What the navigation calls a section. */
function nameOf(language: Language, section: (typeof sections)[number]): string {
  if (section === "reviews") return reviewTexts[language].title;
  if (section === "directory") return directoryTexts[language].title;
  if (section === "members") return membersTexts[language].title;
  if (section === "requests") return accessTexts[language].requests;
  if (section === "projects") return projectsTexts[language].title;
  return section === "changes" ? words[language].changes.title : words[language][section];
}

/** The address of a page of a tenant. */
export const addressOf = (tenant: string, ...parts: readonly string[]): string =>
  `/console/${[tenant, ...parts].map(encodeURIComponent).join("/")}`;

/** A page of one tenant, with the ways to the others. */
export function tenantPage(language: Language, { title, reached, section }: Place, body: Html): string {
  const { tenant, mayManage } = reached;
  const texts = words[language];
  const navigation = html`<nav aria-label="${texts.navigation}"><ul>
<li><a href="/console">${texts.tenants}</a></li>
${sections.map((one) => html`<li><a href="${addressOf(tenant.name, one)}"${one === section && html` aria-current="true"`}>${nameOf(language, one)}</a></li>`)}
<li><a href="/account">${texts.yours}</a></li>
</ul></nav>`;
  const intro = html`<p class="aside">${tenant.displayName}${!mayManage && html`. ${texts.mayOnlySee}`}</p>`;
  return layout(language, title, html`${intro}${body}`, { navigation, wide: true });
}

/** The way to the next page of a list, and back to its beginning. */
export function ways(
  language: Language,
  address: string,
  query: Readonly<Record<string, string | undefined>>,
  next: string | undefined,
): Html {
  const texts = words[language];
  const link = (label: string, after: string | undefined) => {
    const said = Object.entries({ ...query, after }).filter((entry): entry is [string, string] => Boolean(entry[1]));
    const search = new URLSearchParams(said).toString();
    return html`<li><a href="${address}${search === "" ? "" : `?${search}`}">${label}</a></li>`;
  };
  const isFirst = query["after"] === undefined;
  if (isFirst && next === undefined) return html``;
  return html`<nav aria-label="${texts.nextPage}"><ul class="plain">
${!isFirst && link(texts.firstPage, undefined)}
${next !== undefined && link(texts.nextPage, next)}
</ul></nav>`;
}
