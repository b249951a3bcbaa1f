import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { type Html, html, type Language, type Request, type Route, seeOther } from "../../http/index.ts";
import { type Caller, putIntoGroup, takeOutOfGroup, whatMayBeGiven } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { membersTexts } from "../words/members.ts";
import { field, hidden } from "./form-fields.ts";
import { addressOf } from "./frame.ts";
import type { Shown } from "./visit.ts";
import type { Visitors } from "./visitor.ts";

/** What the form by which a member is put into groups is called. */
export const groupsForm = "console member groups";

/** The groups of one member, with the ways in and out. */
interface MemberGroups {
  readonly tenant: string;
  readonly email: string;
  readonly groups: readonly string[];
  /** Groups that are there. */
  readonly known: readonly string[];
  readonly token: string;
}

/** The forms by which a member is put into groups and taken out again. */
export function groupForms(language: Language, { tenant, email, groups, known, token }: MemberGroups): Html {
  const texts = membersTexts[language];
  const action = addressOf(tenant, "members", email, "groups");
  const others = known.filter((group) => !groups.includes(group));
  return html`<h2>${texts.groups}</h2>
${groups.map(
  (group) => html`<form method="post" action="${action}">${hidden({ form_token: token, group, act: "leave" })}
<button type="submit">${texts.leave(group)}</button></form>`,
)}
<form method="post" action="${action}">${hidden({ form_token: token, act: "join" })}
${field("group", texts.group, undefined, { hint: texts.groupHint, list: others })}
<button type="submit">${texts.join}</button></form>`;
}

/** Groups that the tenant's people and members are in. */
export async function groupsKnown(deps: ConsoleDeps, caller: Caller, tenant: string): Promise<readonly string[]> {
  const offer = await whatMayBeGiven({ tenant }, deps, caller);
  return offer.ok ? offer.value.groups : [];
}

/** Takes the forms. `shows` shows the member again, with why it was not done. */
export function memberGroupsRoute(
  deps: ConsoleDeps,
  { does }: Pick<Visitors, "does">,
  shows: (refused: ApiProblem, ...visit: Parameters<Parameters<Visitors["does"]>[2]>) => Shown,
): Route {
  return does("/console/{tenant}/members/{member}/groups", groupsForm, async (...visit) => {
    const [request, caller] = visit;
    const done = await change(deps, request, caller);
    return done.ok ? done : shows(done.refusal, ...visit);
  });
}

async function change(
  deps: ConsoleDeps,
  { params, form }: Request,
  caller: Caller,
): Promise<Result<ReturnType<typeof seeOther>, ApiProblem>> {
  const [tenant, email] = [params.get("tenant") ?? "", params.get("member") ?? ""];
  const asked = { tenant, email, group: (form.get("group") ?? "").trim() };
  const done = await (form.get("act") === "leave" ? takeOutOfGroup : putIntoGroup)(asked, deps, caller);
  return done.ok ? ok(seeOther(`${addressOf(tenant, "members", email)}?done=groups`)) : done;
}
