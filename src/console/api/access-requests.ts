import { z } from "zod";
import { formatLength, isoTime, parseLength, type Seconds, seconds } from "../../core/index.ts";
import {
  approveRequest,
  askForAccess,
  denyRequest,
  listOwnRequests,
  listRequests,
  previewApproval,
  type ShownRequest,
  showOwnRequest,
  showRequest,
  type TenantRequest,
  whatMayBeAsked,
  withdrawRequest,
} from "../../operations/index.ts";
import { answer, apiOperation, commitInUse, noQuery, repetitionHeaders } from "./operation.ts";
import { changeQuery, listQuery, ofTenant, pathName, previewShape, shapes } from "./shapes.ts";

const length = z
  .string()
  .refine((text) => parseLength(text) !== undefined, 'a length of time like "90m", "12h" or "3d" expected')
  .transform((text): Seconds => parseLength(text) ?? seconds(0));
const targets = z.array(z.string().min(1).max(128)).min(1).max(64);
const text = z.string().min(1).max(512);
const time = z.iso.datetime();
const seen = z
  .string()
  .max(64)
  .describe("a mark of what the set gives now: with it an approval is a 409 once the set gives something else");

const requestShape = z.object({
  id: z.string().describe("also the id of the grant that it becomes"),
  state: z.enum(["asked", "approved", "denied", "withdrawn", "expired"]),
  set: z.string(),
  at: z.array(z.string()),
  for: z.string().describe("for how long, from the approval on"),
  reason: z.string(),
  login: z
    .enum(["browser", "device", "apart", "machine"])
    .optional()
    .describe("with which kind of login it was asked; `device` is one with a code"),
  asked_at: time,
  waits_until: time.describe("undecided then, it is over"),
  decided_at: time.optional(),
  decided_by: z.string().optional().describe("a name; for display only"),
  approved: z
    .object({ at: z.array(z.string()), from: time, until: time })
    .optional()
    .describe("what was given: perhaps less than was asked for"),
  proposed: z
    .literal(true)
    .optional()
    .describe("its grant is only proposed: it waits at the remote, and is not in use until it is merged there"),
  denial: z.string().optional().describe("why it was denied"),
  gone: z.enum(["set", "place", "person"]).optional().describe("what is there no more, so that it cannot be approved"),
  changed: z.literal(true).optional().describe("its grant was taken back, or made to end otherwise"),
});

const tenantRequestShape = requestShape.extend({
  person: z.object({
    sub: z.string(),
    name: z.string(),
    preferred_username: z.string(),
    email: z.string().optional(),
    identity_provider: z.string(),
  }),
  may_decide: z.boolean().describe("whether you may approve or deny it now"),
});

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.int(), next: z.string().optional() });

const askable = z.object({
  sets: z.array(
    z.object({
      set: z.string(),
      at: z.array(z.object({ target: z.string(), rights: z.array(z.string()) })),
    }),
  ),
  longest: z.string().optional().describe("the longest time that may be asked for"),
});

/** A request as the API writes one. */
const requestBody = (r: ShownRequest): z.input<typeof requestShape> => ({
  ...{ id: r.id, state: r.state, set: r.set, at: [...r.at], for: formatLength(r.length), reason: r.reason },
  ...(r.loginMethod !== undefined && { login: r.loginMethod }),
  asked_at: isoTime(r.askedAt),
  waits_until: isoTime(r.waitsUntil),
  ...(r.decidedAt !== undefined && { decided_at: isoTime(r.decidedAt) }),
  ...(r.decider && { decided_by: r.decider.name }),
  ...(r.approval && {
    approved: { at: [...r.approval.at], from: isoTime(r.approval.from), until: isoTime(r.approval.until) },
  }),
  ...(r.proposed && { proposed: r.proposed }),
  ...(r.denial !== undefined && { denial: r.denial }),
  ...(r.gone !== undefined && { gone: r.gone }),
  ...(r.changed && { changed: r.changed }),
});

const tenantBody = (r: TenantRequest): z.input<typeof tenantRequestShape> => ({
  ...requestBody(r),
  person: {
    sub: r.sub,
    name: r.name ?? r.preferredUsername,
    preferred_username: r.preferredUsername,
    ...(r.email !== undefined && { email: r.email }),
    identity_provider: r.identityProvider,
  },
  may_decide: r.mayDecide,
});

const ofRequest = { request: pathName.describe("the request's id") };
const addressOf = (id: string): string => `/api/v1/access-requests/${id}`;

const offer = apiOperation({
  method: "GET",
  path: "/api/v1/requestable",
  id: "listRequestable",
  summary: "What you may ask for, and where",
  forAnybody: true,
  params: {},
  query: noQuery,
  answers: { 200: askable },
  handle: async (_, deps, asker) => {
    const found = whatMayBeAsked(deps, asker);
    if (!found.ok) return found;
    const sets = found.value.sets.map(({ name, at }) => ({
      set: name,
      at: [...at].map(([target, rights]) => ({ target, rights: [...rights] })),
    }));
    const { longest } = found.value;
    return answer(200, { sets, ...(longest !== undefined && { longest: formatLength(longest) }) });
  },
});

const ask = apiOperation({
  method: "POST",
  path: "/api/v1/access-requests",
  id: "askForAccess",
  summary: "Asks for a permission set somewhere for a time",
  description:
    "Asking gives nothing: a manager of your tenant decides. The same wish again, while it is undecided, is the same request.",
  forAnybody: true,
  params: {},
  query: noQuery,
  headers: repetitionHeaders,
  body: z.strictObject({ set: text, at: targets, for: length, reason: text }),
  answers: { 201: requestShape },
  handle: async ({ body, headers }, deps, asker) => {
    const { for: wanted, ...wish } = body;
    const asked = { ...wish, length: wanted, key: headers["idempotency-key"] };
    const made = await askForAccess(asked, deps, asker);
    return made.ok ? answer(201, requestBody(made.value), { location: addressOf(made.value.id) }) : made;
  },
});

const listOwn = apiOperation({
  method: "GET",
  path: "/api/v1/access-requests",
  id: "listOwnRequests",
  summary: "What you asked for, the newest first, and what became of it",
  forAnybody: true,
  params: {},
  query: listQuery,
  answers: { 200: pageOf(requestShape) },
  handle: async ({ query }, deps, asker) => {
    const found = await listOwnRequests(query, deps, asker);
    return found.ok ? answer(200, { ...found.value, items: found.value.items.map(requestBody) }) : found;
  },
});

const showOwn = apiOperation({
  method: "GET",
  path: "/api/v1/access-requests/{request}",
  id: "getOwnRequest",
  summary: "Something that you asked for, and what became of it",
  forAnybody: true,
  params: ofRequest,
  query: noQuery,
  answers: { 200: requestShape },
  handle: async ({ params }, deps, asker) => {
    const found = await showOwnRequest(params, deps, asker);
    return found.ok ? answer(200, requestBody(found.value)) : found;
  },
});

const withdraw = apiOperation({
  method: "POST",
  path: "/api/v1/access-requests/{request}/withdraw",
  id: "withdrawRequest",
  summary: "Withdraws what you asked for and nobody decided",
  description: "The same call again gets the same answer. What was decided meanwhile is a 409.",
  forAnybody: true,
  params: ofRequest,
  query: noQuery,
  answers: { 200: requestShape },
  handle: async ({ params }, deps, asker) => {
    const done = await withdrawRequest(params, deps, asker);
    return done.ok ? answer(200, requestBody(done.value)) : done;
  },
});

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/requests",
  id: "listRequests",
  summary: "What people of a tenant asked for, the newest first",
  params: ofTenant,
  query: listQuery.extend({ waiting: z.enum(["true", "false"]).default("false").describe("only those that wait") }),
  answers: { 200: pageOf(tenantRequestShape) },
  handle: async ({ params, query: { waiting, ...page } }, deps, caller) => {
    const found = await listRequests({ ...params, ...page, waiting: waiting === "true" }, deps, caller);
    return found.ok ? answer(200, { ...found.value, items: found.value.items.map(tenantBody) }) : found;
  },
});

const show = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/requests/{request}",
  id: "getRequest",
  summary: "Something that a person of a tenant asked for",
  params: { ...ofTenant, ...ofRequest },
  query: noQuery,
  answers: { 200: tenantRequestShape },
  handle: async ({ params }, deps, caller) => {
    const found = await showRequest(params, deps, caller);
    return found.ok ? answer(200, tenantBody(found.value)) : found;
  },
});

const approve = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/requests/{request}/approve",
  id: "approveRequest",
  summary: "Approves a request: its grant is saved, and its time begins",
  description:
    "Fewer places and a shorter time can be given, and nothing more; never by who asks. What somebody else decided is a 409; " +
    "the same call again gets the same answer.",
  params: { ...ofTenant, ...ofRequest },
  query: changeQuery,
  body: z.strictObject({ at: targets.optional(), for: length.optional(), seen: seen.optional() }),
  answers: { 200: z.union([requestShape, shapes.preview.extend({ seen })]) },
  handle: async ({ params, query, body }, deps, caller) => {
    const asked = { ...params, at: body.at, length: body.for, seen: body.seen };
    if (query.dry_run === "true") {
      const { commit = "" } = commitInUse(deps);
      const preview = await previewApproval(asked, deps, caller);
      if (!preview.ok) return preview;
      const shown = previewShape(preview.value, { grant: params.request, commit });
      return answer(200, { ...shown, seen: preview.value.seen });
    }
    const done = await approveRequest(asked, deps, caller);
    return done.ok ? answer(200, requestBody(done.value)) : done;
  },
});

const deny = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/requests/{request}/deny",
  id: "denyRequest",
  summary: "Denies a request, with why",
  description:
    "Whoever asked is told the reason. What somebody else decided is a 409; the same call again gets the same answer.",
  params: { ...ofTenant, ...ofRequest },
  query: noQuery,
  body: z.strictObject({ reason: text }),
  answers: { 200: requestShape },
  handle: async ({ params, body }, deps, caller) => {
    const done = await denyRequest({ ...params, ...body }, deps, caller);
    return done.ok ? answer(200, requestBody(done.value)) : done;
  },
});

/** Asking, by anybody; and deciding, by who decides in the tenant. */
export const accessRequests = [offer, ask, listOwn, showOwn, withdraw, list, show, approve, deny];
