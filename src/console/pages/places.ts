import type { Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type { ListedPlace, PageOf, Place, ReachableTenant, RightAt } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { placesTexts } from "../words/places.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { type Column, table } from "./table.ts";

/** A list with its search. */
interface Searched {
  readonly reached: ReachableTenant;
  readonly search: string;
  readonly after: string | undefined;
}

const addressOfPlace = ({ tenant }: ReachableTenant, { target, kind, name }: Place): string =>
  addressOf(tenant.name, "places", target, kind, name);

/** The places of a tenant: where anybody may have a role. */
export function placesPage(language: Language, list: Searched & PageOf<ListedPlace>): string {
  const { reached, search, after, items, total, next } = list;
  const texts = placesTexts[language];
  const address = addressOf(reached.tenant.name, "places");
  const columns: Column<ListedPlace>[] = [
    { heading: texts.place, cell: (place) => html`<a href="${addressOfPlace(reached, place)}">${place.name}</a>` },
    { heading: texts.kind, cell: ({ kind }) => texts.kinds[kind] },
    { heading: words[language].target, cell: ({ target }) => target },
    { heading: texts.grants, cell: ({ grants }) => String(grants) },
    { heading: texts.people, cell: ({ people }) => String(people) },
  ];
  const body =
    items.length === 0
      ? html`<p role="status">${texts.noneFound}</p>`
      : table(words[language].count(items.length, total), columns, items);
  return tenantPage(
    language,
    { title: texts.title, reached, section: "grants" },
    html`${searchForm(language, address, texts.search, search)}${body}${ways(language, address, { search, after }, next)}`,
  );
}

/** Who has what at one place, and by what. */
export function rightsPage(
  language: Language,
  list: Searched & PageOf<RightAt> & { readonly place: Place; readonly at: Instant; readonly now: Instant },
): string {
  const { reached, search, after, items, total, next, place, at, now } = list;
  const [texts, own] = [placesTexts[language], words[language]];
  const address = addressOfPlace(reached, place);
  const link = (text: string, ...parts: readonly string[]) =>
    html`<a href="${addressOf(reached.tenant.name, ...parts)}">${text}</a>`;
  const columns: Column<RightAt>[] = [
    { heading: texts.person, cell: ({ person }) => link(person.name, "people", person.sub) },
    { heading: own.role, cell: ({ role }) => role },
    {
      heading: texts.by,
      cell: (one) =>
        html`${link(one.grant, "grants", one.grant)} <span lang="en">${one.people}: ${one.conditions}</span>`,
    },
    { heading: texts.givenOn, cell: ({ scope }) => html`<span lang="en">${scope}</span>` },
    { heading: own.until, cell: ({ until }) => (until === undefined ? own.noEnd : when(language, until, now)) },
  ];
  const caption = html`${own.count(items.length, total)}. ${own.asOf} ${when(language, at, now)}.`;
  const none = html`<p role="status">${search === "" ? texts.nobody : texts.noneFound}</p>`;
  return tenantPage(
    language,
    { title: `${place.target}: ${place.name}`, reached, section: "grants" },
    html`<p class="aside">${texts.kinds[place.kind]}. ${link(texts.title, "places")}</p>
${searchForm(language, address, texts.searchRights, search)}
${items.length === 0 ? none : table(caption, columns, items)}
${ways(language, address, { search, after }, next)}`,
  );
}

const searchForm = (language: Language, address: string, label: string, search: string): Html =>
  html`<form class="search" role="search" method="get" action="${address}">
<div><label for="search">${label}</label><input type="search" id="search" name="search" value="${search}" maxlength="256"></div>
<button type="submit">${words[language].find}</button>
</form>
${search !== "" && html`<p><a href="${address}">${placesTexts[language].showAll}</a></p>`}`;
