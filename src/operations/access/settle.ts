import { isoTime } from "../../core/index.ts";
import { writtenGrant } from "../console/grants.ts";
import type { RequestDeps } from "./deps.ts";
import { type KeptRequest, moveRequest } from "./record.ts";
import { isLate } from "./show.ts";

/** No save takes so long, in seconds: whoever began one before then is gone. */
const longestSave = 300;

/**
 * A request with what is left to be written down about it: that nobody decided it in time; that its grant is saved, though
 * whoever saved it did not come to say so; or that nothing was saved, so that somebody else may decide.
 */
export async function settled(request: KeptRequest, deps: RequestDeps): Promise<KeptRequest> {
  const { id, value } = request;
  if (value.state === "asked" && isLate(value, deps)) {
    const { won, now } = await moveRequest(deps, id, ["asked"], { state: "expired", decidedAt: value.waitsUntil });
    if (won) deps.audit.record("access.expired", { request: id, tenant: value.tenant, sub: value.sub });
    return now === undefined ? request : { id, value: now };
  }
  if (value.state !== "approving") return request;
  const finished = await finishApproval(request, deps);
  if (finished !== undefined) return finished;
  if (deps.clock.now() < (value.decidedAt ?? 0) + longestSave) return request;
  const { now } = await moveRequest(deps, id, ["approving"], { state: "asked" });
  return now === undefined ? request : { id, value: now };
}

/** Marks a request as approved whose grant stands in the tenant's files; nothing when it does not. */
export async function finishApproval(request: KeptRequest, deps: RequestDeps): Promise<KeptRequest | undefined> {
  const { id, value } = request;
  const repository = deps.policyFiles?.repository;
  if (repository === undefined) return undefined;
  const head = await repository.head();
  if ((await writtenGrant(deps, head, value.tenant, id)) === undefined) return undefined;
  const past = await repository.history({ path: value.tenant, limit: 100 });
  const commit = past.find(({ trailers }) => trailers["Access-Request"] === id)?.id ?? head;
  return markApproved(request, { commit }, deps);
}

/** Marks a request as approved. Its grant is saved, or proposed: whatever else was thought of it meanwhile, this is so. */
export async function markApproved(
  { id, value }: KeptRequest,
  { commit, proposed }: { readonly commit: string; readonly proposed?: true },
  deps: RequestDeps,
): Promise<KeptRequest> {
  const { won, now } = await moveRequest(deps, id, ["approving", "asked"], {
    state: "approved",
    ...(value.approval && { approval: value.approval }),
    ...(value.decidedAt !== undefined && { decidedAt: value.decidedAt }),
    commit,
    ...(proposed && { proposed }),
  });
  if (won) {
    const { tenant, sub, decider, set, approval } = value;
    const until = approval && isoTime(approval.until);
    const targets = approval?.at;
    deps.audit.record("access.approved", { request: id, tenant, sub, by: decider?.sub, set, targets, until, commit });
  }
  return { id, value: now ?? value };
}
