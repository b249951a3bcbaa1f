import { type ApiProblem, dateOf, err, type Instant, ok, type Result, type TenantName } from "../../core/index.ts";
import type { Grant } from "../../policy/index.ts";
import { type Caller, reachToManage } from "../console/caller.ts";
import type { ConsoleDeps } from "../console/deps.ts";
import { refuse } from "../console/sentences.ts";
import { digestOf, grantsOf } from "./grants.ts";
import {
  beginReview,
  moveReview,
  noteItem,
  type OpenReview,
  type Reviewer,
  readReview,
  type Unconfirmed,
} from "./record.ts";
import { pastReviews, roomInResult } from "./result.ts";
import type { ReviewDeps } from "./row.ts";

/** A review as somebody wants it. */
export interface ReviewAsked {
  readonly tenant: string;
  readonly due: Instant;
  readonly unconfirmed: Unconfirmed;
}

const day = 86_400;
const longest = 366 * day;

/** Begins a review of all grants of a tenant. The same wish again is the review that it began. */
export async function startReview(
  { tenant, due, unconfirmed }: ReviewAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<OpenReview, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const now = deps.clock.now();
  if (due <= now || due > now + longest) return err(refuse("invalid_input", "reviewDueWithin", {}));
  const started = await beginFor(deps, { tenant: name, due, unconfirmed, by: reviewerOf(caller) });
  if (!started.ok) return started;
  const review = started.value;
  if (review.due !== due || review.unconfirmed !== unconfirmed) {
    return err(refuse("conflict", "reviewUnderWay", { review: review.name }));
  }
  return ok(review);
}

/** Who decides, as it is noted. */
export const reviewerOf = ({ person }: Caller): Reviewer => ({
  sub: person.sub,
  name: person.name ?? person.preferredUsername,
});

/** Begins a review, or answers the one that is under way. */
export async function beginFor(
  deps: ReviewDeps,
  {
    tenant,
    due,
    unconfirmed,
    by,
  }: Omit<ReviewAsked, "tenant"> & { readonly tenant: TenantName; readonly by?: Reviewer },
): Promise<Result<OpenReview, ApiProblem>> {
  const repository = deps.policyFiles?.repository;
  if (repository === undefined) {
    return err(refuse("forbidden", "noRepository", {}));
  }
  const startedAt = deps.clock.now();
  const tooMany = (await readReview(deps, tenant)) === undefined ? tooManyFor(deps, tenant) : undefined;
  if (tooMany !== undefined) {
    const { grants, room } = tooMany;
    return err(refuse("conflict", "reviewTooLarge", { tenant, grants: String(grants), room: String(room) }));
  }
  const past = new Set((await pastReviews(repository, tenant)).map(({ review }) => review));
  const name = freeName(dateOf(startedAt).toISOString().slice(0, 10), past);
  const wanted: OpenReview = {
    ...{ state: "starting", tenant, name, startedAt, due, unconfirmed },
    ...(by && { startedBy: by }),
  };
  await beginReview(deps, wanted);
  const review = await readReview(deps, tenant);
  if (review === undefined) return err(refuse("conflict", "reviewClosedMeanwhile", {}));
  if (review.state === "starting") await fillReview(deps, review);
  return ok(review);
}

/** More grants than the result of a review holds: it could never be closed. */
export interface TooMany {
  readonly grants: number;
  /** About so many it holds. */
  readonly room: number;
}

/** Whether a tenant has more grants than a review can be of. */
export function tooManyFor({ policy, clock }: ReviewDeps, tenant: TenantName): TooMany | undefined {
  const items = [...grantsOf(policy, tenant, clock.now()).values()].map(saidOf);
  const room = roomInResult(items);
  return items.length <= room ? undefined : { grants: items.length, room };
}

/** What a review notes of a grant. */
const saidOf = (grant: Grant) => ({
  ...{ grant: grant.id, digest: digestOf(grant) },
  ...{ set: grant.set.name, people: grant.people.name, at: grant.at },
});

/** The day, or the day and a number where a review of that day is over. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wish : `${wish}-${n}`;
    if (!taken.has(name)) return name;
  }
}

/** Writes down every grant that the review is of, and opens it. Done again by whoever looks when somebody died meanwhile. */
export async function fillReview(deps: ReviewDeps, review: OpenReview): Promise<void> {
  const { tenant, name } = review;
  const grants = grantsOf(deps.policy, tenant, deps.clock.now());
  for (const grant of grants.values())
    await noteItem(deps, { state: "open", tenant, review: name, ...saidOf(grant) }, review);
  if (await moveReview(deps, review, "open"))
    deps.audit.record("review.started", {
      tenant,
      sub: review.startedBy?.sub,
      review: name,
      grants: String(grants.size),
    });
}
