import { z } from "zod";
import { attributes, config, count, flag, freeName, raw, roleNames, text } from "./vocabulary.ts";

const names = (description: string) => z.array(freeName).optional().describe(description);
const strategy = z
  .enum(["unanimous", "affirmative", "consensus"])
  .optional()
  .describe("of several: all must agree (default), one suffices, or more must agree than not");

const scope = z.strictObject({
  displayName: text("name as people see it").optional(),
  iconUri: text("picture of it").optional(),
});

const resource = z.strictObject({
  displayName: text("name as people see it").optional(),
  type: text("what permissions for a type apply to").optional(),
  uris: z.array(z.string().min(1)).optional().describe("paths that it stands for"),
  scopes: names("what may be done with it"),
  ownerManagedAccess: flag("its owner gives others access (User-Managed Access)").optional(),
  iconUri: text("picture of it").optional(),
  attributes: attributes("attributes of the resource").optional(),
  raw,
});

const shared = {
  description: text("what it is for", 1000).optional(),
  logic: z.enum(["positive", "negative"]).optional().describe("negative: it grants where it would deny"),
  raw,
};

const [from, until] = [count("from").optional(), count("until, included").optional()];

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, "a time like 2027-01-31 08:00:00 expected")
  .optional();

const policy = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("role").describe("people and clients by their roles"),
    roles: roleNames("one of these suffices").optional(),
    requiredRoles: roleNames("none of these may be missing").optional(),
    fetchRoles: flag("roles are looked up; else the token says them").optional(),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("group").describe("people by their groups"),
    groups: names("paths of groups, such as /customers/acme"),
    groupsWithChildren: names("paths of groups that count with those below them"),
    groupsClaim: text("claim of the token that holds the groups; default: they are looked up").optional(),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("user").describe("people by name; accounts are not made from files and must be there"),
    users: names("user names; not said: left as they are, in a new realm nobody"),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("client").describe("clients"),
    clients: names("client ids"),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("client-scope").describe("tokens by their client scopes"),
    clientScopes: names("one of these suffices"),
    requiredClientScopes: names("none of these may be missing"),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("time").describe("a time"),
    notBefore: time.describe("from then on, in the server's time zone"),
    notOnOrAfter: time.describe("until then"),
    ...{ dayMonth: from, dayMonthEnd: until, month: from, monthEnd: until, year: from, yearEnd: until },
    ...{ hour: from, hourEnd: until, minute: from, minuteEnd: until },
    ...shared,
  }),
  z.strictObject({
    type: z.literal("regex").describe("a claim by a regular expression, which Keycloak evaluates"),
    claim: text("claim"),
    pattern: text("regular expression", 1000),
    fromContext: flag("the claim is looked for in the context, not in the token").optional(),
    ...shared,
  }),
  z.strictObject({
    type: z.literal("aggregate").describe("other policies of this client"),
    policies: names("names of policies"),
    decisionStrategy: strategy,
    ...shared,
  }),
  z.strictObject({
    type: z.literal("custom").describe("one that a jar brings, such as a script; its code is never in a realm file"),
    provider: text("its type, named under extensions.policies"),
    config: config("its configuration").default({}),
    ...shared,
  }),
]);

const permission = z.strictObject({
  description: text("what it is for", 1000).optional(),
  resources: names("names of resources"),
  resourceType: text("type of resources, in place of names").optional(),
  scopes: names("what may be done; with it the permission is about these scopes, without it about resources"),
  policies: names("policies that decide"),
  decisionStrategy: strategy,
  raw,
});

/** Keycloak's authorization services of one client. */
export const authorization = z
  .strictObject({
    policyEnforcementMode: z
      .enum(["enforcing", "permissive", "disabled"])
      .optional()
      .describe("what holds where no permission speaks: nothing (default), everything, or everything everywhere"),
    decisionStrategy: z.enum(["unanimous", "affirmative"]).optional().describe("of several permissions: all, or one"),
    allowRemoteResourceManagement: flag("the client itself may register resources; default true").optional(),
    scopes: z.record(freeName, scope).default({}).describe("what may be done, by name"),
    resources: z.record(freeName, resource).default({}).describe("what is guarded, by name"),
    policies: z.record(freeName, policy).default({}).describe("who and when, by name"),
    permissions: z.record(freeName, permission).default({}).describe("policies over resources and scopes, by name"),
  })
  .describe("authorization services: what it guards and who may; all of it");

/** Authorization services with defaults filled in. */
export type AuthorizationEntry = z.output<typeof authorization>;
