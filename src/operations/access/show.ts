import { whatMayBeAsked } from "./askable.ts";
import type { RequestDeps } from "./deps.ts";
import type { AccessRequest, KeptRequest, RequestState } from "./record.ts";

/** What went while a request was waiting: it cannot be approved any more. */
type Gone = "set" | "place" | "person";

/** An access request as it is shown, to who asks and to who decides. */
export interface ShownRequest extends Omit<AccessRequest, "state"> {
  readonly id: string;
  readonly state: Exclude<RequestState, "approving">;
  /** Of one that waits: what went meanwhile. */
  readonly gone?: Gone;
  /** Of an approved one whose time is not over: its grant is not there any more, or ends otherwise. */
  readonly changed?: true;
}

/** A request as it stands now, whatever no job has written down yet. */
export async function shownRequest({ id, value }: KeptRequest, deps: RequestDeps): Promise<ShownRequest> {
  const { state, decider, decidedAt, approval, proposed: _, ...asked } = value;
  const isWaiting = state === "asked" || state === "approving";
  if (state === "asked" && isLate(value, deps)) return { ...asked, id, state: "expired", decidedAt: value.waitsUntil };
  const decided = {
    ...(decider && { decider }),
    ...(decidedAt !== undefined && { decidedAt }),
    ...(approval && { approval }),
  };
  // One that could not be saved is still marked by who tried.
  const rest = { ...asked, ...(!isWaiting && decided) };
  const gone = isWaiting ? await goneOf(value, deps) : undefined;
  const proposed = isProposed({ id, value }, deps);
  const changed = state === "approved" && !proposed && isChanged(id, value, deps);
  return {
    ...rest,
    id,
    state: state === "approving" ? "asked" : state,
    ...(gone !== undefined && { gone }),
    ...(proposed && { proposed }),
    ...(changed && { changed }),
  };
}

/** Whether nobody decided it in time. */
export const isLate = ({ waitsUntil }: AccessRequest, { clock }: Pick<RequestDeps, "clock">): boolean =>
  clock.now() >= waitsUntil;

/** What of a request's set, places and person is there no more. */
export async function goneOf(request: AccessRequest, deps: RequestDeps): Promise<Gone | undefined> {
  const askable = whatMayBeAsked(deps, { person: request });
  const set = askable.ok ? askable.value.sets.find(({ name }) => name === request.set) : undefined;
  if (set === undefined) return "set";
  if (request.at.some((target) => !set.at.has(target))) return "place";
  const view = await deps.viewOf(request.tenant, request.askedAt);
  return view.find(request.sub) === undefined ? "person" : undefined;
}

/** Whether a request's grant was only proposed, and is not in use. */
export const isProposed = ({ id, value }: KeptRequest, { policy }: Pick<RequestDeps, "policy">): boolean =>
  value.proposed === true && !policy.rules.get(value.tenant)?.grants.some((grant) => grant.id === id);

/** Whether the grant of an approved request is another one than was approved, as long as it would run. */
function isChanged(id: string, { tenant, approval }: AccessRequest, { policy, clock }: RequestDeps): boolean {
  if (approval === undefined || clock.now() >= approval.until) return false;
  return policy.rules.get(tenant)?.grants.find((grant) => grant.id === id)?.until !== approval.until;
}
