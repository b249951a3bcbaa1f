import { type ApiProblem, err, ok, type Result } from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  type Caller,
  disableMember,
  enableMember,
  inviteAgain,
  inviteMember,
  listMembers,
  type MadeMember,
  makeMember,
  reachTenant,
  reachToManage,
  removeMember,
  resetSecondFactor,
  showMember,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { membersTexts } from "../words/members.ts";
import { inWords } from "../words/sentences.ts";
import { addressOf } from "./frame.ts";
import { inviteManyRoutes } from "./invite-many-routes.ts";
import { groupForms, groupsForm, groupsKnown, memberGroupsRoute } from "./member-groups.ts";
import {
  asked,
  askPage,
  type InviteForm,
  invitePage,
  type MemberAct,
  memberPage,
  membersPage,
  passwordPage,
} from "./members.ts";
import type { Shown } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** So many rows stand on a page. */
const rows = 50;

const inviteForm = "console invite";
const actForm = (act: MemberAct) => `console member ${act}`;

type Act = (
  asked: { readonly tenant: string; readonly email: string },
  deps: ConsoleDeps,
  caller: Caller,
) => Promise<Result<object, ApiProblem>>;

/** What each form does, and whether only who has just proved who it is may. */
const acts: Readonly<Record<MemberAct, { readonly act: Act; readonly fresh: boolean }>> = {
  "invite-again": { act: inviteAgain, fresh: false },
  enable: { act: enableMember, fresh: false },
  disable: { act: disableMember, fresh: true },
  remove: { act: removeMember, fresh: true },
  "reset-second-factor": { act: resetSecondFactor, fresh: true },
};

/** People who live in the realm: who they are, inviting them, and what is done with each. */
export function membersRoutes(deps: ConsoleDeps, { shows, does }: Pick<Visitors, "shows" | "does">): Route[] {
  const one = "/console/{tenant}/members/{member}";
  const again = (request: Request, caller: Caller, session: Session) => form(deps, request, caller, session);
  return [
    shows("/console/{tenant}/members", (request, caller) => list(deps, request, caller)),
    shows("/console/{tenant}/invite", again),
    does("/console/{tenant}/invite", inviteForm, (...visit) => invite(deps, ...visit), { again, fresh: isByPassword }),
    ...inviteManyRoutes(deps, { shows, does }),
    shows(one, (request, caller, session) => show(deps, request, caller, session)),
    ...asked.map((act) => shows(`${one}/${act}`, (...visit) => ask(deps, act, ...visit))),
    memberGroupsRoute(deps, { does }, (refused, request, caller, session) =>
      refusedFor(deps, refused, request, caller, session),
    ),
    ...(Object.keys(acts) as MemberAct[]).map((act) =>
      does(`${one}/${act}`, actForm(act), (...visit) => doIt(deps, act, ...visit), { fresh: acts[act].fresh }),
    ),
  ];
}

const thingsOf = ({ params }: Request) => ({ tenant: params.get("tenant") ?? "", email: params.get("member") ?? "" });
const page = (html: string, status = 200): Result<Reply, ApiProblem> => ok({ kind: "page", status, html });

/** What an address may say was just done: a word of ours, and nothing else. */
function saidBy({ query, language }: Request): string | undefined {
  const texts = membersTexts[language].done;
  const done = query.get("done") ?? "";
  return Object.hasOwn(texts, done) ? texts[done as keyof typeof texts] : undefined;
}

async function list(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const { tenant } = thingsOf(request);
  const search = (request.query.get("search") ?? "").slice(0, 256);
  const after = request.query.get("after");
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await listMembers({ tenant, search, after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const more = { reached: reached.value, search, after, now: deps.clock.now(), said: saidBy(request) };
  return page(membersPage(request.language, { ...found.value, ...more }));
}

/** The member's page; `refused`: why something was not done. */
async function show(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  session: Session,
  refused?: ApiProblem,
): Shown {
  const things = thingsOf(request);
  const reached = reachTenant(deps, caller, things.tenant);
  if (!reached.ok) return reached;
  const member = await showMember(things, deps, caller);
  if (!member.ok) return member;
  const tokenOf = (act: MemberAct) => formTokenOf(deps, session, actForm(act), things.tenant, things.email);
  const { tenant, email } = things;
  const token = formTokenOf(deps, session, groupsForm, tenant, email);
  const known = reached.value.mayManage ? await groupsKnown(deps, caller, tenant) : [];
  const groups = groupForms(request.language, { tenant, email, groups: member.value.groups, known, token });
  const problem = refused && inWords(request.language, refused);
  const shown = { reached: reached.value, member: member.value, now: deps.clock.now(), problem, tokenOf, groups };
  const said = problem === undefined ? saidBy(request) : undefined;
  return page(memberPage(request.language, { ...shown, said }), problem === undefined ? 200 : 409);
}

async function ask(
  deps: ConsoleDeps,
  act: (typeof asked)[number],
  request: Request,
  caller: Caller,
  session: Session,
): Shown {
  const things = thingsOf(request);
  const reached = reachToManage(deps, caller, things.tenant);
  if (!reached.ok) return reached;
  const member = await showMember(things, deps, caller);
  if (!member.ok) return member;
  const token = formTokenOf(deps, session, actForm(act), things.tenant, things.email);
  return page(askPage(request.language, { reached: reached.value, member: member.value, act, token }));
}

async function doIt(deps: ConsoleDeps, act: MemberAct, request: Request, caller: Caller, session: Session): Shown {
  const things = thingsOf(request);
  const done = await acts[act].act(things, deps, caller);
  if (!done.ok) return refusedFor(deps, done.refusal, request, caller, session);
  // A member who was removed has no page any more.
  const place = act === "remove" ? ["members"] : ["members", things.email];
  return ok(seeOther(`${addressOf(things.tenant, ...place)}?done=${act === "invite-again" ? "invited" : act}`));
}

/** The member's page with why something was not done, for whoever may know that there is such a member. */
async function refusedFor(
  deps: ConsoleDeps,
  refused: ApiProblem,
  request: Request,
  caller: Caller,
  session: Session,
): Shown {
  const isOfTheMember = reachToManage(deps, caller, thingsOf(request).tenant).ok && refused.code !== "not_found";
  return isOfTheMember ? show(deps, request, caller, session, refused) : err(refused);
}

const readForm = ({ form: fields }: Request): InviteForm => ({
  email: (fields.get("email") ?? "").trim(),
  firstName: (fields.get("first-name") ?? "").trim(),
  lastName: (fields.get("last-name") ?? "").trim(),
});

/** Who sees a password could be the person: whoever sits down at a browser that was left open sees none. */
const isByPassword = ({ form: fields }: Request): boolean => fields.get("by") === "password";

async function form(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  session: Session,
  problem?: ApiProblem,
): Shown {
  const { tenant } = thingsOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const token = formTokenOf(deps, session, inviteForm, tenant);
  const shown = { reached: reached.value, form: readForm(request), token, problem };
  return page(
    invitePage(request.language, shown),
    problem === undefined ? 200 : problem.code === "conflict" ? 409 : 422,
  );
}

async function invite(deps: ConsoleDeps, request: Request, caller: Caller, session: Session): Shown {
  const { tenant } = thingsOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const wanted = { tenant, ...readForm(request) };
  const done: Result<MadeMember, ApiProblem> = await (isByPassword(request) ? makeMember : inviteMember)(
    wanted,
    deps,
    caller,
  );
  if (!done.ok) return form(deps, request, caller, session, done.refusal);
  const { member, outcome, firstPassword: password } = done.value;
  if (password !== undefined)
    return page(passwordPage(request.language, { reached: reached.value, email: member.email, password }));
  const end = outcome === "invited" ? "invited" : "there-already";
  return ok(seeOther(`${addressOf(tenant, "members", member.email)}?done=${end}`));
}
