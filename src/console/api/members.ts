import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import {
  disableMember,
  enableMember,
  inviteAgain,
  inviteMany,
  inviteMember,
  type ListedMember,
  listMembers,
  makeMember,
  type PersonEnded,
  putIntoGroup,
  removeMember,
  resetSecondFactor,
  takeOutOfGroup,
} from "../../operations/index.ts";
import { endedShape } from "./end-of-person.ts";
import { answer, apiOperation, noQuery } from "./operation.ts";
import { changeQuery, listQuery, ofTenant, pageShape, pathName } from "./shapes.ts";

const member = z
  .object({
    email: z.string().describe("by it the account is named; nobody else of the tenant has it"),
    name: z.string(),
    sub: z.string().describe("the broker's id of the person: the `sub` of tokens"),
    state: z.enum(["invited", "active", "disabled"]).describe("invited: has set no password yet"),
    second_factor: z.boolean().describe("whether a second factor is set up"),
    groups: z.array(z.string()).describe("groups of the organization that the person is in"),
    since: z.iso.datetime(),
    last_login: z.iso.datetime().optional().describe("absent: not logged in yet, or too long ago"),
  })
  .describe("a person without an identity provider, who lives in the realm as a member of the tenant's organization");

const memberShape = (m: ListedMember): z.input<typeof member> => ({
  ...{ email: m.email, name: m.name, sub: m.sub, state: m.state, second_factor: m.hasSecondFactor },
  groups: [...m.groups],
  since: isoTime(m.since),
  ...(m.lastLogin !== undefined && { last_login: isoTime(m.lastLogin) }),
});

const invited = z.object({
  outcome: z.enum(["invited", "there already"]).describe("there already: no second mail was sent"),
  member,
  first_password: z
    .string()
    .optional()
    .describe(
      "with `by: password`: good for one sign-in, and shown this once; absent where the person was there already",
    ),
});

const ofMember = { ...ofTenant, member: pathName.describe("the member's e-mail address") };
const meantBy = ({ tenant, member: email }: { readonly tenant: string; readonly member: string }) => ({
  tenant,
  email,
});

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/members",
  id: "listMembers",
  summary: "People of the tenant without an identity provider, by name: also who is invited and who never logged in",
  params: ofTenant,
  query: listQuery.extend({ search: z.string().max(256).optional().describe("part of a name, address or `sub`") }),
  answers: {
    200: z.object({
      managed: z
        .enum(["none", "no account", "managed"])
        .describe("none: the tenant has no such people; no account: this broker cannot manage them"),
      items: z.array(member),
      total: z.int().describe("in the whole list"),
      next: z.string().optional().describe("the `after` of the next page; absent on the last one"),
    }),
  },
  handle: async ({ params, query }, deps, caller) => {
    const found = await listMembers({ ...params, ...query }, deps, caller);
    if (!found.ok) return found;
    return answer(200, { managed: found.value.managed, ...pageShape(found.value, memberShape) });
  },
});

const invite = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members",
  id: "inviteMember",
  summary: "Invites somebody to the tenant, by a mail with a link that ends, or with a password for one sign-in",
  description:
    "The same call again invites nobody twice: who is there already is answered as such, and gets no password. `by: password` wants " +
    "a token of a sign-in of the last 15 minutes, else 401 says so (RFC 9470).",
  params: ofTenant,
  query: noQuery,
  body: z.strictObject({
    email: z.string().max(254),
    first_name: z.string().max(100),
    last_name: z.string().max(100),
    by: z.enum(["mail", "password"]).default("mail").describe("password: answered once; Keycloak sends nothing"),
  }),
  freshFor: ({ by }) => by === "password",
  answers: { 200: invited },
  handle: async ({ params, body }, deps, caller) => {
    const asked = { ...params, email: body.email, firstName: body.first_name, lastName: body.last_name };
    if (body.by === "mail") {
      const done = await inviteMember(asked, deps, caller);
      return done.ok ? answer(200, { ...done.value, member: memberShape(done.value.member) }) : done;
    }
    const made = await makeMember(asked, deps, caller);
    if (!made.ok) return made;
    const { outcome, firstPassword } = made.value;
    const shown = firstPassword === undefined ? {} : { first_password: firstPassword };
    return answer(200, { outcome, member: memberShape(made.value.member), ...shown });
  },
});

const many = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members/import",
  id: "importMembers",
  summary: "Invites many by mail, each judged before the first mail is sent",
  description:
    "While any row is wrong nobody is invited. Whoever is there already gets no second mail; rows that are `not yet` are done by " +
    "the same call again.",
  params: ofTenant,
  query: changeQuery,
  body: z.strictObject({
    people: z
      .array(
        z.strictObject({
          email: z.string().max(254),
          first_name: z.string().max(512),
          last_name: z.string().max(512),
        }),
      )
      .min(1)
      .max(200),
  }),
  answers: {
    200: z.object({
      rows: z
        .array(
          z.object({
            email: z.string(),
            outcome: z.enum(["new", "invited", "there already", "twice", "wrong", "not yet"]),
            detail: z.string().optional(),
          }),
        )
        .describe("as they were sent; new: would be invited"),
    }),
  },
  handle: async ({ params, query, body }, deps, caller) => {
    const people = body.people.map((one) => ({
      email: one.email,
      firstName: one.first_name,
      lastName: one.last_name,
    }));
    const done = await inviteMany({ ...params, people, tried: query.dry_run === "true" }, deps, caller);
    return done.ok ? answer(200, { rows: [...done.value] }) : done;
  },
});

const again = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members/{member}/invite-again",
  id: "inviteMemberAgain",
  summary: "Sends an invitation again; the account and its rights stay",
  params: ofMember,
  query: noQuery,
  answers: { 200: invited },
  handle: async ({ params }, deps, caller) => {
    const done = await inviteAgain(meantBy(params), deps, caller);
    return done.ok ? answer(200, { ...done.value, member: memberShape(done.value.member) }) : done;
  },
});

const endShape = ({ refusedFor, ...rest }: PersonEnded): z.input<typeof endedShape> => ({
  ...rest,
  refused_for: refusedFor,
});

const disable = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members/{member}/disable",
  id: "disableMember",
  summary: "Keeps a member out, and ends all logins and sessions at once",
  description: "The same call again carries on. Nobody can disable their own account.",
  params: ofMember,
  query: noQuery,
  fresh: true,
  answers: { 200: endedShape },
  handle: async ({ params }, deps, caller) => {
    const done = await disableMember(meantBy(params), deps, caller);
    return done.ok ? answer(200, endShape(done.value)) : done;
  },
});

const enable = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members/{member}/enable",
  id: "enableMember",
  summary: "Lets a disabled member in again",
  params: ofMember,
  query: noQuery,
  answers: { 200: member },
  handle: async ({ params }, deps, caller) => {
    const done = await enableMember(meantBy(params), deps, caller);
    return done.ok ? answer(200, memberShape(done.value)) : done;
  },
});

const remove = apiOperation({
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/members/{member}",
  id: "removeMember",
  summary: "Takes a member out of the tenant, or an invitation back, and ends all logins and sessions at once",
  description:
    "The account goes with all that hangs on it; one that is in another organization, too, is only unlinked from this one. " +
    "Nobody can remove their own account.",
  params: ofMember,
  query: noQuery,
  fresh: true,
  answers: { 200: endedShape },
  handle: async ({ params }, deps, caller) => {
    const done = await removeMember(meantBy(params), deps, caller);
    return done.ok ? answer(200, endShape(done.value)) : done;
  },
});

const reset = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/members/{member}/reset-second-factor",
  id: "resetSecondFactor",
  summary: "Has a member set up another second factor at the next sign-in",
  params: ofMember,
  query: noQuery,
  fresh: true,
  answers: { 200: member },
  handle: async ({ params }, deps, caller) => {
    const done = await resetSecondFactor(meantBy(params), deps, caller);
    return done.ok ? answer(200, memberShape(done.value)) : done;
  },
});

const inGroup = {
  ...ofMember,
  group: z.string().min(1).max(63).describe("the group: letters, digits, spaces and . _ : / @ -"),
};

const join = apiOperation({
  method: "PUT",
  path: "/api/v1/tenants/{tenant}/members/{member}/groups/{group}",
  id: "putMemberIntoGroup",
  summary: "Puts a member into a group of the organization, which is there from then on",
  description:
    "What the policy gives to `groups` of people `from` the members counts at the person's next login or refresh. A group that says who " +
    "rules the domain, the console or access requests is filled by an operator only.",
  params: inGroup,
  query: noQuery,
  answers: { 200: member },
  handle: async ({ params }, deps, caller) => {
    const done = await putIntoGroup({ ...meantBy(params), group: params.group }, deps, caller);
    return done.ok ? answer(200, memberShape(done.value)) : done;
  },
});

const leave = apiOperation({
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/members/{member}/groups/{group}",
  id: "takeMemberOutOfGroup",
  summary: "Takes a member out of a group of the organization",
  params: inGroup,
  query: noQuery,
  answers: { 200: member },
  handle: async ({ params }, deps, caller) => {
    const done = await takeOutOfGroup({ ...meantBy(params), group: params.group }, deps, caller);
    return done.ok ? answer(200, memberShape(done.value)) : done;
  },
});

/** People who live in the realm. */
export const memberOperations = [list, invite, many, again, disable, enable, remove, reset, join, leave];
