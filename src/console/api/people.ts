import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import {
  type AnyPerson,
  listPeople,
  type PeoplePage,
  type ShownPerson,
  showTenantPerson,
} from "../../operations/index.ts";
import { answer, apiOperation, noQuery } from "./operation.ts";
import {
  listQuery,
  ofTenant,
  pageOf,
  pageShape,
  pathName,
  person,
  personShape,
  right,
  rightShape,
  time,
  timeShape,
} from "./shapes.ts";

/** Somebody in the list of all people. */
const anyPerson = person
  .extend({
    kind: z
      .enum(["member", "identity-provider"])
      .describe("member: lives in the realm, without an identity provider of the customer's"),
    state: z
      .enum(["invited", "active", "disabled"])
      .optional()
      .describe("of a member, where members could be read; invited: has set no password yet"),
    last_login: time.optional().describe("absent: of a member who has not logged in yet, or too long ago"),
  })
  .describe("a person of the tenant: as of the last login, or as a member of its organization");

const allPeople = pageOf(anyPerson).extend({
  at: time.describe("when those who logged in were looked up"),
  members: z
    .object({ state: z.enum(["none", "no account", "read", "no answer", "being read"]), at: time.optional() })
    .describe(
      "how members are known who have not logged in: none, the tenant has no members; no account, this broker cannot list them; " +
        "no answer, Keycloak is silent and those of `at` are shown, if any; being read, ask again in a moment",
    ),
  not_looked_at: z
    .array(z.string())
    .describe(
      "clouds that could not be looked at for a Keystone user id: the id of the tenant's domain is not known now",
    ),
});

const shownPerson = person.extend({
  rights: z.array(right),
  unknown: z.string().optional().describe("why the rights cannot be told"),
  logins: z.array(z.object({ client: z.string(), started_at: time, expires_at: time })),
  browsers: z.int().describe("open sessions of browsers"),
  keystone_users: z
    .array(z.object({ cloud: z.string(), id: z.string() }))
    .describe("what Keystone calls the person, on clouds whose domain of the tenant a manager looked at lately"),
});

/** All people of a tenant as the API writes them. */
const peopleShape = (page: PeoplePage): z.input<typeof allPeople> => ({
  ...pageShape(page, anyPersonShape),
  at: isoTime(page.at),
  members: { state: page.members.state, ...timeShape("at", page.members.at) },
  not_looked_at: [...page.notLookedAt],
});

const anyPersonShape = (p: AnyPerson): z.input<typeof anyPerson> => ({
  ...{ sub: p.sub, name: p.name, preferred_username: p.preferredUsername },
  ...(p.email !== undefined && { email: p.email }),
  ...{ identity_provider: p.identityProvider, kind: p.kind },
  ...(p.state !== undefined && { state: p.state }),
  ...timeShape("last_login", p.lastLogin),
});

/** All that is known of a person. */
const shownPersonShape = (p: ShownPerson): z.input<typeof shownPerson> => ({
  ...personShape(p),
  rights: p.rights.map(rightShape),
  ...(p.unknown !== undefined && { unknown: p.unknown }),
  logins: p.logins.map((login) => ({
    client: login.client,
    started_at: isoTime(login.startedAt),
    expires_at: isoTime(login.expiresAt),
  })),
  browsers: p.browsers,
  keystone_users: p.keystoneUsers.map((user) => ({ ...user })),
});

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/people",
  id: "listPeople",
  summary: "All people of a tenant, by name: those who logged in lately, and the members of its organization",
  params: ofTenant,
  query: listQuery.extend({
    search: z
      .string()
      .max(256)
      .optional()
      .describe("part of a name, user name, address or `sub`; a whole Keystone user id or id of an access request"),
  }),
  answers: { 200: allPeople },
  handle: async ({ params, query }, deps, caller) => {
    const found = await listPeople({ ...params, ...query }, deps, caller);
    return found.ok ? answer(200, peopleShape(found.value)) : found;
  },
});

const one = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/people/{person}",
  id: "getPerson",
  summary: "A person: every right with the grant behind it, and what is open now",
  params: { ...ofTenant, person: pathName.describe("the person's `sub`") },
  query: noQuery,
  answers: { 200: shownPerson },
  handle: async ({ params }, deps, caller) => {
    const found = await showTenantPerson({ tenant: params.tenant, sub: params.person }, deps, caller);
    return found.ok ? answer(200, shownPersonShape(found.value)) : found;
  },
});

/** The people of a tenant. */
export const people = [list, one];
