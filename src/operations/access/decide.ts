import {
  type ApiProblem,
  err,
  formatLength,
  instant,
  isoTime,
  ok,
  type Result,
  refusal,
  type Seconds,
  type TargetName,
} from "../../core/index.ts";
import { isSameValue } from "../../yaml/index.ts";
import { type Caller, reachToDecide } from "../console/caller.ts";
import { type ChangePreview, previewChange, saveChange } from "../console/change.ts";
import { changesToGive, type GrantAsked } from "../console/give.ts";
import { refuse, refuseField } from "../console/sentences.ts";
import { shownName } from "../console/tenant-view.ts";
import { whatMayBeAsked } from "./askable.ts";
import type { AccessDeps } from "./deps.ts";
import { longestReason } from "./reason.ts";
import { type AccessRequest, type Approval, type KeptRequest, moveRequest, readRequest } from "./record.ts";
import { markOf, seenOtherwise } from "./seen.ts";
import { isSelf } from "./self.ts";
import { finishApproval, markApproved, settled } from "./settle.ts";
import { goneOf, type ShownRequest, shownRequest } from "./show.ts";

/** Which request, and what of it is given: all, unless it is fewer places or a shorter time. */
interface ApprovalAsked {
  readonly tenant: string;
  readonly request: string;
  readonly at?: readonly string[] | undefined;
  readonly length?: Seconds | undefined;
  /** `seen` of the preview that was looked at: nothing is given that the set became since. */
  readonly seen?: string | undefined;
}

/** What an approval would do. */
export interface ApprovalPreview extends ChangePreview {
  /** Sent with the approval, it holds it to what was shown. */
  readonly seen: string;
}

type Deciding = Promise<Result<ShownRequest, ApiProblem>>;

/** What the approval of a request would do to whom. Writes nothing; refuses whatever approving would refuse now. */
export async function previewApproval(
  asked: ApprovalAsked,
  deps: AccessDeps,
  caller: Caller,
): Promise<Result<ApprovalPreview, ApiProblem>> {
  const open = await openToDecide(asked, deps, caller);
  if (!open.ok) return open;
  const terms = await termsOf(asked, open.value, deps);
  if (!terms.ok) return terms;
  // Before the rest is looked at: what changes meanwhile is noticed by the approval.
  const seen = markOf(open.value.value, terms.value.at, deps);
  const change = await grantOf(open.value, terms.value, deps, caller);
  if (!change.ok) return change;
  const preview = await previewChange(change.value, deps, caller);
  return preview.ok ? ok({ ...preview.value, seen }) : preview;
}

/**
 * Approves a request: its grant is saved in the tenant's policy, with the decider as author, and its time begins now. The same
 * approval again is answered as the first; of two who decide at once one does, and the other is told.
 */
export async function approveRequest(asked: ApprovalAsked, deps: AccessDeps, caller: Caller): Deciding {
  const open = await openToDecide(asked, deps, caller);
  if (!open.ok) return open;
  const request = open.value;
  const terms = await termsOf(asked, request, deps);
  if (isApprovedSo(request.value, asked, caller)) return ok(await shownRequest(request, deps));
  if (!terms.ok) return terms;
  if (asked.seen !== undefined && asked.seen !== markOf(request.value, terms.value.at, deps))
    return err(seenOtherwise(request.value));
  const change = await grantOf(request, terms.value, deps, caller);
  if (!change.ok) return change;
  const decider = deciderOf(caller);
  const decidedAt = terms.value.from;
  const claim = { state: "approving", decider, decidedAt, approval: terms.value } as const;
  const { won, now } = await moveRequest(deps, request.id, ["asked"], claim);
  if (!won || now === undefined) return err(decidedMeanwhile(now));
  const mine = { id: request.id, value: now };
  const saved = await saveChange(change.value, deps, caller);
  if (!saved.ok) {
    // It may be there all the same: saved by somebody who died before saying so.
    const finished = await finishApproval(mine, deps);
    if (finished !== undefined) return ok(await shownRequest(finished, deps));
    await moveRequest(deps, request.id, ["approving"], { state: "asked" });
    return saved;
  }
  const approved = await markApproved(mine, saved.value, deps);
  if (approved.value.state === "approved") return ok(await shownRequest(approved, deps));
  // It took so long that it counted as given up, and was decided otherwise: what was saved goes again.
  const removal = { section: "grants", name: request.id, value: undefined } as const;
  const undo = { tenant: change.value.tenant, from: saved.value.commit, request: request.id, changes: [removal] };
  await saveChange(undo, deps, caller);
  return err(decidedMeanwhile(approved.value));
}

/** Denies a request, with why. The same again is answered as the first. */
export async function denyRequest(
  asked: { readonly tenant: string; readonly request: string; readonly reason: string },
  deps: AccessDeps,
  caller: Caller,
): Deciding {
  const open = await openToDecide(asked, deps, caller);
  if (!open.ok) return open;
  const { id, value } = open.value;
  const denial = asked.reason.trim();
  if (denial === "") return err(refuseField("/body/reason", "denialMissing", {}));
  if (denial.length > longestReason)
    return err(refuseField("/body/reason", "reasonTooLong", { most: String(longestReason) }));
  const decider = deciderOf(caller);
  const isSo = value.state === "denied" && value.decider?.sub === decider.sub && value.denial === denial;
  if (isSo) return ok(await shownRequest(open.value, deps));
  const denied = { state: "denied", decider, decidedAt: deps.clock.now(), denial } as const;
  const { won, now } = await moveRequest(deps, id, ["asked"], denied);
  if (!won || now === undefined) return err(decidedMeanwhile(now));
  const { tenant, sub } = value;
  deps.audit.record("access.denied", { request: id, tenant, sub, by: decider.sub, detail: denial });
  return ok(await shownRequest({ id, value: now }, deps));
}

const deciderOf = ({ person }: Caller) => ({
  sub: person.sub,
  name: shownName(person),
  ...(person.email !== undefined && { email: person.email }),
});

/** A request of a tenant, for somebody who may decide it. One of another tenant is not found (S-46). */
async function openToDecide(
  { tenant, request: id }: { readonly tenant: string; readonly request: string },
  deps: AccessDeps,
  caller: Caller,
): Promise<Result<KeptRequest, ApiProblem>> {
  const reached = reachToDecide(deps, caller, tenant);
  if (!reached.ok) return reached;
  const value = await readRequest(deps, id);
  if (value === undefined || value.tenant !== reached.value.tenant.name)
    return err(refusal("not_found", "there is no such request"));
  if (isSelf(value, caller.person)) return err(refuse("forbidden", "ownRequest", {}));
  return ok(await settled({ id, value }, deps));
}

/** What is given: never more places, nor a longer time, than was asked for, and no longer than can be asked for now. */
async function termsOf(
  { at, length }: ApprovalAsked,
  { value }: KeptRequest,
  deps: AccessDeps,
): Promise<Result<Approval, ApiProblem>> {
  if (value.state !== "asked") return err(decidedMeanwhile(value));
  // What was saved a moment ago counts, before it is read by the job that follows the files.
  await deps.policyFiles?.take();
  const more = at?.find((target) => !value.at.includes(target as TargetName));
  if (more !== undefined || at?.length === 0)
    return err(refuseField("/body/at", "fewerPlaces", { places: value.at.join(", ") }));
  if (length !== undefined && length > value.length) return err(refuseField("/body/for", "shorterTime", {}));
  const given = value.at.filter((target) => at === undefined || at.includes(target));
  const gone = await goneOf({ ...value, at: given }, deps);
  if (gone !== undefined) return err(refuse("conflict", goneSentences[gone], {}));
  const time = length ?? value.length;
  const askable = whatMayBeAsked(deps, { person: value });
  const longest = askable.ok ? askable.value.longest : undefined;
  if (longest !== undefined && time > longest)
    return err(refuseField("/body/for", "longestNow", { length: formatLength(longest) }));
  const from = deps.clock.now();
  return ok({ at: given, from, until: instant(from + time) });
}

const goneSentences = { set: "setGone", place: "placeGone", person: "personGone" } as const;

/** The change of the tenant's policy by which it is given: a grant that is called as the request is. */
async function grantOf(
  { id, value }: KeptRequest,
  { at, from: begins, until }: Approval,
  deps: AccessDeps,
  caller: Caller,
) {
  const from = await deps.policyFiles?.repository?.head();
  if (from === undefined) return err(refusal("forbidden", "this broker has no repository for tenants' policies"));
  const { tenant, subject, identityProvider, preferredUsername, set, reason } = value;
  const asked: GrantAsked = {
    ...{ tenant, from, id, isNew: true, request: id, set, at, reason },
    to: { kind: "subject", subject, identityProvider, preferredUsername },
    begins: isoTime(begins),
    ends: isoTime(until),
  };
  const changes = await changesToGive(asked, deps, caller);
  if (!changes.ok) return changes;
  const title = `${tenant}: grant ${id}, asked for by ${preferredUsername}`;
  return ok({ tenant, from, request: id, changes: changes.value, subject: title });
}

/** Whether it was approved by the very caller, on these terms. */
function isApprovedSo(
  { state, decider, approval, ...value }: AccessRequest,
  asked: ApprovalAsked,
  { person }: Caller,
): boolean {
  if (state !== "approved" || approval === undefined || decider?.sub !== person.sub) return false;
  const { at = value.at, length = value.length } = asked;
  return approval.until - approval.from === length && isSameValue([...approval.at].sort(), [...new Set(at)].sort());
}

/** What the second of two is told. */
function decidedMeanwhile(now: AccessRequest | undefined): ApiProblem {
  if (now === undefined) return refusal("not_found", "there is no such request");
  const by = now.state === "withdrawn" ? "" : (now.decider?.name ?? "");
  if (now.state === "expired") return refuse("conflict", "requestOver", {});
  if (now.state === "approving") return refuse("conflict", "requestTaken", { by });
  return refuse("conflict", "requestDecided", { state: now.state, by });
}
