import { type ApiProblem, err, type InputError, ok, type Result, refusal, seconds, token } from "../../core/index.ts";
import type { NewMember } from "../../realms/index.ts";
import type { Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { chargeInvitation, giveBackInvitation } from "./invitation-budget.ts";
import { isAddress, type ListedMember, type MembersPlace, manageMembers, memberNamed } from "./members.ts";
import { refuse } from "./sentences.ts";

/** So long an invitation can be followed. */
const invitationLasts = seconds(12 * 3600);

/** Somebody who is to be a member of a tenant. */
export interface InvitationAsked extends NewMember {
  readonly tenant: string;
}

/** What became of an invitation; `there already`: the person is a member, or is invited. */
export interface Invited {
  readonly outcome: "invited" | "there already";
  readonly member: ListedMember;
}

/** What is wrong with what was typed: each field in words, none when it may be used. */
export function problemsOfInvitation({ email, firstName, lastName }: NewMember): readonly InputError[] {
  const name = (field: string, text: string): InputError[] => {
    if (text === "") return [{ pointer: `/body/${field}`, detail: "a name is missing" }];
    const isName = text.length <= 100 && !/[\p{Cc}\p{Cf}<>&"$%!#?§;*~/\\|^=[\]{}()]/u.test(text);
    return isName ? [] : [{ pointer: `/body/${field}`, detail: "a name of letters, up to 100, is expected" }];
  };
  return [
    ...(isAddress(email) ? [] : [{ pointer: "/body/email", detail: "an e-mail address is expected" }]),
    ...name("first_name", firstName),
    ...name("last_name", lastName),
  ];
}

/** What was typed, as it is kept. */
export const meant = ({ email, firstName, lastName }: NewMember): NewMember => ({
  email: email.trim().toLowerCase(),
  firstName: firstName.trim(),
  lastName: lastName.trim(),
});

const wrongly = (errors: readonly InputError[]): ApiProblem => ({
  ...refusal("invalid_input", errors[0]?.detail ?? "something is wrong with it"),
  errors,
});

const mailFailed = refuse("conflict", "mailFailed", {});
const notSentAgain = refuse("conflict", "mailNotSentAgain", {});

/** Opens the place for somebody new, or says why nobody can be. */
async function forNew(
  asked: InvitationAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<{ readonly place: MembersPlace; readonly who: NewMember }, ApiProblem>> {
  const place = manageMembers(deps, caller, asked.tenant);
  if (!place.ok) return place;
  const who = meant(asked);
  const problems = problemsOfInvitation(who);
  return problems.length > 0 ? err(wrongly(problems)) : ok({ place: place.value, who });
}

/**
 * Invites somebody by a mail of Keycloak's with a link that ends. Who is a member or invited already gets no second mail. Nobody
 * stays half invited: when the mail cannot be sent, the account goes again.
 */
export async function inviteMember(
  asked: InvitationAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Invited, ApiProblem>> {
  const opened = await forNew(asked, deps, caller);
  if (!opened.ok) return opened;
  const { place, who } = opened.value;
  return invite(place, who, deps, caller);
}

/** Invites somebody of whom everything was judged before. */
export async function invite(
  place: MembersPlace,
  who: NewMember,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Invited, ApiProblem>> {
  deps.audit.check();
  const there = await memberNamed(who, place);
  if (there.ok) return ok({ outcome: "there already", member: there.value });
  const charged = await chargeInvitation(deps, place, who);
  if (!charged.ok) return charged;
  const { id, isNew } = await place.members.make(who);
  if (isNew) {
    if (!(await sendFirst(place, id))) {
      await giveBackInvitation(deps, place, who);
      return err(mailFailed);
    }
    note(deps, caller, place, { id }, "a mail");
  }
  const found = await memberNamed(who, place);
  return found.ok ? ok({ outcome: isNew ? "invited" : "there already", member: found.value }) : found;
}

/** Sends the first link. Whatever comes in between, the account goes again: the same call later finds nobody, and sends one. */
async function sendFirst({ members }: MembersPlace, id: string): Promise<boolean> {
  let isSent = false;
  try {
    isSent = await members.sendLink(id, invitationLasts);
  } finally {
    if (!isSent) await members.remove(id);
  }
  return isSent;
}

const invitedBy = (caller: Caller, place: MembersPlace, member: { readonly id: string }, how: string) => ({
  tenant: place.reached.tenant.name,
  sub: caller.person.sub,
  member: place.subOf(member),
  detail: how,
});
const note = (deps: ConsoleDeps, caller: Caller, place: MembersPlace, member: { readonly id: string }, how: string) =>
  deps.audit.record("member.invited", invitedBy(caller, place, member, how));

/**
 * Sends another mail to who is invited. The account stays, and with it the rights that were given to it. Who has anything to sign in
 * with gets none: the link would set another password and second factor.
 */
export async function inviteAgain(
  asked: { readonly tenant: string; readonly email: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Invited, ApiProblem>> {
  const place = manageMembers(deps, caller, asked.tenant);
  if (!place.ok) return place;
  const found = await memberNamed(asked, place.value);
  if (!found.ok) return found;
  const member = found.value;
  const { members } = place.value;
  if (member.state !== "invited" || (await members.hasCredentials(member.id)))
    return err(refuse("conflict", "canSignIn", {}));
  if (await members.isElsewhere(member.id)) return err(refuse("conflict", "othersAccount", {}));
  const charged = await chargeInvitation(deps, place.value, member);
  if (!charged.ok) return charged;
  const isSent = await deps.audit.before(
    [["member.invited", invitedBy(caller, place.value, member, "a mail")]],
    () => members.sendLink(member.id, invitationLasts),
    (sent) => sent || "the mail was not sent",
  );
  if (!isSent) await giveBackInvitation(deps, place.value, member);
  return isSent ? ok({ outcome: "invited", member }) : err(notSentAgain);
}

/** An account, and the password for its first sign-in: shown once, and kept nowhere. */
export interface MadeMember extends Invited {
  /** Absent: the account was there already, and nothing was changed. */
  readonly firstPassword?: string;
}

/**
 * Makes an account without a mail. Its password is good for one sign-in, at which the person sets another one and a second factor. An
 * account that was there gets none: whoever knows the password is that `sub`, with all rights that were given to it before (S-42).
 */
export async function makeMember(
  asked: InvitationAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<MadeMember, ApiProblem>> {
  const opened = await forNew(asked, deps, caller);
  if (!opened.ok) return opened;
  const { place, who } = opened.value;
  deps.audit.check();
  const { id, isNew } = await place.members.make(who);
  if (isNew && (await place.members.isElsewhere(id))) {
    await place.members.remove(id);
    return err(refuse("conflict", "othersAccountByMail", {}));
  }
  const found = await memberNamed(who, place);
  if (!found.ok) return found;
  const outcome = isNew ? "invited" : "there already";
  if (!isNew || found.value.state !== "invited" || deps.members === undefined)
    return ok({ outcome, member: found.value });
  const firstPassword = token(deps.members.random, 15);
  await place.members.setFirstPassword(id, firstPassword);
  note(deps, caller, place, { id }, "a password for one sign-in");
  return ok({ outcome, member: found.value, firstPassword });
}
