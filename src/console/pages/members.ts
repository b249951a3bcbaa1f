import type { ApiProblem, Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type { ListedMember, MembersPage, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { membersTexts } from "../words/members.ts";
import { inWords } from "../words/sentences.ts";
import { field, hidden } from "./form-fields.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { problemLine, type Sentence, sentenceOf } from "./problem-summary.ts";
import { type Column, table } from "./table.ts";

/** What is done to a member after a page has asked. */
export const asked = ["disable", "remove", "reset-second-factor"] as const;
/** The same, and what needs no asking. */
export type MemberAct = (typeof asked)[number] | "enable" | "invite-again";

/** A list of members, of which question. */
interface MembersList extends MembersPage {
  readonly reached: ReachableTenant;
  readonly search: string;
  readonly after: string | undefined;
  readonly now: Instant;
  /** What was just done, in words. */
  readonly said: string | undefined;
}

const said = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="said" role="status">${text}</p>`;

/** People who live in the realm. */
export function membersPage(language: Language, list: MembersList): string {
  const { reached, managed, search } = list;
  const texts = membersTexts[language];
  const place = { title: texts.title, reached, section: "members" } as const;
  if (managed !== "managed")
    return tenantPage(language, place, html`<p>${managed === "none" ? texts.none : texts.noAccount}</p>`);
  const address = addressOf(reached.tenant.name, "members");
  const none = search === "" ? texts.nobody : texts.noneFound(search);
  return tenantPage(
    language,
    place,
    html`${said(list.said)}<p>${texts.intro}</p>
${
  reached.mayManage &&
  html`<p><a class="button" href="${addressOf(reached.tenant.name, "invite")}">${texts.invite}</a></p>
<p><a href="${addressOf(reached.tenant.name, "invite-many")}">${texts.many.title}</a></p>`
}
<form class="search" role="search" method="get" action="${address}">
<div><label for="search">${texts.search}</label><input type="search" id="search" name="search" value="${search}" maxlength="256"></div>
<button type="submit">${words[language].find}</button>
</form>
${list.items.length === 0 ? html`<p role="status">${none}</p>` : table(texts.count(list.items.length, list.total), columns(language, list), list.items)}
${ways(language, address, { search, after: list.after }, list.next)}`,
  );
}

function columns(language: Language, { reached, now }: MembersList): Column<ListedMember>[] {
  const texts = membersTexts[language];
  const to = (m: ListedMember) => addressOf(reached.tenant.name, "members", m.email);
  return [
    { heading: texts.name, cell: (m) => html`<a href="${to(m)}">${m.name}</a>` },
    { heading: texts.address, cell: (m) => m.email },
    { heading: texts.state, cell: (m) => texts.states[m.state] },
    { heading: texts.groups, cell: (m) => m.groups.join(", ") || "–" },
    { heading: texts.secondFactor, cell: (m) => texts.hasSecondFactor(m.hasSecondFactor) },
    {
      heading: texts.lastLogin,
      cell: (m) => (m.lastLogin === undefined ? texts.never : when(language, m.lastLogin, now)),
    },
  ];
}

/** What the page of one member shows. */
interface OneMember {
  readonly reached: ReachableTenant;
  readonly member: ListedMember;
  readonly now: Instant;
  readonly said: string | undefined;
  readonly problem: Sentence | undefined;
  readonly tokenOf: (act: MemberAct) => string;
  /** The forms of the groups. */
  readonly groups: Html;
}

/** One member, and what can be done. */
export function memberPage(language: Language, page: OneMember): string {
  const { reached, member, now } = page;
  const texts = membersTexts[language];
  const person = addressOf(reached.tenant.name, "people", member.sub);
  return tenantPage(
    language,
    { title: member.name, reached, section: "members" },
    html`${said(page.said)}
${problemLine(page.problem)}
<dl>
<dt>${texts.address}</dt><dd>${member.email}</dd>
<dt>${texts.state}</dt><dd>${texts.states[member.state]}</dd>
<dt>${texts.groups}</dt><dd>${member.groups.join(", ") || texts.inNoGroup}</dd>
<dt>${texts.secondFactor}</dt><dd>${texts.hasSecondFactor(member.hasSecondFactor)}</dd>
<dt>${texts.since}</dt><dd>${when(language, member.since, now)}</dd>
<dt>${texts.lastLogin}</dt><dd>${member.lastLogin === undefined ? texts.never : when(language, member.lastLogin, now)}</dd>
<dt>${texts.id}</dt><dd><code>${member.sub}</code></dd>
</dl>
${member.lastLogin !== undefined && html`<p><a href="${person}">${texts.rights}</a></p>`}
${reached.mayManage && html`${acts(language, page)}${page.groups}`}
<p><a href="${addressOf(reached.tenant.name, "members")}">${texts.back}</a></p>`,
  );
}

/** What can be done with a member: at once, or after a page that asks. */
function acts(language: Language, { reached, member, tokenOf }: OneMember): Html {
  const texts = membersTexts[language];
  const address = (act: MemberAct) => addressOf(reached.tenant.name, "members", member.email, act);
  const atOnce = (act: MemberAct, label: string) => html`<form method="post" action="${address(act)}">
${hidden({ form_token: tokenOf(act) })}<button type="submit">${label}</button></form>`;
  const afterAsking = (act: MemberAct, label: string) =>
    html`<p><a class="button" href="${address(act)}">${label} …</a></p>`;
  if (member.state === "invited")
    return html`${atOnce("invite-again", texts.again)}${afterAsking("remove", texts.withdraw)}`;
  return html`${member.state === "disabled" ? atOnce("enable", texts.enable) : afterAsking("disable", texts.disable)}
${afterAsking("reset-second-factor", texts.reset)}
${afterAsking("remove", texts.remove)}`;
}

/** Asks before something is done that shuts somebody out. */
export function askPage(
  language: Language,
  {
    reached,
    member,
    act,
    token,
  }: {
    readonly reached: ReachableTenant;
    readonly member: ListedMember;
    readonly act: (typeof asked)[number];
    readonly token: string;
  },
): string {
  const texts = membersTexts[language];
  const address = addressOf(reached.tenant.name, "members", member.email);
  const label = { disable: texts.disable, remove: texts.remove, "reset-second-factor": texts.reset }[act];
  return tenantPage(
    language,
    { title: texts.ask[act](member.name), reached, section: "members" },
    html`<p>${member.email}</p>
<p>${texts.means[act]}</p>
<form method="post" action="${address}/${act}">${hidden({ form_token: token })}
<button class="deny" type="submit">${label}</button></form>
<p><a href="${address}">${words[language].giveUp}</a></p>`,
  );
}

/** What the form for inviting holds. */
export interface InviteForm {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** The form for inviting, with what was typed and what is wrong with it. */
export function invitePage(
  language: Language,
  {
    reached,
    form,
    token,
    problem,
  }: {
    readonly reached: ReachableTenant;
    readonly form: InviteForm;
    readonly token: string;
    readonly problem: ApiProblem | undefined;
  },
): string {
  const texts = membersTexts[language];
  const wrong = problem?.errors?.flatMap(({ pointer }) => texts.wrong[pointer.split("/").pop() ?? ""] ?? []) ?? [];
  const lines = wrong.map((line) => html`<li>${line}</li>`);
  const other = problem !== undefined && wrong.length === 0 && html`<li>${sentenceOf(inWords(language, problem))}</li>`;
  return tenantPage(
    language,
    {
      title: problem === undefined ? texts.invite : `${words[language].give.error}: ${texts.invite}`,
      reached,
      section: "members",
    },
    html`${problem !== undefined && html`<div class="problem" role="alert"><ul>${lines}${other}</ul></div>`}
<form method="post" action="${addressOf(reached.tenant.name, "invite")}">${hidden({ form_token: token })}
${field("email", texts.address, form.email)}
${field("first-name", texts.firstName, form.firstName)}
${field("last-name", texts.lastName, form.lastName)}
<p>${texts.byMailSays}</p>
<button type="submit" name="by" value="mail">${texts.byMail}</button>
<p>${texts.byPasswordSays}</p>
<button type="submit" name="by" value="password">${texts.byPassword}</button>
</form>
<p><a href="${addressOf(reached.tenant.name, "members")}">${words[language].giveUp}</a></p>`,
  );
}

/** The password for one sign-in, shown once. */
export function passwordPage(
  language: Language,
  {
    reached,
    email,
    password,
  }: { readonly reached: ReachableTenant; readonly email: string; readonly password: string },
): string {
  const texts = membersTexts[language];
  return tenantPage(
    language,
    { title: texts.passwordTitle, reached, section: "members" },
    html`<p>${texts.passwordSays(email)}</p>
<dl><dt>${texts.password}</dt><dd><code>${password}</code></dd></dl>
<p><a href="${addressOf(reached.tenant.name, "members", email)}">${email}</a></p>`,
  );
}
