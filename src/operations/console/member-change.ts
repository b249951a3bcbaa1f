import { type ApiProblem, err, ok, type Result } from "../../core/index.ts";
import type { Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { endAll, type PersonEnded } from "./leave.ts";
import { type ListedMember, type MembersPlace, manageMembers, memberNamed } from "./members.ts";
import { refuse } from "./sentences.ts";

/** One member of a tenant. */
interface MemberAsked {
  readonly tenant: string;
  /** The address that the account was made for. */
  readonly email: string;
}

/** Does something to the member that is meant, for somebody who may change it. */
async function withMember<T>(
  asked: MemberAsked,
  deps: ConsoleDeps,
  caller: Caller,
  act: (place: MembersPlace, member: ListedMember) => Promise<Result<T, ApiProblem>>,
): Promise<Result<T, ApiProblem>> {
  const place = manageMembers(deps, caller, asked.tenant);
  if (!place.ok) return place;
  const member = await memberNamed(asked, place.value);
  return member.ok ? act(place.value, member.value) : member;
}

/** Nobody locks themselves out: the last manager would leave a tenant without one. */
const isOneself = ({ sub }: ListedMember, { person }: Caller): boolean => sub === person.sub;
const notOneself = refuse("forbidden", "notOneself", {});

const about = ({ reached }: MembersPlace, { sub: member }: ListedMember, { person }: Caller) => ({
  tenant: reached.tenant.name,
  sub: person.sub,
  member,
});

/** Keeps a member out until enabled again, and ends all logins and sessions at once. Run again, it carries on. */
export async function disableMember(
  asked: MemberAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PersonEnded, ApiProblem>> {
  return withMember(asked, deps, caller, async (place, member) => {
    if (isOneself(member, caller)) return err(notOneself);
    if (await place.members.isElsewhere(member.id)) {
      // The account is not this tenant's alone.
      return err(refuse("conflict", "notDisabledHere", {}));
    }
    return ok(
      await deps.audit.before([["member.disabled", about(place, member, caller)]], async () => {
        await place.members.enable(member.id, false);
        return endAll(member.sub, deps, caller);
      }),
    );
  });
}

/** Lets a disabled member in again. */
export async function enableMember(
  asked: MemberAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ListedMember, ApiProblem>> {
  return withMember(asked, deps, caller, async (place, member) => {
    if (member.state !== "disabled") return ok(member);
    if (await place.members.isElsewhere(member.id)) {
      return err(refuse("conflict", "notEnabledHere", {}));
    }
    await deps.audit.before([["member.enabled", about(place, member, caller)]], () =>
      place.members.enable(member.id, true),
    );
    return memberNamed(asked, place);
  });
}

/**
 * Takes a member out of the tenant, or an invitation back: first all logins and sessions end, then the account goes. One that is in
 * another organization, too, is only unlinked from this one. Run again, it carries on.
 */
export async function removeMember(
  asked: MemberAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PersonEnded, ApiProblem>> {
  return withMember(asked, deps, caller, async (place, member) => {
    if (isOneself(member, caller)) return err(notOneself);
    return ok(
      await deps.audit.before([["member.removed", about(place, member, caller)]], async () => {
        // In this order: nobody is found any more who was removed, and for a while nothing new is kept for who was ended.
        const ended = await endAll(member.sub, deps, caller);
        await place.members.remove(member.id);
        return ended;
      }),
    );
  });
}

/** Has a member set up another second factor at the next sign-in. */
export async function resetSecondFactor(
  asked: MemberAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ListedMember, ApiProblem>> {
  return withMember(asked, deps, caller, async (place, member) => {
    if (await place.members.isElsewhere(member.id)) {
      return err(refuse("conflict", "secondFactorOfOthers", {}));
    }
    await deps.audit.before([["member.second_factor_reset", about(place, member, caller)]], () =>
      place.members.forgetSecondFactor(member.id),
    );
    return memberNamed(asked, place);
  });
}
