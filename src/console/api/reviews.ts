import { z } from "zod";
import { type Instant, isoTime, parseTime } from "../../core/index.ts";
import {
  closeReview,
  confirmUnchanged,
  decideGrants,
  isLeft,
  leftOf,
  listReviews,
  type ReviewResult,
  type ReviewRow,
  type ReviewSeen,
  resultSchema,
  showReview,
  startReview,
  summaryOf,
} from "../../operations/index.ts";
import { answer, apiOperation, changeHeaders, commitInUse, noQuery } from "./operation.ts";
import { ofTenant, pathName } from "./shapes.ts";

const time = z.iso.datetime();
const reviewer = z.object({ sub: z.string(), name: z.string() });
const unconfirmed = z
  .enum(["keep", "take-back"])
  .describe("what becomes of grants that nobody confirmed a week after the review was due");
const commit = z.string().describe("the commit in use, as in `ETag`: send it as `If-Match` with decisions");

const openReview = z.object({
  review: z.string(),
  started_at: time,
  started_by: reviewer.optional(),
  due: time,
  unconfirmed,
  grants: z.int(),
  left: z.int().describe("how many are not decided yet"),
  unchanged: z
    .int()
    .describe("how many of those are as they were when they were last confirmed, and are used: one act confirms them"),
});

const pastReview = z.object({
  review: z.string(),
  started_at: time,
  due: time,
  closed_at: time,
  closed_by: reviewer.optional(),
  summary: z.string().describe("how many grants came out how: `12 confirmed, 1 taken-back`"),
});

const row = z.object({
  grant: z.string(),
  state: z.enum(["open", "kept", "changing", "shortened", "taken-back", "gone"]),
  set: z.string(),
  people: z.string(),
  at: z.array(z.string()),
  until: time.optional(),
  holders: z.int().describe("how many known people hold it"),
  last_token: time.optional().describe("when one of them last got a token for one of its targets"),
  digest: z.string().optional().describe("what it says now: send it as `seen` with a decision"),
  stands_out: z
    .array(z.enum(["new", "changed", "nobody", "unused", "own"]))
    .describe(
      "why it is looked at by itself: it was in no review, says something else, nobody known holds it, nobody got a token for its targets in ninety days, only you hold it; none: confirmed with all that are as they were",
    ),
  own_file: z.boolean().describe("it stands in a file of the tenant's: it can be shortened and taken back here"),
  by: reviewer.optional(),
  decided_at: time.optional(),
  commit: z.string().optional(),
});

const openShape = ({ review, rows }: ReviewSeen): z.input<typeof openReview> => ({
  review: review.name,
  started_at: isoTime(review.startedAt),
  ...(review.startedBy && { started_by: review.startedBy }),
  due: isoTime(review.due),
  unconfirmed: review.unconfirmed,
  grants: rows.length,
  left: leftOf({ rows }),
  unchanged: rows.filter((one) => isLeft(one) && one.grant !== undefined && one.standsOut.length === 0).length,
});

const pastShape = (result: ReviewResult): z.input<typeof pastReview> => {
  const { review, started_at, due, closed_at, closed_by } = result;
  return { review, started_at, due, closed_at, ...(closed_by && { closed_by }), summary: summaryOf(result) };
};

const timed = <Name extends string>(name: Name, at: Instant | undefined) =>
  (at === undefined ? {} : { [name]: isoTime(at) }) as { [N in Name]?: string };

const rowShape = ({ item, grant, digest, standsOut }: ReviewRow): z.input<typeof row> => ({
  grant: item.grant,
  state: item.state,
  set: grant?.set ?? item.set,
  people: grant?.people ?? item.people,
  at: [...(grant?.at ?? item.at)],
  ...timed("until", grant?.until),
  holders: grant?.holders ?? 0,
  ...timed("last_token", grant?.lastToken),
  ...(digest !== undefined && { digest }),
  stands_out: [...standsOut],
  own_file: grant?.isOwn ?? false,
  ...(item.state !== "open" && item.by && { by: item.by }),
  ...(item.state !== "open" && timed("decided_at", item.decidedAt)),
  ...(item.state !== "open" && item.commit !== undefined && { commit: item.commit }),
});

const moment = z
  .string()
  .refine((text) => parseTime(text) !== undefined, 'a time like "2027-01-31T18:00:00+01:00" or a date expected');

const ofReview = { ...ofTenant, review: pathName.describe("the review's name: `2027-01-31`") };

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/reviews",
  id: "listReviews",
  summary: "The reviews of a tenant's grants: the one under way, and those that are over",
  params: ofTenant,
  query: noQuery,
  answers: {
    200: z.object({
      open: openReview.optional(),
      too_many: z
        .object({ grants: z.int(), room: z.int().describe("about so many its result holds") })
        .optional()
        .describe("the review that the policy asks for does not begin: there are more grants than its result holds"),
      past: z.array(pastReview),
    }),
  },
  handle: async ({ params }, deps, caller) => {
    const found = await listReviews(params, deps, caller);
    if (!found.ok) return found;
    const { open, tooMany, past } = found.value;
    const many = tooMany && { too_many: { ...tooMany } };
    return answer(200, { ...(open && { open: openShape(open) }), ...many, past: past.map(pastShape) });
  },
});

const show = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/reviews/{review}",
  id: "getReview",
  summary: "A review with every grant: how it stands, or what came of it",
  params: ofReview,
  query: noQuery,
  answers: {
    200: z.object({
      open: openReview
        .extend({ items: z.array(row) })
        .optional()
        .describe("a review that is under way"),
      past: resultSchema.optional().describe("what came of one that is over, as it stands in the repository"),
      commit: commit.optional(),
    }),
  },
  handle: async ({ params }, deps, caller) => {
    const inUse = commitInUse(deps);
    const found = await showReview(params, deps, caller);
    if (!found.ok) return found;
    const { open } = found.value;
    if (open === undefined) return answer(200, { past: found.value.past, ...inUse }, inUse);
    return answer(200, { open: { ...openShape(open), items: open.rows.map(rowShape) }, ...inUse }, inUse);
  },
});

const start = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/reviews",
  id: "startReview",
  summary: "Begins a review of all grants of a tenant",
  description: "The same call again answers the review that it began. While one is under way, another one is a 409.",
  params: ofTenant,
  query: noQuery,
  body: z.strictObject({
    due: moment.describe("until when all is to be decided, within a year; a bare date is its first moment"),
    unconfirmed: unconfirmed.default("keep"),
  }),
  answers: { 201: z.object({ review: z.string(), due: time, unconfirmed }) },
  handle: async ({ params, body }, deps, caller) => {
    const due = parseTime(body.due) as Instant;
    const started = await startReview({ ...params, due, unconfirmed: body.unconfirmed }, deps, caller);
    if (!started.ok) return started;
    const { name } = started.value;
    const location = `/api/v1/tenants/${params.tenant}/reviews/${name}`;
    return answer(201, { review: name, due: isoTime(started.value.due), unconfirmed: body.unconfirmed }, { location });
  },
});

const decide = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/reviews/{review}/decisions",
  id: "decideInReview",
  summary: "Confirms grants, shortens them, or takes them back",
  description:
    "What changes the policy is one commit, made with the state of `If-Match` in view. What cannot be decided is named in " +
    "`undecided`, and keeps no other from it. What was decided so already is decided.",
  params: ofReview,
  query: noQuery,
  headers: changeHeaders,
  body: z.strictObject({
    decisions: z
      .array(
        z.strictObject({
          grant: pathName,
          decision: z.enum(["keep", "shorten", "take-back"]),
          until: moment.optional().describe("the new end, with `shorten`"),
          seen: z.string().max(64).optional().describe("`digest` of the grant as it was looked at"),
        }),
      )
      .min(1)
      .max(200)
      .refine(
        (all) => all.every(({ decision, until }) => (decision === "shorten") === (until !== undefined)),
        '"until" is expected with "shorten", and with nothing else',
      ),
  }),
  answers: {
    200: z.object({
      kept: z.int(),
      changed: z.int(),
      commit: z.string().optional().describe("the commit that has the changes"),
      undecided: z.array(z.object({ grant: z.string(), message: z.string() })),
    }),
  },
  handle: async ({ params, headers, body }, deps, caller) => {
    const verdicts = body.decisions.map(({ grant, decision, until = "", seen }) => ({
      grant,
      seen,
      wish: decision === "shorten" ? { kind: decision, until } : { kind: decision },
    }));
    const decided = await decideGrants({ ...params, from: headers["if-match"], verdicts }, deps, caller);
    if (!decided.ok) return decided;
    const { undecided, ...rest } = decided.value;
    return answer(200, { ...rest, undecided: undecided.map(({ grant, message }) => ({ grant, message })) });
  },
});

const unchanged = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/reviews/{review}/confirm-unchanged",
  id: "confirmUnchanged",
  summary: "Confirms all grants that are as they were when they were last confirmed, and are used",
  params: ofReview,
  query: noQuery,
  answers: { 200: z.object({ kept: z.int() }) },
  handle: async ({ params }, deps, caller) => {
    const done = await confirmUnchanged(params, deps, caller);
    return done.ok ? answer(200, done.value) : done;
  },
});

const close = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/reviews/{review}/close",
  id: "closeReview",
  summary: "Ends a review in which all is decided: its result becomes a commit",
  params: ofReview,
  query: noQuery,
  answers: { 200: resultSchema },
  handle: async ({ params }, deps, caller) => {
    const closed = await closeReview(params, deps, caller);
    return closed.ok ? answer(200, closed.value) : closed;
  },
});

/** Reviews of a tenant's grants. */
export const reviews = [list, show, start, decide, unchanged, close];
