import { type CommitId, type Instant, type SubjectId, seconds, type TenantName } from "../../core/index.ts";
import { defineKind, type Store, type Tag } from "../../store/index.ts";

/** What becomes of grants that nobody confirmed in time. */
export type Unconfirmed = "keep" | "take-back";

/** Who began or decided something; by the broker itself there is nobody. */
export interface Reviewer {
  readonly sub: SubjectId;
  readonly name: string;
}

/** The one review of a tenant's grants that is under way. */
export interface OpenReview {
  /** `starting`: its grants are being written down; `closing`: its result is. In between, what its owners were told. */
  readonly state: "starting" | "open" | "reminded" | "overdue" | "escalated" | "closing";
  readonly tenant: TenantName;
  /** The day on which it began: `2026-11-30`. */
  readonly name: string;
  readonly startedAt: Instant;
  readonly startedBy?: Reviewer;
  readonly due: Instant;
  readonly unconfirmed: Unconfirmed;
}

/** What is to be done to a grant. */
export type Wish = { readonly kind: "take-back" } | { readonly kind: "shorten"; readonly until: string };

/** A grant of a review. */
export interface ReviewItem {
  /** `changing`: the policy is being changed as `wish` says. `gone`: somebody took it back elsewhere. */
  readonly state: "open" | "kept" | "changing" | "shortened" | "taken-back" | "gone";
  readonly tenant: TenantName;
  readonly review: string;
  readonly grant: string;
  /** What it said when the review began, or when it was confirmed. */
  readonly digest: string;
  readonly set: string;
  readonly people: string;
  readonly at: readonly string[];
  readonly wish?: Wish;
  readonly by?: Reviewer;
  readonly decidedAt?: Instant;
  readonly commit?: CommitId;
}

const reviewKind = defineKind<OpenReview>()("review", [
  "state",
  "tenant",
  "name",
  "startedAt",
  "startedBy",
  "due",
  "unconfirmed",
]);

const itemKind = defineKind<ReviewItem>()("review-item", [
  "state",
  "tenant",
  "review",
  "grant",
  "digest",
  "set",
  "people",
  "at",
  "wish",
  "by",
  "decidedAt",
  "commit",
]);

/** What each state may become; no other arrow exists. */
const reviewArrows: Readonly<Record<OpenReview["state"], readonly OpenReview["state"][]>> = {
  starting: ["open"],
  open: ["reminded", "overdue", "closing"],
  reminded: ["overdue", "closing"],
  overdue: ["escalated", "closing"],
  escalated: ["closing"],
  closing: [],
};
const itemArrows: Readonly<Record<ReviewItem["state"], readonly ReviewItem["state"][]>> = {
  open: ["kept", "changing", "gone"],
  changing: ["open", "shortened", "taken-back"],
  kept: [],
  shortened: [],
  "taken-back": [],
  gone: [],
};

/** So long a review that nobody touches is remembered after its end: the broker closes it long before. */
const rememberedAfter = 90 * 86_400;
const keepingOf = ({ due, startedAt }: Pick<OpenReview, "due" | "startedAt">) => ({
  ttl: seconds(due - startedAt + rememberedAfter),
});

const itemsTag = (tenant: TenantName): Tag => ({ kind: "review-items", tenant });
const itemId = ({ tenant, review, grant }: Pick<ReviewItem, "tenant" | "review" | "grant">): string =>
  `${tenant}/${review}/${grant}`;

type Deps = { readonly store: Store };

/** The review of a tenant that is under way. */
export const readReview = ({ store }: Deps, tenant: TenantName): Promise<OpenReview | undefined> =>
  store.get(reviewKind, tenant);

/** Begins one; false when there is one already. */
export const beginReview = async ({ store }: Deps, review: OpenReview): Promise<boolean> =>
  (await store.put(reviewKind, review.tenant, review, keepingOf(review))) === "created";

/** Moves a review on. False when it is not where it was seen: somebody else was first. */
export async function moveReview(
  { store }: Deps,
  { tenant, name }: Pick<OpenReview, "tenant" | "name">,
  to: OpenReview["state"],
): Promise<boolean> {
  if ((await store.get(reviewKind, tenant))?.name !== name) return false;
  return (await store.advance(reviewKind, tenant, before(reviewArrows, to), { state: to })).outcome === "won";
}

/** The states from which an arrow leads to one. */
const before = <State extends string>(arrows: Readonly<Record<State, readonly State[]>>, to: State): State[] =>
  (Object.keys(arrows) as State[]).filter((from) => arrows[from].includes(to));

/** Writes a grant of a review down. One that is there stays as it is: what began and died is begun again. */
export async function noteItem({ store }: Deps, item: ReviewItem, review: OpenReview): Promise<void> {
  await store.put(itemKind, itemId(item), item, { ...keepingOf(review), tags: [itemsTag(item.tenant)] });
}

/** The grants of a review, by name. */
export async function itemsOf(
  { store }: Deps,
  { tenant, name }: Pick<OpenReview, "tenant" | "name">,
): Promise<readonly ReviewItem[]> {
  const found = await store.list(itemKind, itemsTag(tenant));
  return found
    .map(({ value }) => value)
    .filter(({ review }) => review === name)
    .sort((a, b) => (a.grant < b.grant ? -1 : 1));
}

/** Moves a grant of a review on. Answers what it is now, and whether this did it. */
export async function moveItem(
  { store }: Deps,
  item: ReviewItem,
  to: ReviewItem["state"],
  patch: Partial<ReviewItem> = {},
): Promise<{ readonly won: boolean; readonly item: ReviewItem | undefined }> {
  const moved = await store.advance(itemKind, itemId(item), before(itemArrows, to), { ...patch, state: to });
  if (moved.outcome === "won") return { won: true, item: moved.value };
  return { won: false, item: moved.outcome === "stale" ? moved.current : undefined };
}

/** Forgets a review whose result stands in the repository; the review itself last, so that what died is done again. */
export async function forgetReview(deps: Deps, review: OpenReview): Promise<void> {
  for (const item of await itemsOf(deps, review)) await deps.store.take(itemKind, itemId(item));
  if ((await deps.store.get(reviewKind, review.tenant))?.name === review.name)
    await deps.store.take(reviewKind, review.tenant);
}
