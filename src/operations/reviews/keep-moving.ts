import { type Instant, instant, isoTime, ok, seconds, type TenantName } from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import type { Notices } from "../../notices/index.ts";
import { applyChanges } from "../../policy/index.ts";
import { beginFor, tooManyFor } from "./begin.ts";
import { finishReview } from "./close.ts";
import { managersOf, operatorsOf, rulesTheTenant } from "./grants.ts";
import { seeReview } from "./look.ts";
import { moveItem, moveReview, type OpenReview } from "./record.ts";
import { pastReviews } from "./result.ts";
import { isLeft, leftOf, type ReviewDeps, type ReviewRow, type ReviewSeen } from "./row.ts";

/** What keeps reviews moving. */
type MovingDeps = ReviewDeps & { readonly notices?: Pick<Notices, "send"> | undefined };

const day = 86_400;
/** So long before it is due its managers are reminded, or when half of its time is over. */
const remindedBefore = 3 * day;
/** So long after it was due the operators are told. */
const escalatedAfter = 3 * day;
/** So long after it was due it is closed. */
const closedAfter = 7 * day;

/**
 * Begins the reviews that tenants' policies ask for, tells who is to be told, and closes what nobody did: each step once,
 * whoever dies in between. A review in which nothing is left is no matter for anybody's mail.
 */
export async function keepReviewsMoving(deps: MovingDeps, stopping?: AbortSignal): Promise<void> {
  for (const tenant of deps.policy.tenants.keys()) {
    if (stopping?.aborted) return;
    await moveOn(deps, tenant);
  }
}

async function moveOn(deps: MovingDeps, tenant: TenantName): Promise<void> {
  const seen = (await seeReview(deps, tenant)) ?? (await beginWhenDue(deps, tenant));
  if (seen === undefined) return;
  const { review } = seen;
  const now = deps.clock.now();
  const isOver = review.state === "closing" || (now >= review.due && leftOf(seen) === 0);
  if (isOver) return void (await finishReview(deps, seen, undefined));
  if (leftOf(seen) === 0) return;
  if (now >= review.due + closedAfter) return closeUnconfirmed(deps, seen);
  const next = nextTelling(review, now);
  if (next !== undefined) await notify(deps, seen, next);
}

/** A review that the tenant's policy asks for, when it is time. */
async function beginWhenDue(deps: MovingDeps, tenant: TenantName): Promise<ReviewSeen | undefined> {
  const schedule = deps.policy.rules.get(tenant)?.review;
  if (schedule === undefined || deps.policyFiles?.repository === undefined) return undefined;
  const [last] = await pastReviews(deps.policyFiles.repository, tenant);
  const now = deps.clock.now();
  const lastBegan = last === undefined ? undefined : Math.floor(Date.parse(last.started_at) / 1000);
  if (lastBegan !== undefined && now < lastBegan + schedule.every) return undefined;
  if (tooManyFor(deps, tenant) !== undefined) return void (await notifyOfTooLarge(deps, tenant));
  await beginFor(deps, { tenant, due: instant(now + schedule.within), unconfirmed: schedule.unconfirmed });
  return seeReview(deps, tenant);
}

/** So often it is said that a review does not begin. */
const tooLargeBudget = { name: "reviews-too-large", limit: 1, window: seconds(7 * day) } as const;

/** Nobody would miss a review that never begins: its managers and the operators are told once a week, until it can begin. */
async function notifyOfTooLarge(deps: MovingDeps, tenant: TenantName): Promise<void> {
  if (!(await deps.store.spend(tooLargeBudget, tenant)).granted) return;
  const managers = managersOf(deps.policy, await deps.viewOf(tenant), tenant);
  const people = new Map([...managers, ...(await everyOperator(deps))].map((person) => [person.sub, person]));
  const to = [...people.values()].flatMap(({ email }) => (email === undefined ? [] : [{ email }]));
  const outcome = await deps.notices?.send({ kind: "review-too-large", tenant, to, facts: { tenant } });
  // An outbox that is full takes it by a later run.
  if (outcome === "full") await deps.store.spend(tooLargeBudget, tenant, -1);
  else deps.audit.record("review.told", { tenant, outcome: "too-large", detail: `${to.length} people` });
}

/** Who is told next, if it is time. */
interface Telling {
  readonly state: "reminded" | "overdue" | "escalated";
  readonly kind: "review-due" | "review-overdue" | "review-escalated";
}

function nextTelling({ state, due, startedAt }: OpenReview, now: Instant): Telling | undefined {
  if (state === "overdue")
    return now >= due + escalatedAfter ? { state: "escalated", kind: "review-escalated" } : undefined;
  if (state !== "open" && state !== "reminded") return undefined;
  if (now >= due) return { state: "overdue", kind: "review-overdue" };
  const remindAt = due - Math.min(remindedBefore, (due - startedAt) / 2);
  return state === "open" && now >= remindAt ? { state: "reminded", kind: "review-due" } : undefined;
}

/**
 * Tells people first and notes it then: who dies in between tells the same again, and the outbox knows it. What an outbox that is
 * full does not take is told by a later run.
 */
async function notify(deps: MovingDeps, seen: ReviewSeen, { state, kind }: Telling): Promise<void> {
  const { tenant, name, due } = seen.review;
  const left = String(leftOf(seen));
  const people =
    state === "escalated" ? await everyOperator(deps) : managersOf(deps.policy, await deps.viewOf(tenant), tenant);
  const to = people.flatMap(({ email }) => (email === undefined ? [] : [{ email }]));
  const facts = { tenant, review: name, left, due: isoTime(due) };
  if ((await deps.notices?.send({ kind, tenant, to, facts })) === "full") return;
  if (await moveReview(deps, seen.review, state))
    deps.audit.record("review.told", {
      tenant,
      review: name,
      outcome: state,
      grants: left,
      detail: `${to.length} people`,
    });
}

async function everyOperator(deps: MovingDeps): Promise<readonly TenantPerson[]> {
  const found: TenantPerson[] = [];
  for (const tenant of deps.policy.tenants.keys())
    found.push(...operatorsOf(deps.policy, await deps.viewOf(tenant), tenant));
  return found;
}

/** Nobody decided in time: what was set when the review began is done, and it is closed. */
async function closeUnconfirmed(deps: MovingDeps, seen: ReviewSeen): Promise<void> {
  if (seen.review.unconfirmed === "take-back")
    for (const row of seen.rows.filter((one) => isLeft(one) && one.grant?.isOwn))
      await takeBack(deps, seen.review, row);
  await finishReview(deps, seen, undefined);
}

/**
 * Takes back a grant that nobody confirmed. One that gives the right to manage the tenant stays: nobody would be left to give
 * it again. One that the policy's own tests hold stays, too.
 */
async function takeBack(deps: MovingDeps, review: OpenReview, { item }: ReviewRow): Promise<void> {
  const { tenant, name } = review;
  const [files, repository] = [deps.policyFiles, deps.policyFiles?.repository];
  if (files === undefined || repository === undefined || rulesTheTenant(deps.policy, tenant, item.grant)) return;
  const marked = await moveItem(deps, item, "changing", { wish: { kind: "take-back" }, decidedAt: deps.clock.now() });
  if (!marked.won || marked.item === undefined) return;
  const change = { section: "grants", name: item.grant, value: undefined } as const;
  const scope = { tenant, tenants: [...deps.policy.tenants.keys()], newFile: `${tenant}/policy.yaml` };
  const saved = await repository.save<unknown>({
    from: await repository.head(),
    author: { name: "cloudpass", email: `review@${tenant}.invalid` },
    subject: `${tenant}: review ${name}: ${item.grant} taken back, confirmed by nobody`,
    edit: async (texts) => {
      const changed = applyChanges(texts, [change], scope);
      if (!changed.ok) return changed;
      const after = await files.wouldBe(changed.value, tenant);
      return after.ok ? ok(changed.value) : after;
    },
  });
  if (!saved.ok) return void (await moveItem(deps, marked.item, "open"));
  const { commit } = saved.value;
  await moveItem(deps, marked.item, "taken-back", { commit });
  deps.audit.record("policy.saved", { tenant, commit, detail: `grant ${item.grant} removed` });
  deps.audit.record("review.decided", { tenant, review: name, grants: [item.grant], outcome: "changed", commit });
  await files.take();
}
