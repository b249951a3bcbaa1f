import { basename } from "node:path";
import { z } from "zod";
import { type Entitlement, formatScope, type Instant, isoTime, type Source } from "../../core/index.ts";
import type { HeldRight, ListedPerson, ShownGrant, ShownPerson } from "../../operations/index.ts";

/** A moment, as RFC 3339 writes it. */
const time = z.iso.datetime();

const person = z
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

const right = place.extend({
  set: z.string(),
  grant: z.string(),
  source: z.string().describe("file and line of the grant"),
  until: time.optional().describe("when the grant's window ends"),
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
});

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    total: z.int().describe("in the whole list"),
    next: z.string().optional().describe("the `after` of the next page; absent on the last one"),
  });

/** What the API answers, by name. */
export const shapes = {
  tenants: z.object({
    items: z.array(z.object({ tenant: z.string(), display_name: z.string(), may_manage: z.boolean() })),
  }),
  people: pageOf(person).extend({ at: time.describe("when this was looked up") }),
  person: person.extend({
    rights: z.array(right),
    unknown: z.string().optional().describe("why the rights cannot be told"),
    logins: z.array(z.object({ client: z.string(), started_at: time, expires_at: time })),
    browsers: z.int().describe("open sessions of browsers"),
  }),
  grants: pageOf(grant),
  grant: grant.extend({ people_now: z.array(person).describe("who holds it") }),
};

/** The parameters of every list. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("how many at most"),
  after: z.string().max(256).optional().describe("`next` of the page before"),
});

/** A name in a path: whatever it is, it is looked up and never believed. */
export const pathName = z.string().min(1).max(128);

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

const rightShape = (held: HeldRight): z.input<typeof right> => ({
  ...placeShape(held),
  set: held.set,
  grant: held.grant,
  source: shownSource(held.source),
  ...timeShape("until", held.until),
});

/** All that is known of a person. */
export const shownPersonShape = (p: ShownPerson): z.input<typeof shapes.person> => ({
  ...personShape(p),
  rights: p.rights.map(rightShape),
  ...(p.unknown !== undefined && { unknown: p.unknown }),
  logins: p.logins.map((login) => ({
    client: login.client,
    started_at: isoTime(login.startedAt),
    expires_at: isoTime(login.expiresAt),
  })),
  browsers: p.browsers,
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
});

/** The file's name is enough to find the line; the server's folders are nobody's business. */
const shownSource = ({ file, line }: Source): string => `${basename(file)}:${line}`;

const timeShape = <Name extends string>(name: Name, at: Instant | undefined) =>
  (at === undefined ? {} : { [name]: isoTime(at) }) as { [N in Name]?: string };
