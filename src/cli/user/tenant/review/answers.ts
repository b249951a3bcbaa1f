import { z } from "zod";
import { CommandFailure } from "../../../failure.ts";
import type { Session } from "../../session/session.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";

// What the console's API answers of reviews, as far as the commands show it. `--output json` prints what is read here.

const reviewer = z.object({ sub: z.string(), name: z.string() });

const openSchema = z.object({
  review: z.string(),
  started_at: z.string(),
  due: z.string(),
  unconfirmed: z.string(),
  grants: z.number(),
  left: z.number(),
  unchanged: z.number(),
});

/** The reviews of a tenant. */
export const reviewsSchema = z.object({
  open: openSchema.optional(),
  too_many: z.object({ grants: z.number(), room: z.number() }).optional(),
  past: z.array(
    z.object({
      review: z.string(),
      closed_at: z.string(),
      closed_by: reviewer.optional(),
      summary: z.string(),
    }),
  ),
});

const rowSchema = z.object({
  grant: z.string(),
  state: z.string(),
  set: z.string(),
  people: z.string(),
  at: z.array(z.string()),
  until: z.string().optional(),
  holders: z.number(),
  last_token: z.string().optional(),
  digest: z.string().optional(),
  stands_out: z.array(z.string()),
  own_file: z.boolean(),
  by: reviewer.optional(),
});

/** A grant of a review that is under way. */
export type ReviewRow = z.infer<typeof rowSchema>;

/** What came of a review. */
export const resultSchema = z.object({
  review: z.string(),
  tenant: z.string(),
  started_at: z.string(),
  due: z.string(),
  closed_at: z.string(),
  closed_by: reviewer.optional(),
  unconfirmed: z.string(),
  items: z.array(
    z.object({
      grant: z.string(),
      set: z.string(),
      people: z.string(),
      at: z.array(z.string()),
      outcome: z.string(),
      by: reviewer.optional(),
      decided_at: z.string().optional(),
      until: z.string().optional(),
      commit: z.string().optional(),
      holders: z.number(),
      last_token: z.string().optional(),
      digest: z.string(),
    }),
  ),
});

/** One review: under way, or over. */
export const reviewSchema = z.object({
  open: openSchema.extend({ items: z.array(rowSchema) }).optional(),
  past: resultSchema.optional(),
  commit: z.string().optional(),
});

/** What came of a review. */
export type ReviewResult = z.infer<typeof resultSchema>;

/** A review that was begun. */
export const startedSchema = z.object({ review: z.string(), due: z.string(), unconfirmed: z.string() });
/** What was decided of some grants, and of which ones nothing, with why. */
export const decidedSchema = z.object({
  kept: z.number(),
  changed: z.number(),
  commit: z.string().optional(),
  undecided: z.array(z.object({ grant: z.string(), message: z.string() })),
});
/** How many grants were confirmed in one act. */
export const confirmedSchema = z.object({ kept: z.number() });

/** The review under way, with its grants and the commit that they are of. Fails when there is none. */
export async function openReview(session: Session, tenant: ReachedTenant) {
  const { open } = (await askConsole(session, { path: pathTo(tenant, "reviews"), answer: reviewsSchema })).value;
  if (open === undefined) {
    throw new CommandFailure("no review is under way", {
      fix: "begin one: cloudpass tenant review start --due 2027-01-31",
    });
  }
  const path = pathTo(tenant, "reviews", open.review);
  const { value, tag } = await askConsole(session, { path, answer: reviewSchema });
  if (value.open === undefined) throw new CommandFailure("the review was closed just now");
  return { path, review: value.open, tag };
}
