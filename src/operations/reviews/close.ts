import { type ApiProblem, err, isoTime, ok, type Result, refusal } from "../../core/index.ts";
import { type Caller, reachToManage } from "../console/caller.ts";
import { notSaved } from "../console/change-problems.ts";
import type { ConsoleDeps } from "../console/deps.ts";
import { refuse } from "../console/sentences.ts";
import { reviewerOf } from "./begin.ts";
import { seeReview } from "./look.ts";
import { forgetReview, moveReview, type Reviewer } from "./record.ts";
import { formatResult, isRecordable, pastReviews, type ReviewResult, recordOf, resultOf } from "./result.ts";
import { leftOf, type ReviewDeps, type ReviewSeen } from "./row.ts";

/** Ends a review in which all is decided: its result becomes a commit. Sent again it answers the same. */
export async function closeReview(
  { tenant, review }: { readonly tenant: string; readonly review: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ReviewResult, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const past = (await pastReviews(deps.policyFiles?.repository, name)).find((one) => one.review === review);
  const seen = await seeReview(deps, name, caller);
  if (past !== undefined) {
    // Whoever closed it died before it was forgotten.
    if (seen?.review.name === review) await forgetReview(deps, seen.review);
    return ok(past);
  }
  if (seen?.review.name !== review) return err(refusal("not_found", "there is no such review"));
  const left = leftOf(seen);
  if (left > 0 && seen.review.state !== "closing") {
    const due = isoTime(seen.review.due);
    return err(
      left === 1
        ? refuse("conflict", "oneGrantLeft", { due })
        : refuse("conflict", "grantsLeft", { left: String(left), due }),
    );
  }
  return finishReview(deps, seen, reviewerOf(caller));
}

/**
 * Writes the result of a review as a commit, and then forgets the review. Each step done again changes nothing: who dies in
 * between is followed by whoever looks next.
 */
export async function finishReview(
  deps: ReviewDeps,
  { review, rows }: ReviewSeen,
  by: Reviewer | undefined,
): Promise<Result<ReviewResult, ApiProblem>> {
  const repository = deps.policyFiles?.repository;
  if (repository === undefined) return err(refusal("forbidden", "this broker has no repository for tenants' policies"));
  const { tenant, name } = review;
  // Before the door is shut: nothing opens it again.
  const now = resultOf(review, rows, { at: deps.clock.now(), by });
  if (review.state !== "closing" && !isRecordable(formatResult(now))) {
    return err(refuse("conflict", "resultTooLarge", { grants: String(rows.length) }));
  }
  await moveReview(deps, review, "closing");
  // Read after the door is shut: what was decided until then is in.
  const seen = await seeReview(deps, tenant);
  const known = (await pastReviews(repository, tenant)).find((one) => one.review === name);
  if (known !== undefined || seen?.review.name !== name) {
    await forgetReview(deps, review);
    return known === undefined ? err(refusal("not_found", "there is no such review")) : ok(known);
  }
  if (seen.rows.some(({ item }) => item.state === "changing")) return err(refuse("conflict", "decidedJustNow", {}));
  const result = resultOf(review, seen.rows, { at: deps.clock.now(), by });
  const saved = await repository.save<never>({
    from: await repository.head(),
    author: by
      ? { name: by.name, email: `${by.sub}@${tenant}.invalid` }
      : { name: "cloudpass", email: "review@invalid" },
    subject: `${tenant}: review ${name} closed`,
    ...(by && { trailers: { Sub: by.sub } }),
    edit: () => ok(new Map()),
    records: new Map([[recordOf(review), formatResult(result)]]),
  });
  if (!saved.ok) return err(notSaved(saved.refusal));
  const { commit } = saved.value;
  deps.audit.record("review.closed", { tenant, sub: by?.sub, review: name, commit, detail: summaryOf(result) });
  await forgetReview(deps, review);
  await deps.policyFiles?.take();
  return ok(result);
}

/** How many grants came out how. */
export function summaryOf({ items }: Pick<ReviewResult, "items">): string {
  const counts = [...Map.groupBy(items, ({ outcome }) => outcome)].map(([outcome, all]) => `${all.length} ${outcome}`);
  return counts.length === 0 ? "no grants" : counts.join(", ");
}
