import { z } from "zod";
import { type Instant, instant, isoTime, type TenantName } from "../../core/index.ts";
import { largestRecord, type Repository } from "../../repository/index.ts";
import type { OpenReview, Reviewer, ReviewItem } from "./record.ts";
import type { ReviewRow } from "./row.ts";

const time = z.iso.datetime();
const reviewer = z.object({ sub: z.string(), name: z.string() });

/** How a grant came out of a review. `unconfirmed`: nobody decided in time, and what the review's beginning said was done. */
const outcomes = [
  "confirmed",
  "shortened",
  "taken-back",
  "gone",
  "kept-unconfirmed",
  "taken-back-unconfirmed",
] as const;

const itemSchema = z.object({
  grant: z.string(),
  set: z.string(),
  people: z.string(),
  at: z.array(z.string()),
  outcome: z.enum(outcomes),
  by: reviewer.optional(),
  decided_at: time.optional(),
  until: z.string().optional(),
  commit: z.string().optional(),
  holders: z.int(),
  last_token: time.optional(),
  digest: z.string(),
});

/** What came of a review, as it stands in the tenant's folder of the repository. */
export const resultSchema = z.object({
  review: z.string(),
  tenant: z.string(),
  started_at: time,
  started_by: reviewer.optional(),
  due: time,
  closed_at: time,
  closed_by: reviewer.optional(),
  unconfirmed: z.enum(["keep", "take-back"]),
  items: z.array(itemSchema),
});

/** What came of a review. */
export type ReviewResult = z.infer<typeof resultSchema>;
/** What came of one grant. */
export type ReviewedGrant = ReviewResult["items"][number];

const folderOf = (tenant: TenantName): string => `${tenant}/.reviews`;

/** The path of a result in the repository. */
export const recordOf = ({ tenant, name }: Pick<OpenReview, "tenant" | "name">): string =>
  `${folderOf(tenant)}/${name}.json`;

/** The reviews of a tenant that are over, the newest first. What somebody wrote there that is no result is left out. */
export async function pastReviews(
  repository: Pick<Repository, "recordsAt" | "head"> | undefined,
  tenant: TenantName,
): Promise<readonly ReviewResult[]> {
  if (repository === undefined) return [];
  const records = await repository.recordsAt(await repository.head(), folderOf(tenant));
  return [...records]
    .flatMap(([name, text]) => {
      const read = readResult(text);
      return read?.tenant === tenant && read.review === name ? [read] : [];
    })
    .sort((a, b) => (a.closed_at < b.closed_at ? 1 : -1));
}

function readResult(text: string): ReviewResult | undefined {
  try {
    return resultSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What came of a review, from what was decided and what stands now. */
export function resultOf(
  review: OpenReview,
  rows: readonly ReviewRow[],
  { at, by }: { readonly at: Instant; readonly by: Reviewer | undefined },
): ReviewResult {
  return {
    review: review.name,
    tenant: review.tenant,
    started_at: isoTime(review.startedAt),
    ...(review.startedBy && { started_by: review.startedBy }),
    due: isoTime(review.due),
    closed_at: isoTime(at),
    ...(by && { closed_by: by }),
    unconfirmed: review.unconfirmed,
    items: rows.map(itemOf),
  };
}

const outcomeOf = ({ state, by }: ReviewItem): ReviewedGrant["outcome"] => {
  if (state === "kept") return "confirmed";
  if (state === "shortened" || state === "gone") return state;
  if (state === "taken-back") return by === undefined ? "taken-back-unconfirmed" : "taken-back";
  return "kept-unconfirmed";
};

function itemOf({ item, grant, digest }: ReviewRow): ReviewedGrant {
  const outcome = outcomeOf(item);
  const isDecided = outcome !== "kept-unconfirmed" && outcome !== "gone";
  return {
    grant: item.grant,
    set: item.set,
    people: item.people,
    at: [...item.at],
    outcome,
    ...(isDecided && item.by && { by: item.by }),
    ...(isDecided && item.decidedAt !== undefined && { decided_at: isoTime(item.decidedAt) }),
    ...(outcome === "shortened" && item.wish?.kind === "shorten" && { until: item.wish.until }),
    ...(isDecided && item.commit !== undefined && { commit: item.commit }),
    holders: grant?.holders ?? 0,
    ...(grant?.lastToken !== undefined && { last_token: isoTime(grant.lastToken) }),
    digest: outcome === "shortened" ? (digest ?? item.digest) : item.digest,
  };
}

/** Whether the repository takes the text of a result. */
export const isRecordable = (text: string): boolean => Buffer.byteLength(text) <= largestRecord;

/** How a grant comes out at most: decided by somebody with a long name, and held by many. */
const widest = {
  outcome: "taken-back-unconfirmed",
  by: { sub: "p".repeat(42), name: "n".repeat(100) },
  decided_at: isoTime(instant(0)),
  until: isoTime(instant(0)),
  commit: "c".repeat(64),
  holders: 1_000_000,
  last_token: isoTime(instant(0)),
} as const;

/** About how many grants a result holds, by those that it would be of. */
export function roomInResult(
  grants: readonly Pick<ReviewItem, "grant" | "set" | "people" | "at" | "digest">[],
): number {
  const bytes = grants.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify({ ...one, ...widest })) + 6, 1_024);
  return Math.floor((largestRecord / bytes) * grants.length);
}

/** The text of a result in the repository: a grant a line, so that two of them can be compared. */
export function formatResult({ items, ...head }: ReviewResult): string {
  const lines = items.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
  const top = JSON.stringify(head, undefined, 2).replace(/\n\}$/, "");
  return `${top},\n  "items": [\n${lines}\n  ]\n}\n`;
}
