import {
  type ApiProblem,
  type CommitId,
  err,
  ok,
  parseTime,
  type Result,
  refusal,
  type Said,
} from "../../core/index.ts";
import type { Change } from "../../policy/index.ts";
import { type Caller, reachToManage } from "../console/caller.ts";
import { type ChangePreview, previewChange, saveChange } from "../console/change.ts";
import type { ConsoleDeps } from "../console/deps.ts";
import { writtenGrant } from "../console/grants.ts";
import { refuse, sentence } from "../console/sentences.ts";
import { reviewerOf } from "./begin.ts";
import { seeReview } from "./look.ts";
import { moveItem, type Reviewer, type ReviewItem, readReview, type Wish } from "./record.ts";
import { pastReviews } from "./result.ts";
import { isLeft, type ReviewRow, type ReviewSeen } from "./row.ts";

/** What somebody says of a grant of a review. */
export interface Verdict {
  readonly grant: string;
  /** What the grant said when it was looked at, as a digest; absent: whatever it says. */
  readonly seen?: string | undefined;
  readonly wish: { readonly kind: "keep" } | Wish;
}

/** Decisions in one review, made with the files of one commit in view. */
export interface Decisions {
  readonly tenant: string;
  readonly review: string;
  readonly from: CommitId;
  readonly verdicts: readonly Verdict[];
}

/** Why one of the decisions was not taken; the others were. */
export interface Undecided {
  readonly grant: string;
  readonly message: string;
  /** The message by its name, for pages. */
  readonly said?: Said;
}

/** What became of decisions. */
export interface Decided {
  readonly kept: number;
  readonly changed: number;
  /** The commit that has the changes; absent where there were none. */
  readonly commit?: CommitId;
  readonly undecided: readonly Undecided[];
}

/** A decision that may be taken. */
interface Ready {
  readonly row: ReviewRow;
  readonly wish: Verdict["wish"];
  readonly change?: Change;
}

/** Which decisions came to be; of the others somebody else was first, and what is noted of them is theirs. */
interface Taken {
  readonly won: readonly Ready[];
  readonly lost: readonly { readonly ready: Ready; readonly item: ReviewItem | undefined }[];
}

/** Says what shortening and taking back would do to whom. Decides nothing. */
export async function previewDecisions(
  decisions: Decisions,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ChangePreview & { readonly undecided: readonly Undecided[] }, ApiProblem>> {
  const checked = await check(decisions, deps, caller);
  if (!checked.ok) return checked;
  const { ready, undecided } = checked.value;
  const changes = ready.flatMap(({ change }) => change ?? []);
  const { tenant, from } = decisions;
  const preview = await previewChange({ tenant, from, changes }, deps, caller);
  return preview.ok ? ok({ ...preview.value, undecided }) : preview;
}

/**
 * Confirms grants, shortens them and takes them back; what changes the policy is one commit. What was decided so already is
 * decided. One that cannot be decided keeps no other from it.
 */
export async function decideGrants(
  decisions: Decisions,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Decided, ApiProblem>> {
  const checked = await check(decisions, deps, caller);
  if (!checked.ok) return checked;
  const by = reviewerOf(caller);
  const { seen, ready, before, undecided } = checked.value;
  const kept = await keep(
    deps,
    ready.filter(({ wish }) => wish.kind === "keep"),
    by,
  );
  noteDecided(deps, seen, by, kept.won, "confirmed");
  const changing = ready.filter((one): one is Ready & { readonly change: Change } => one.change !== undefined);
  const changed = await change(decisions, changing, { deps, caller, by });
  if (!changed.ok) return changed;
  noteDecided(deps, seen, by, changed.value.won, "changed", changed.value.commit);
  const lost = [...kept.lost, ...changed.value.lost];
  // Sent again, or at once by two who agree, it is the same answer.
  const same = [...before, ...lost.flatMap(({ ready: { wish }, item }) => (item && isSo(item, wish) ? item : []))];
  const commit = changed.value.commit ?? same.find((one) => one.commit !== undefined)?.commit;
  const keptBefore = same.filter(({ state }) => state === "kept").length;
  const counts = { kept: kept.won.length + keptBefore, changed: changed.value.won.length + same.length - keptBefore };
  return ok({ ...counts, ...(commit && { commit }), undecided: [...undecided, ...lost.flatMap(meanwhile)] });
}

/** Confirms, in one act, all that is as it was when it was last confirmed, and is used. */
export async function confirmUnchanged(
  { tenant, review }: Pick<Decisions, "tenant" | "review">,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<{ readonly kept: number }, ApiProblem>> {
  const found = await openToDecide({ tenant, review }, deps, caller);
  if (!found.ok) return found;
  const rows = found.value.rows.filter((row) => isLeft(row) && row.grant && row.standsOut.length === 0);
  const by = reviewerOf(caller);
  const { won } = await keep(
    deps,
    rows.map((row) => ({ row, wish: { kind: "keep" } })),
    by,
  );
  noteDecided(deps, found.value, by, won, "confirmed");
  return ok({ kept: won.length });
}

async function keep(deps: ConsoleDeps, all: readonly Ready[], by: Reviewer): Promise<Taken> {
  const [won, lost]: [Ready[], Taken["lost"][number][]] = [[], []];
  for (const ready of all) {
    const { item, digest } = ready.row;
    const said = { by, decidedAt: deps.clock.now(), ...(digest !== undefined && { digest }) };
    const moved = await moveItem(deps, item, "kept", said);
    if (moved.won) won.push(ready);
    else lost.push({ ready, item: moved.item });
  }
  return { won, lost };
}

/** What whoever decided too late is told; nothing where it was decided just so. */
function meanwhile({ ready: { row, wish }, item }: Taken["lost"][number]): readonly Undecided[] {
  if (item && isSo(item, wish)) return [];
  return [undecidedOf(row.item.grant, decidedBy(item))];
}

/** Why something is not decided. */
type Why = ReturnType<typeof sentence>;

const undecidedOf = (grant: string, { text, said }: Why): Undecided => ({ grant, message: text, said });

const decidedBy = (item: ReviewItem | undefined): Why =>
  item?.by === undefined ? sentence("grantGone", {}) : sentence("decidedByOther", { by: item.by.name });

function noteDecided(
  { audit }: ConsoleDeps,
  { review: { tenant, name } }: ReviewSeen,
  { sub }: Reviewer,
  decided: readonly Pick<Ready, "row">[],
  outcome: string,
  commit?: CommitId,
): void {
  if (decided.length === 0) return;
  const grants = decided.map(({ row }) => row.item.grant);
  audit.record("review.decided", { tenant, sub, review: name, grants, outcome, commit });
}

/** The review, for somebody who may decide in it. */
async function openToDecide(
  { tenant, review }: Pick<Decisions, "tenant" | "review">,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ReviewSeen, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const seen = await seeReview(deps, name, caller);
  if (seen?.review.name === review && seen.review.state !== "closing") return ok(seen);
  const isOver = (await pastReviews(deps.policyFiles?.repository, name)).some((past) => past.review === review);
  if (isOver || seen?.review.name === review) return err(refuse("conflict", "reviewOver", {}));
  return err(refusal("not_found", "there is no such review"));
}

async function check(
  decisions: Decisions,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<
  Result<
    {
      readonly seen: ReviewSeen;
      readonly ready: readonly Ready[];
      readonly before: readonly ReviewItem[];
      readonly undecided: readonly Undecided[];
    },
    ApiProblem
  >
> {
  const found = await openToDecide(decisions, deps, caller);
  if (!found.ok) return found;
  const rows = new Map(found.value.rows.map((row) => [row.item.grant, row]));
  const ready: Ready[] = [];
  const before: ReviewItem[] = [];
  const undecided: Undecided[] = [];
  for (const verdict of decisions.verdicts) {
    const row = rows.get(verdict.grant);
    if (row === undefined) return err(refusal("not_found", "there is no such grant in this review"));
    if (isSo(row.item, verdict.wish)) {
      before.push(row.item);
      continue;
    }
    const why = whyNot(row, verdict);
    const change = why === undefined ? await changeOf(row, verdict.wish, decisions, deps) : undefined;
    const against = why ?? (change !== undefined && "text" in change ? change : undefined);
    if (against !== undefined) undecided.push(undecidedOf(verdict.grant, against));
    else ready.push({ row, wish: verdict.wish, ...(change !== undefined && "section" in change && { change }) });
  }
  return ok({ seen: found.value, ready, before, undecided });
}

/** Whether it was decided just so before. */
function isSo({ state, wish }: ReviewItem, wanted: Verdict["wish"]): boolean {
  if (wanted.kind === "keep") return state === "kept";
  if (wanted.kind === "take-back") return state === "taken-back" || state === "gone";
  return state === "shortened" && wish?.kind === "shorten" && wish.until === wanted.until;
}

function whyNot({ item, grant, digest, standsOut }: ReviewRow, { seen, wish }: Verdict): Why | undefined {
  if (item.state !== "open") return decidedBy(item);
  if (grant === undefined) return sentence("grantGone", {});
  if (seen !== undefined && seen !== digest) return sentence("grantChanged", {});
  if (wish.kind === "keep") return standsOut.includes("own") ? sentence("onlyYours", {}) : undefined;
  if (!grant.isOwn) return sentence("grantOfOperator", {});
  return undefined;
}

/** The change of the policy that a wish means; or why there is none. */
async function changeOf(
  { item, grant }: ReviewRow,
  wish: Verdict["wish"],
  { from }: Decisions,
  deps: ConsoleDeps,
): Promise<Change | Why | undefined> {
  if (wish.kind === "keep") return undefined;
  const target = { section: "grants", name: item.grant } as const;
  if (wish.kind === "take-back") return { ...target, value: undefined };
  const until = parseTime(wish.until);
  if (until === undefined || until <= deps.clock.now()) return sentence("endNotToCome", {});
  if (grant?.until !== undefined && until >= grant.until) return sentence("endsSooner", {});
  const written = await writtenGrant(deps, from, item.tenant, item.grant);
  if (written === undefined) return sentence("grantNotInFiles", {});
  const valid = { ...(written["valid"] as object | undefined), until: wish.until };
  return { ...target, value: { ...written, valid } };
}

/** Notes what is meant, changes the policy, and notes that it is done. Who dies in between is followed by `seeReview`. */
async function change(
  { tenant, review, from }: Decisions,
  changing: readonly (Ready & { readonly change: Change })[],
  { deps, caller, by }: { readonly deps: ConsoleDeps; readonly caller: Caller; readonly by: Reviewer },
): Promise<Result<Taken & { readonly commit?: CommitId }, ApiProblem>> {
  const lost: Taken["lost"][number][] = [];
  const mine: { readonly item: ReviewItem; readonly ready: Ready & { readonly change: Change } }[] = [];
  const decidedAt = deps.clock.now();
  for (const ready of changing) {
    const wish = ready.wish as Wish;
    const { won, item } = await moveItem(deps, ready.row.item, "changing", { wish, by, decidedAt });
    if (won && item) mine.push({ item, ready });
    else lost.push({ ready, item });
  }
  const giveUp = async () => {
    for (const { item } of mine) await moveItem(deps, item, "open");
  };
  const [first] = mine;
  if (first === undefined) return ok({ won: [], lost });
  const current = await readReview(deps, first.item.tenant);
  if (current?.name !== review || current.state === "closing") {
    await giveUp();
    return err(refuse("conflict", "reviewOver", {}));
  }
  const more = mine.length > 1 ? ` and ${mine.length - 1} more` : "";
  const subject = `${tenant}: review ${review}: ${first.item.grant}${more}`;
  const changes = mine.map(({ ready }) => ready.change);
  const saved = await saveChange({ tenant, from, changes, subject }, deps, caller);
  if (!saved.ok) {
    await giveUp();
    return saved;
  }
  const { commit } = saved.value;
  for (const { item } of mine)
    await moveItem(deps, item, item.wish?.kind === "shorten" ? "shortened" : "taken-back", { commit });
  return ok({ won: mine.map(({ ready }) => ready), lost, commit });
}
