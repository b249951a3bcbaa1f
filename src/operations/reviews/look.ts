import { type ApiProblem, err, type Instant, ok, type Result, refusal, type TenantName } from "../../core/index.ts";
import { type Caller, reachTenant } from "../console/caller.ts";
import type { ConsoleDeps } from "../console/deps.ts";
import { ownFiles, type ShownGrant, shownGrant, writtenGrant } from "../console/grants.ts";
import type { TenantView } from "../console/tenant-view.ts";
import { fillReview, type TooMany, tooManyFor } from "./begin.ts";
import { digestOf, grantsOf, managersOf } from "./grants.ts";
import { itemsOf, moveItem, type ReviewItem, readReview } from "./record.ts";
import { pastReviews, type ReviewResult } from "./result.ts";
import type { ReviewDeps, ReviewRow, ReviewSeen, StandsOut } from "./row.ts";

/** A grant that was not used for so many seconds is looked at by itself. */
const unusedAfter = 90 * 86_400;
/** What began so many seconds ago and is not done is not being done any more. */
const diedAfter = 120;

/** The reviews of a tenant. */
interface TenantReviews {
  readonly open?: ReviewSeen;
  /** Why the review that the policy asks for does not begin. */
  readonly tooMany?: TooMany;
  readonly past: readonly ReviewResult[];
}

/** The reviews of a tenant: the one under way, and what came of those before. */
export async function listReviews(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<TenantReviews, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const open = await seeReview(deps, name, caller);
  const isScheduled = open === undefined && deps.policy.rules.get(name)?.review !== undefined;
  const tooMany = isScheduled ? tooManyFor(deps, name) : undefined;
  const past = await pastReviews(deps.policyFiles?.repository, name);
  return ok({ ...(open && { open }), ...(tooMany && { tooMany }), past });
}

/** One review of a tenant by its name: under way, or over. */
export async function showReview(
  { tenant, review }: { readonly tenant: string; readonly review: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<
  Result<{ readonly open: ReviewSeen } | { readonly open?: undefined; readonly past: ReviewResult }, ApiProblem>
> {
  const found = await listReviews({ tenant }, deps, caller);
  if (!found.ok) return found;
  const past = found.value.past.find((one) => one.review === review);
  if (past !== undefined) return ok({ past });
  if (found.value.open?.review.name === review) return ok({ open: found.value.open });
  return err(refusal("not_found", "there is no such review"));
}

/**
 * The review under way, with each grant as it stands now. What somebody began and did not finish is finished here, or undone:
 * its beginning, and a change that was saved before its grant was marked.
 */
export async function seeReview(
  deps: ReviewDeps,
  tenant: TenantName,
  caller?: Caller,
): Promise<ReviewSeen | undefined> {
  const review = await readReview(deps, tenant);
  if (review === undefined) return undefined;
  if (review.state === "starting") await fillReview(deps, review);
  const view = await deps.viewOf(tenant);
  const own = await ownFiles(deps);
  const now = deps.clock.now();
  const grants = grantsOf(deps.policy, tenant, now);
  const last = await lastDigests(deps, tenant);
  const rows: ReviewRow[] = [];
  for (const noted of await itemsOf(deps, review)) {
    const found = grants.get(noted.grant);
    const digest = found && digestOf(found);
    const item = await settled(deps, noted, digest !== undefined);
    const grant = found && shownGrant(found, view, own);
    const standsOut =
      grant && digest ? reasons({ deps, view, grant, digest, last: last.get(noted.grant), caller, now }) : [];
    rows.push({ item, ...(grant && { grant }), ...(digest !== undefined && { digest }), standsOut });
  }
  return { review, rows };
}

/** What each grant said when it was last confirmed. */
async function lastDigests({ policyFiles }: ReviewDeps, tenant: TenantName): Promise<ReadonlyMap<string, string>> {
  const [last] = await pastReviews(policyFiles?.repository, tenant);
  const confirmed = (last?.items ?? []).filter(({ outcome }) => outcome === "confirmed" || outcome === "shortened");
  return new Map(confirmed.map(({ grant, digest }) => [grant, digest]));
}

/** A grant as it is noted, after what happened to it is noted too. */
async function settled(deps: ReviewDeps, item: ReviewItem, isThere: boolean): Promise<ReviewItem> {
  if (item.state === "open" && !isThere) return (await moveItem(deps, item, "gone")).item ?? item;
  if (item.state !== "changing" || item.wish === undefined) return item;
  const repository = deps.policyFiles?.repository;
  if (repository === undefined) return item;
  const head = await repository.head();
  const written = await writtenGrant(deps, head, item.tenant, item.grant);
  const valid = written?.["valid"] as { readonly until?: unknown } | undefined;
  if (item.wish.kind === "take-back" && written === undefined)
    return (await moveItem(deps, item, "taken-back")).item ?? item;
  if (item.wish.kind === "shorten" && valid?.until === item.wish.until)
    return (await moveItem(deps, item, "shortened")).item ?? item;
  const isDead = deps.clock.now() - (item.decidedAt ?? 0) > diedAfter;
  return isDead ? ((await moveItem(deps, item, "open")).item ?? item) : item;
}

function reasons(of: {
  readonly deps: ReviewDeps;
  readonly view: TenantView;
  readonly grant: ShownGrant;
  readonly digest: string;
  readonly last: string | undefined;
  readonly caller: Caller | undefined;
  readonly now: Instant;
}): readonly StandsOut[] {
  const { deps, view, grant, digest, last, caller, now } = of;
  const found: StandsOut[] = [];
  if (last === undefined) found.push("new");
  else if (last !== digest) found.push("changed");
  if (grant.holders === 0) found.push("nobody");
  else if ((grant.lastToken ?? 0) <= now - unusedAfter) found.push("unused");
  if (caller && isOnlyHolders({ deps, view, grant: grant.id, caller })) found.push("own");
  return found;
}

/** Whether somebody would confirm what nobody else holds, though there is another manager who could. */
function isOnlyHolders(of: {
  readonly deps: Pick<ReviewDeps, "policy">;
  readonly view: TenantView;
  readonly grant: string;
  readonly caller: Caller;
}): boolean {
  const { deps, view, grant, caller } = of;
  const [first, ...others] = view.holders.get(grant) ?? [];
  if (first?.sub !== caller.person.sub || others.length > 0) return false;
  return managersOf(deps.policy, view, first.tenant).some(({ sub }) => sub !== caller.person.sub);
}
