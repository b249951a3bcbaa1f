import { basename } from "node:path";
import { formatScope, type Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type {
  AnyPerson,
  GrantSince,
  HeldRight,
  ListedPerson,
  PeoplePage,
  ReachableTenant,
  ShownPerson,
} from "../../operations/index.ts";
import { everybodyTexts } from "../words/everybody.ts";
import { words } from "../words/index.ts";
import { lastTokenTexts } from "../words/last-token.ts";
import { membersTexts } from "../words/members.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { type Column, table } from "./table.ts";

/** What the list shows, and of which question. */
interface People extends PeoplePage {
  readonly reached: ReachableTenant;
  readonly search: string;
  readonly after: string | undefined;
  readonly now: Instant;
}

/** All people of a tenant, with the one search box. */
export function peoplePage(language: Language, list: People): string {
  const { reached, search, after, next, items, at, now, members } = list;
  const [texts, own] = [words[language], everybodyTexts[language]];
  const address = addressOf(reached.tenant.name, "people");
  const ofMembers = members.at !== undefined && html` ${own.membersAsOf} ${when(language, members.at, now)}.`;
  const caption = html`${texts.count(items.length, list.total)}. ${texts.asOf} ${when(language, at, now)}.${ofMembers}`;
  const none = search === "" ? texts.noPeople : texts.noneFound(search);
  const canInvite = reached.mayManage && !["none", "no account"].includes(members.state);
  return tenantPage(
    language,
    { title: texts.people, reached, section: "people" },
    html`${canInvite && html`<p><a class="button" href="${addressOf(reached.tenant.name, "invite")}">${membersTexts[language].invite}</a></p>`}
<form class="search" role="search" method="get" action="${address}">
<div><label for="search">${own.search}</label><span class="aside hint" id="search-hint">${own.searchHint}</span>
<input type="search" id="search" name="search" value="${search}" maxlength="256" aria-describedby="search-hint"></div>
<button type="submit">${texts.find}</button>
</form>
${search !== "" && html`<p><a href="${address}">${texts.everybody}</a></p>`}
${howFar(language, list)}
${items.length === 0 ? html`<p role="status">${none}</p>` : table(caption, everybodyColumns(language, reached, now), items)}
${ways(language, address, { search, after }, next)}`,
  );
}

/** Who may be missing, and why. */
function howFar(language: Language, { members, notLookedAt }: People): Html {
  const texts = everybodyTexts[language];
  const said = [
    ...(members.state === "no answer" ? [texts.membersSilent] : []),
    ...(members.state === "being read" ? [texts.membersComing] : []),
    ...(notLookedAt.length > 0 ? [texts.notLookedAt(notLookedAt.join(", "))] : []),
  ];
  return html`${said.map((text) => html`<p class="aside" role="status">${text}</p>`)}`;
}

/** The columns of the list of all people. Who never logged in has a page as a member only. */
function everybodyColumns(language: Language, { tenant }: ReachableTenant, now: Instant): Column<AnyPerson>[] {
  const [texts, own] = [words[language], everybodyTexts[language]];
  const states = membersTexts[language].states;
  const pageOf = (p: AnyPerson) =>
    p.lastLogin === undefined
      ? addressOf(tenant.name, "members", p.email ?? "")
      : addressOf(tenant.name, "people", p.sub);
  return [
    { heading: texts.name, cell: (p) => html`<a href="${pageOf(p)}">${p.name}</a>` },
    { heading: texts.userName, cell: (p) => p.preferredUsername },
    { heading: texts.address, cell: (p) => p.email ?? "–" },
    {
      heading: own.from,
      cell: (p) => (p.kind === "member" ? own.member(p.state && states[p.state]) : p.identityProvider),
    },
    {
      heading: texts.lastLogin,
      cell: (p) => (p.lastLogin === undefined ? own.never : when(language, p.lastLogin, now)),
    },
  ];
}

/** The columns of a list of people. */
export const peopleColumns = (
  language: Language,
  { tenant }: ReachableTenant,
  now: Instant,
): Column<ListedPerson>[] => {
  const texts = words[language];
  return [
    { heading: texts.name, cell: (p) => html`<a href="${addressOf(tenant.name, "people", p.sub)}">${p.name}</a>` },
    { heading: texts.userName, cell: (p) => p.preferredUsername },
    { heading: texts.address, cell: (p) => p.email ?? "–" },
    { heading: texts.identityProvider, cell: (p) => p.identityProvider },
    { heading: texts.lastLogin, cell: (p) => when(language, p.lastLogin, now) },
  ];
};

/** Since when a grant stands as it does, and by whom. */
export const sinceText = (language: Language, since: GrantSince | undefined, now: Instant): Html | string =>
  since === undefined ? "–" : html`${when(language, since.at, now)} ${lastTokenTexts[language].by(since.author)}`;

/** The column that says when somebody last got a token for what the row is of. */
export const lastTokenColumn = (language: Language, now: Instant): Column<{ readonly lastToken?: Instant }> => {
  const { heading, none } = lastTokenTexts[language];
  return { heading, cell: ({ lastToken }) => (lastToken === undefined ? none : when(language, lastToken, now)) };
};

/** A person: every right with the grant behind it, and what is open now. */
export function personPage(
  language: Language,
  reached: ReachableTenant,
  p: ShownPerson,
  { now, canGive, isMember }: { readonly now: Instant; readonly canGive: boolean; readonly isMember: boolean },
): string {
  const texts = words[language];
  return tenantPage(
    language,
    { title: p.name, reached, section: "people" },
    html`<dl>
<dt>${texts.userName}</dt><dd>${p.preferredUsername}</dd>
${p.email !== undefined && html`<dt>${texts.address}</dt><dd>${p.email}</dd>`}
<dt>${texts.identityProvider}</dt><dd>${p.identityProvider}${isMember && p.email !== undefined && html` (<a href="${addressOf(reached.tenant.name, "members", p.email)}">${membersTexts[language].here}</a>)`}</dd>
<dt>${texts.lastLogin}</dt><dd>${when(language, p.lastLogin, now)}</dd>
<dt>${texts.id}</dt><dd><code>${p.sub}</code></dd>
${p.keystoneUsers.map(({ cloud, id }) => html`<dt>${everybodyTexts[language].keystoneUser(cloud)}</dt><dd><code>${id}</code></dd>`)}
</dl>
${canGive && html`<p><a class="button" href="${addressOf(reached.tenant.name, "give")}?person=${p.sub}">${texts.giveToPerson}</a></p>`}
<h2>${texts.rights}</h2>
${rights(language, reached, p, now)}
<h2>${texts.open}</h2>
${open(language, p, now)}
${reached.mayManage && html`<p><a class="button" href="${addressOf(reached.tenant.name, "people", p.sub, "end")}">${texts.end.link} …</a></p>`}`,
  );
}

function rights(language: Language, { tenant }: ReachableTenant, p: ShownPerson, now: Instant): Html {
  const texts = words[language];
  if (p.unknown !== undefined) return html`<p class="problem">${texts.rightsUnknown}</p>`;
  if (p.rights.length === 0) return html`<p>${texts.noRights}</p>`;
  const columns: Column<HeldRight>[] = [
    { heading: texts.target, cell: (r) => r.target },
    { heading: texts.place, cell: (r) => formatScope(r.scope) },
    { heading: texts.role, cell: (r) => r.role },
    { heading: texts.set, cell: (r) => r.set },
    {
      heading: texts.grant,
      cell: (r) =>
        html`<a href="${addressOf(tenant.name, "grants", r.grant)}">${r.grant}</a> <span class="aside">${basename(r.source.file)}:${r.source.line}</span>`,
    },
    { heading: texts.until, cell: (r) => (r.until === undefined ? texts.noEnd : when(language, r.until, now)) },
    { heading: lastTokenTexts[language].since, cell: (r) => sinceText(language, r.since, now) },
    lastTokenColumn(language, now),
  ];
  return html`${table(texts.rightsAsOf, columns, p.rights)}
<p class="aside">${lastTokenTexts[language].meaning}</p>`;
}

function open(language: Language, p: ShownPerson, now: Instant): Html {
  const texts = words[language];
  const columns: Column<ShownPerson["logins"][number]>[] = [
    { heading: texts.program, cell: ({ client }) => client },
    { heading: texts.since, cell: ({ startedAt }) => when(language, startedAt, now) },
    { heading: texts.endsAt, cell: ({ expiresAt }) => when(language, expiresAt, now) },
  ];
  return p.logins.length === 0
    ? html`<p>${texts.noLogins} ${texts.browsers(p.browsers)}</p>`
    : table(texts.browsers(p.browsers), columns, p.logins);
}
