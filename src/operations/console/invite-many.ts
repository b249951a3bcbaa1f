import { type ApiProblem, err, Fault, ok, type Result, refusal } from "../../core/index.ts";
import type { NewMember } from "../../realms/index.ts";
import type { Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { tenantHasNoneLeft } from "./invitation-budget.ts";
import { invite, meant, problemsOfInvitation } from "./invite.ts";
import { type MembersPlace, manageMembers } from "./members.ts";

/** What became of one of many who were to be invited, or would become of one. */
export interface InvitedRow {
  readonly email: string;
  /**
   * `new`: would be invited; `there already`: a member, or invited before; `twice`: a row before names the same; `wrong`: `detail`
   * says what; `not yet`: neither done nor refused, send the same again.
   */
  readonly outcome: "new" | "invited" | "there already" | "twice" | "wrong" | "not yet";
  readonly detail?: string;
}

/** More in one call would outlast it. */
const mostAtOnce = 200;
/** So long people are invited in one call, in milliseconds; the others are told that it is not yet their turn. */
const patience = 15_000;

/**
 * Invites many. Every row is checked before the first mail is sent, and none is sent while any row is wrong, or when it is only tried.
 * Whoever is there already gets no second mail, so the same rows again carry on where an answer stopped.
 */
export async function inviteMany(
  {
    tenant,
    people,
    tried,
  }: { readonly tenant: string; readonly people: readonly NewMember[]; readonly tried: boolean },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly InvitedRow[], ApiProblem>> {
  const place = manageMembers(deps, caller, tenant);
  if (!place.ok) return place;
  if (people.length > mostAtOnce) {
    return err(refusal("invalid_input", `more than ${mostAtOnce} people at once. Send them in several calls`));
  }
  const there = new Set((await place.value.members.list()).map(({ email }) => email));
  const checked = check(people.map(meant), there);
  if (tried || checked.some(({ row }) => row.outcome === "wrong")) return ok(checked.map(({ row }) => row));
  return ok(await inviteEach(checked, place.value, deps, caller));
}

interface CheckedRow {
  readonly who: NewMember;
  readonly row: InvitedRow;
}

function check(people: readonly NewMember[], there: ReadonlySet<string>): readonly CheckedRow[] {
  const seen = new Set<string>();
  return people.map((who) => {
    const { email } = who;
    const problems = problemsOfInvitation(who);
    const isTwice = seen.has(email);
    seen.add(email);
    if (problems.length > 0) {
      const detail = problems.map((one) => `${one.pointer.split("/").pop()}: ${one.detail}`).join("; ");
      return { who, row: { email, outcome: "wrong", detail } };
    }
    return { who, row: { email, outcome: isTwice ? "twice" : there.has(email) ? "there already" : "new" } };
  });
}

/** One after the other; what ends it early leaves the others for the next call. What is wrong with one address holds up no other. */
async function inviteEach(
  checked: readonly CheckedRow[],
  place: MembersPlace,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<readonly InvitedRow[]> {
  const until = deps.clock.millis() + patience;
  const rows: InvitedRow[] = [];
  let stopped: string | undefined;
  for (const { who, row } of checked) {
    if (row.outcome !== "new") {
      rows.push(row);
      continue;
    }
    if (stopped === undefined && deps.clock.millis() > until) stopped = "there was no time left in this call";
    const done =
      stopped === undefined ? await inviteOne(place, who, deps, caller) : { detail: stopped, isForAll: true };
    if ("isForAll" in done && done.isForAll) stopped = done.detail;
    rows.push("isForAll" in done ? { email: who.email, outcome: "not yet", detail: done.detail } : done);
  }
  return rows;
}

/** Why somebody could not be invited, and whether nobody else can be now. */
interface NotInvited {
  readonly detail: string;
  readonly isForAll: boolean;
}

async function inviteOne(
  place: MembersPlace,
  who: NewMember,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<InvitedRow | NotInvited> {
  try {
    const done = await invite(place, who, deps, caller);
    if (done.ok) return { email: who.email, outcome: done.value.outcome };
    return { detail: done.refusal.message, isForAll: done.refusal === tenantHasNoneLeft };
  } catch (problem) {
    if (problem instanceof Fault) return { detail: "Keycloak did not answer", isForAll: true };
    throw problem;
  }
}
