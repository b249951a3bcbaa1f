import { basename } from "node:path";
import { z } from "zod";
import { type Entitlement, formatScope, type Instant, isoTime, type Source } from "../../core/index.ts";
import type {
  ChangePreview,
  GrantHolder,
  GrantSince,
  HeldRight,
  ListedPerson,
  ShownGrant,
} from "../../operations/index.ts";

/** A name in a body: it is looked up by what it is sent to. */
const name = z.string().min(1).max(512);

/** A moment as a policy file writes one. */
const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/,
    'a time like "2027-01-31T18:00:00+01:00" or a date expected',
  );

/** A moment, as RFC 3339 writes it. */
export const time = z.iso.datetime();

/** A person in an answer. */
export const person = z
  .object({
    sub: z.string().describe("the broker's id of the person: the `sub` of tokens"),
    name: z.string().describe("the name, or the user name where there is none; for display only"),
    preferred_username: z.string(),
    email: z.string().optional(),
    identity_provider: z.string(),
    last_login: time,
  })
  .describe("a person of the tenant, as of the last login");

const place = z.object({
  target: z.string().describe("a cloud, a cluster or the console"),
  scope: z.string().describe("where the role holds, in words: `project customer-a/dev`"),
  role: z.string(),
});

/** Within an hour, and as long as `lifetimes.knownPerson`. */
const lastToken = time.optional();

/** Nothing where the grant stands in no file of the repository. */
const since = z
  .object({ at: time, commit: z.string(), author: z.string() })
  .optional()
  .describe("since when the grant stands as it does: the commit that wrote its newest line");

/** A right that somebody holds, with the grant behind it. */
export const right = place.extend({
  set: z.string(),
  grant: z.string(),
  source: z.string().describe("file and line of the grant"),
  until: time.optional().describe("when the grant's window ends"),
  since,
  last_token: lastToken.describe("when the person last got a token for the target; absent: none is remembered"),
});

const grant = z.object({
  id: z.string(),
  set: z.string(),
  people: z.string(),
  conditions: z.string().describe("whom it is for, in words"),
  at: z.array(z.string()),
  from: time.optional(),
  until: time.optional(),
  reason: z.string().optional(),
  rights: z.array(place),
  source: z.string(),
  holders: z.int().describe("how many known people hold it"),
  since: since.describe("since when it stands as it does: the commit that wrote its newest line; not in lists"),
  last_token: lastToken.describe(
    "when one of them last got a token for one of its targets; absent: none is remembered",
  ),
});

const holder = person.extend({
  last_token: lastToken.describe("when the person last got a token for one of its targets; absent: none is remembered"),
});

/** One page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    total: z.int().describe("in the whole list"),
    next: z.string().optional().describe("the `after` of the next page; absent on the last one"),
  });

/** Commit of the tenants' policy files that an answer is of; where the broker has a repository of them. */
const commit = z.string().describe("the commit in use, as in `ETag`: send it as `If-Match` with a change");

const preview = z
  .object({
    dry_run: z.literal(true),
    commit,
    grant: z.string().describe("the grant's id"),
    sentences: z.array(z.string()).describe("what would change, in words; none where it is so already"),
    people: z
      .array(
        z.object({
          right: z.string(),
          gain: z.array(person),
          lose: z.array(person),
          lose_in_use: z
            .array(person)
            .describe("those who lose it and got a token for its target in the last thirty days"),
        }),
      )
      .describe("the known people who would gain or lose something, by right"),
    unclear: z.int().describe("how many known people it cannot be told of"),
  })
  .describe("what the call would do; nothing was written");

const saved = z
  .object({
    dry_run: z.literal(false),
    commit: z.string().describe("the commit that has it"),
    grant: z.string(),
    proposed: z.literal(true).optional().describe("it waits at the remote, and counts when it is merged there"),
  })
  .describe("it is so now, or proposed");

const change = z.object({ commit: z.string(), subject: z.string(), author: z.string(), at: time });

/** What the API answers, by name. */
export const shapes = {
  tenants: z.object({
    items: z.array(
      z.object({
        tenant: z.string(),
        display_name: z.string(),
        may_manage: z.boolean(),
        identity_providers: z.array(z.string()).describe("whose people and groups the tenant's grants may name"),
      }),
    ),
  }),
  grants: pageOf(grant).extend({ commit: commit.optional() }),
  grant: grant.extend({ people_now: z.array(holder).describe("who holds it"), commit: commit.optional() }),
  preview,
  saved,
  changed: z.union([saved, preview]),
  change,
  changes: z.object({
    items: z.array(change).describe("the newest first"),
    not_pushed: z
      .int()
      .describe("so many commits, of all tenants, are saved and in use here, and not at the repository's remote yet"),
    commit: commit.optional(),
  }),
  undone: z.object({
    commit: z.string().describe("the commit that has it"),
    sentences: z.array(z.string()).describe("what was taken back, in words; none where it was so already"),
    proposed: z.literal(true).optional().describe("it waits at the remote, and counts when it is merged there"),
  }),
};

/** The parameters of every list. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("how many at most"),
  after: z.string().max(256).optional().describe("`next` of the page before"),
});

/** Whether a change is only tried. */
export const changeQuery = z.strictObject({
  dry_run: z.enum(["true", "false"]).default("false").describe("answers what the call would do, and writes nothing"),
});

/** A grant as somebody wants it. */
export const wantedGrant = z.strictObject({
  set: z.string().min(1).max(128).describe("a permission set of the tenant"),
  to: z
    .union(
      [
        z.strictObject({ people: name.describe("people that the policy names") }),
        z.strictObject({
          group: name.describe("a group as the identity provider names it"),
          identity_provider: name,
        }),
        z.strictObject({ person: name.describe("the `sub` of a person who logged in lately") }),
      ],
      "one of {people}, {group, identity_provider} and {person} expected",
    )
    .describe("to whom: exactly one of these"),
  at: z.array(name).min(1).max(64).describe("clouds and clusters"),
  from: moment.optional().describe("when it begins"),
  until: moment.optional().describe("when it ends; a bare date is its first moment"),
  reason: z.string().min(1).max(512).optional(),
});

/** A name in a path: whatever it is, it is looked up and never believed. */
export const pathName = z.string().min(1).max(128);

/** The parameter of every path below a tenant. */
export const ofTenant = { tenant: pathName.describe("the tenant's name") };

/** A person as the API writes one. */
export const personShape = (p: ListedPerson): z.input<typeof person> => ({
  sub: p.sub,
  name: p.name,
  preferred_username: p.preferredUsername,
  ...(p.email !== undefined && { email: p.email }),
  identity_provider: p.identityProvider,
  last_login: isoTime(p.lastLogin),
});

/** What a page of a list is, whatever its items are. */
export const pageShape = <T, S>(
  { items, total, next }: { readonly items: readonly T[]; readonly total: number; readonly next?: string },
  shape: (item: T) => S,
) => ({ items: items.map(shape), total, ...(next !== undefined && { next }) });

const placeShape = ({ target, scope, role }: Entitlement): z.input<typeof place> => ({
  target,
  scope: formatScope(scope),
  role,
});

/** A right as the API writes one. */
export const rightShape = (held: HeldRight): z.input<typeof right> => ({
  ...placeShape(held),
  set: held.set,
  grant: held.grant,
  source: shownSource(held.source),
  ...timeShape("until", held.until),
  ...sinceShape(held.since),
  ...timeShape("last_token", held.lastToken),
});

/** Somebody who holds a grant, as the API writes one. */
export const holderShape = (one: GrantHolder): z.input<typeof holder> => ({
  ...personShape(one),
  ...timeShape("last_token", one.lastToken),
});

/** A grant as the API writes one. */
export const grantShape = (g: ShownGrant): z.input<typeof grant> => ({
  id: g.id,
  set: g.set,
  people: g.people,
  conditions: g.conditions,
  at: [...g.at],
  ...timeShape("from", g.from),
  ...timeShape("until", g.until),
  ...(g.reason !== undefined && { reason: g.reason }),
  rights: g.entitlements.map(placeShape),
  source: shownSource(g.source),
  holders: g.holders,
  ...sinceShape(g.since),
  ...timeShape("last_token", g.lastToken),
});

/** What a change would do, as the API writes it. */
export const previewShape = (
  { sentences, people, unclear }: ChangePreview,
  of: { readonly grant: string; readonly commit: string },
): z.input<typeof preview> => ({
  dry_run: true,
  ...of,
  sentences: [...sentences],
  people: people.map(({ right: name, gain, lose, loseInUse }) => ({
    right: name,
    gain: gain.map(personShape),
    lose: lose.map(personShape),
    lose_in_use: loseInUse.map(personShape),
  })),
  unclear,
});

/** The file's name is enough to find the line; the server's folders are nobody's business. */
export const shownSource = ({ file, line }: Source): string => `${basename(file)}:${line}`;

const sinceShape = (known: GrantSince | undefined): { since?: z.input<typeof since> } =>
  known === undefined ? {} : { since: { ...known, at: isoTime(known.at) } };

/** A moment, where it is known. */
export const timeShape = <Name extends string>(name: Name, at: Instant | undefined) =>
  (at === undefined ? {} : { [name]: isoTime(at) }) as { [N in Name]?: string };
