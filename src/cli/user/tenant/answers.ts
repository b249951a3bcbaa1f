import { z } from "zod";

// What the console's API answers, as far as the commands show it. `--output json` prints what is read here.

export const tenantsSchema = z.object({
  items: z.array(
    z.object({
      tenant: z.string(),
      display_name: z.string(),
      may_manage: z.boolean(),
      identity_providers: z.array(z.string()),
    }),
  ),
});

/** One page of a list. */
export const pageSchema = <T>(item: z.ZodType<T>) =>
  z.object({ items: z.array(item), total: z.number(), next: z.string().optional() });

export const personSchema = z.object({
  sub: z.string(),
  name: z.string(),
  preferred_username: z.string(),
  email: z.string().optional(),
  identity_provider: z.string(),
  last_login: z.string(),
});

/** Somebody in the list of all people. An older broker lists those who logged in, and says no more of them. */
export const anyPersonSchema = personSchema.extend({
  kind: z.string().optional(),
  state: z.string().optional(),
  last_login: z.string().optional(),
});

/** One page of the list of all people, and how far they are known. */
export const peoplePageSchema = z.object({
  items: z.array(anyPersonSchema),
  total: z.number(),
  next: z.string().optional(),
  members: z.object({ state: z.string() }).optional(),
  not_looked_at: z.array(z.string()).optional(),
});

const placeSchema = z.object({ target: z.string(), scope: z.string(), role: z.string() });

const sinceSchema = z.object({ at: z.string(), commit: z.string(), author: z.string() }).optional();

const rightSchema = placeSchema.extend({
  set: z.string(),
  grant: z.string(),
  source: z.string(),
  until: z.string().optional(),
  since: sinceSchema,
  last_token: z.string().optional(),
});

export const shownPersonSchema = personSchema.extend({
  rights: z.array(rightSchema),
  unknown: z.string().optional(),
  logins: z.array(z.object({ client: z.string(), started_at: z.string(), expires_at: z.string() })),
  browsers: z.number(),
  keystone_users: z.array(z.object({ cloud: z.string(), id: z.string() })).optional(),
});

/** All that is known of a person. */
export type ShownPerson = z.infer<typeof shownPersonSchema>;

export const endedSchema = z.object({
  logins: z.number(),
  browsers: z.number(),
  realm: z.enum(["ended", "no answer"]),
  refused_for: z.number(),
});

/** What was ended of a person. */
export type Ended = z.infer<typeof endedSchema>;

export const grantSchema = z.object({
  id: z.string(),
  set: z.string(),
  people: z.string(),
  conditions: z.string(),
  at: z.array(z.string()),
  from: z.string().optional(),
  until: z.string().optional(),
  reason: z.string().optional(),
  rights: z.array(placeSchema),
  source: z.string(),
  holders: z.number(),
  since: sinceSchema,
  last_token: z.string().optional(),
});

export const shownGrantSchema = grantSchema.extend({
  people_now: z.array(personSchema.extend({ last_token: z.string().optional() })),
  commit: z.string().optional(),
});

/** A grant, and who holds it. */
export type ShownGrant = z.infer<typeof shownGrantSchema>;

const changeSchema = z.object({ commit: z.string(), subject: z.string(), author: z.string(), at: z.string() });

const problemSchema = z.object({ file: z.string(), line: z.number(), message: z.string() });

export const changesSchema = z.object({
  not_pushed: z.number(),
  not_in_use: z.array(problemSchema.loose()).default([]),
  proposals: z.array(changeSchema.extend({ branch: z.string(), state: z.string() })).default([]),
  items: z.array(changeSchema),
});

export const outcomeSchema = changeSchema.extend({
  in_use: z.boolean(),
  targets: z.array(
    z.object({
      target: z.string(),
      state: z.string(),
      reason: z.string().optional(),
      detail: z.string().optional(),
      at: z.string().optional(),
    }),
  ),
});

/** A change, and what became of it. */
export type ShownOutcome = z.infer<typeof outcomeSchema>;

/** A change of the tenant's policy. */
export type PastChange = z.infer<typeof changesSchema>["items"][number];

export const previewSchema = z.object({
  dry_run: z.literal(true),
  commit: z.string(),
  grant: z.string(),
  sentences: z.array(z.string()),
  people: z.array(
    z.object({
      right: z.string(),
      gain: z.array(personSchema),
      lose: z.array(personSchema),
      lose_in_use: z.array(personSchema),
    }),
  ),
  unclear: z.number(),
});

export const savedSchema = z.object({
  dry_run: z.literal(false),
  commit: z.string(),
  grant: z.string(),
  proposed: z.literal(true).optional(),
});

export const undoneSchema = z.object({
  commit: z.string(),
  sentences: z.array(z.string()),
  proposed: z.literal(true).optional(),
});

export const listedPlaceSchema = z.object({
  target: z.string(),
  kind: z.string(),
  name: z.string(),
  grants: z.number(),
  people: z.number(),
});

export const rightAtSchema = z.object({
  person: personSchema,
  role: z.string(),
  set: z.string(),
  grant: z.string(),
  people: z.string(),
  conditions: z.string(),
  scope: z.string(),
  until: z.string().optional(),
  source: z.string(),
});
