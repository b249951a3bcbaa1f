import { type ApiProblem, consoleTarget, err, type Result } from "../../core/index.ts";
import { decideFor } from "../../issuer/index.ts";
import { isGroupBeyondManagers } from "../../policy/index.ts";
import type { Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type ListedMember, type MembersPlace, manageMembers, memberNamed } from "./members.ts";
import { refuse, refuseField } from "./sentences.ts";

/** A member of a tenant, and a group of its organization. */
interface MembershipAsked {
  readonly tenant: string;
  /** The address that the account was made for. */
  readonly email: string;
  readonly group: string;
}

/** So many groups a member is in at most. */
const mostGroups = 50;

/** What a group may be called: what people can read, and what no policy file or token takes for anything else. */
const isGroupName = (text: string): boolean =>
  /^[\p{L}\p{N}][\p{L}\p{N} ._:/@-]{0,62}$/u.test(text) && !text.endsWith(" ");

/**
 * Puts a member into a group of the organization, which is there from then on. What a policy gives to the group counts at the next
 * login or refresh.
 */
export const putIntoGroup = (asked: MembershipAsked, deps: ConsoleDeps, caller: Caller) =>
  changeGroups(asked, deps, caller, (groups, group) => [...new Set([...groups, group])]);

/** Takes a member out of a group of the organization. */
export const takeOutOfGroup = (asked: MembershipAsked, deps: ConsoleDeps, caller: Caller) =>
  changeGroups(asked, deps, caller, (groups, group) => groups.filter((one) => one !== group));

async function changeGroups(
  { tenant, email, group: typed }: MembershipAsked,
  deps: ConsoleDeps,
  caller: Caller,
  change: (groups: readonly string[], group: string) => readonly string[],
): Promise<Result<ListedMember, ApiProblem>> {
  const group = typed.normalize("NFC");
  const place = manageMembers(deps, caller, tenant);
  if (!place.ok) return place;
  if (!isGroupName(group)) return err(refuseField("/group", "groupName", {}));
  const member = await memberNamed({ email }, place.value);
  if (!member.ok) return member;
  const groups = change(member.value.groups, group);
  if (groups.length === member.value.groups.length) return member;
  if (groups.length > mostGroups) return err(refuse("invalid_input", "groupsFull", { most: String(mostGroups) }));
  if (!mayFill(deps, caller, place.value, group)) return err(refuse("forbidden", "groupBeyond", { group }));
  return save(place.value, member.value, groups, deps, caller);
}

/** Whether somebody may say who is in a group: nobody makes a manager by it, nor a decider, nor takes one away (S-42, S-43). */
function mayFill(deps: ConsoleDeps, caller: Caller, { reached, alias }: MembersPlace, group: string): boolean {
  if (!isGroupBeyondManagers(deps.policy, reached.tenant.name, { alias, group })) return true;
  const decision = decideFor(deps, caller, consoleTarget);
  return decision.kind === "decided" && decision.entitlements.some(({ role }) => role === "operator");
}

async function save(
  place: MembersPlace,
  member: ListedMember,
  groups: readonly string[],
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ListedMember, ApiProblem>> {
  const noted = { tenant: place.reached.tenant.name, sub: caller.person.sub, member: member.sub, groups };
  const isKept = await deps.audit.before(
    [["member.groups_changed", noted]],
    () => place.members.setGroups(member.id, groups),
    (kept) => kept || "the realm has no place for groups",
  );
  if (isKept) return memberNamed(member, place);
  return err(refuse("conflict", "noPlaceForGroups", {}));
}
