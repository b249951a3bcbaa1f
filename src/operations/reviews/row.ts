import type { ConsoleDeps } from "../console/deps.ts";
import type { ShownGrant } from "../console/grants.ts";
import type { OpenReview, ReviewItem } from "./record.ts";

/** What a review works with. */
export type ReviewDeps = Pick<ConsoleDeps, "store" | "policy" | "clock" | "policyFiles" | "viewOf" | "audit">;

/** Why a grant is looked at by itself, and not confirmed with all that is as it was. */
export type StandsOut =
  /** It was in no review yet, or says something else than in the last one. */
  | "new"
  | "changed"
  /** Nobody who is known holds it, or nobody got a token for its targets in the last ninety days. */
  | "nobody"
  | "unused"
  /** Only the reviewer holds it, and there is another manager, whose it is to confirm. */
  | "own";

/** A grant of a review that is under way, and how it stands. */
export interface ReviewRow {
  readonly item: ReviewItem;
  /** The grant as it is now; absent when it is gone. */
  readonly grant?: ShownGrant;
  /** What it says now, as a digest. */
  readonly digest?: string;
  readonly standsOut: readonly StandsOut[];
}

/** A review that is under way, with its grants by name. */
export interface ReviewSeen {
  readonly review: OpenReview;
  readonly rows: readonly ReviewRow[];
}

/** How many grants are left to decide. */
export const leftOf = ({ rows }: Pick<ReviewSeen, "rows">): number => rows.filter(isLeft).length;

/** Whether a grant is still to be decided. */
export const isLeft = ({ item }: ReviewRow): boolean => item.state === "open" || item.state === "changing";
