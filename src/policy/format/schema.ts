import { z } from "zod";
import { isZone, parseTime } from "../../core/index.ts";
import { duration, slug } from "../../yaml/index.ts";
import { claimName, clusterRole, consoleRole, namespace, openStackRole, openStackThing, text } from "./schema-words.ts";

const time = (description: string) =>
  z
    .string()
    .refine((text) => parseTime(text) !== undefined, 'a time like "2027-01-31T18:00:00+01:00" or a date expected')
    .describe(description);

const wallTime = (description: string) =>
  z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/,
      'a time like "2027-01-31T18:00:00+01:00" or a date expected; without an offset only with "zone"',
    )
    .describe(description);

const openStackItem = z
  .strictObject({
    role: openStackRole.optional(),
    roles: z.array(openStackRole).min(1).optional(),
    on: z.union([
      z.literal("domain"),
      z.strictObject({ project: openStackThing }),
      z.strictObject({
        ownProject: openStackThing.describe(
          "a project that the tenant's managers make, and the broker never; where it is not there the right waits for it",
        ),
      }),
      z.strictObject({ domain: z.literal("all-projects") }),
    ]),
  })
  .refine((i) => (i.role === undefined) !== (i.roles === undefined), 'one of "role" and "roles" expected');

const kubernetesItem = z
  .strictObject({
    role: clusterRole.optional().describe("a ClusterRole, bound in namespaces"),
    clusterRole: clusterRole.optional().describe("a ClusterRole, bound in the whole cluster"),
    in: z.union([z.literal("tenant-namespaces"), z.strictObject({ namespace })]).optional(),
  })
  .refine(
    (i) =>
      i.clusterRole === undefined
        ? i.role !== undefined && i.in !== undefined
        : i.role === undefined && i.in === undefined,
    'either "role" and "in", or "clusterRole" alone, expected',
  );

const consoleItem = z.strictObject({
  role: consoleRole.describe(
    "tenant-manager: runs people, rights and projects of this tenant; tenant-auditor: sees them; operator: both for all tenants; operator-approver: decides what operators ask for",
  ),
});

const item = z
  .strictObject({
    openstack: openStackItem.optional(),
    kubernetes: kubernetesItem.optional(),
    console: consoleItem.optional(),
  })
  .refine(
    (i) => [i.openstack, i.kubernetes, i.console].filter((one) => one !== undefined).length === 1,
    'one of "openstack", "kubernetes" and "console" expected',
  );

const set = z.array(item).min(1);

const predicate = z
  .strictObject({
    has: text.optional().describe("the claim is this value, or a list that holds it"),
    in: z
      .array(text)
      .min(1)
      .max(1000)
      .optional()
      .describe("the claim is one of these values, or a list that holds one"),
    equals: z.union([text, z.boolean()]).optional().describe("the claim is exactly this value and no list"),
    endsWith: text.optional(),
    entitlement: z
      .strictObject({
        namespace: text.optional().describe("like urn:geant:a.example: who may name groups so"),
        group: text.describe("the whole path, parts joined by a colon: project:team"),
        role: text.optional().describe("the role in the group; without it, plain membership"),
        authority: text.optional().describe("who vouches: the part after the #"),
      })
      .refine(
        (e) => e.namespace !== undefined || e.authority !== undefined,
        'one of "namespace" and "authority" expected',
      )
      .optional()
      .describe("the claim holds this entitlement (AARC-G069)"),
    verified: z.literal(true).optional().describe("the claim <claim>_verified must be true"),
  })
  .refine(
    (p) => [p.has, p.in, p.equals, p.endsWith, p.entitlement].filter((v) => v !== undefined).length === 1,
    'one of "has", "in", "equals", "endsWith" and "entitlement" expected',
  );

const atom = z
  .record(claimName, predicate)
  .refine(
    (a) => Object.keys(a).length === 1,
    "exactly one claim per condition expected; write several conditions as a list",
  );

/** One value each; many values of one claim are one condition, under `in`. */
const conditions = z.array(atom).min(1).max(200).optional();

const people = z
  .strictObject({
    from: slug("alias of an identity provider of this tenant"),
    everyone: z.literal(true).optional().describe("everybody this identity provider lets in"),
    all: conditions,
    any: conditions,
    not: conditions,
    cel: text.optional().describe("a further condition in CEL, where the others do not suffice; no proof covers it"),
  })
  .refine(
    (p) => (p.everyone === true) === (p.all === undefined && p.any === undefined && p.cel === undefined),
    'a condition ("all", "any" or "cel") expected, or "everyone: true" alone',
  );

const grant = z.strictObject({
  id: slug("what explain and the audit log call this grant"),
  give: slug("a set"),
  to: slug("one of people"),
  at: z.array(slug("a target")).min(1),
  valid: z
    .strictObject({
      from: wallTime("first moment").optional(),
      until: wallTime("end, not included; a bare date is its first moment").optional(),
      zone: z
        .string()
        .refine(isZone, "the name of a time zone like Europe/Berlin expected")
        .optional()
        .describe("zone of times without an offset; else a bare date is one of UTC"),
    })
    .optional(),
  require: z
    .strictObject({
      amr: z
        .array(text)
        .min(1)
        .optional()
        .describe(
          "all of these authentication methods (RFC 8176), if the realm passes them on (`amr`); one from realm files alone does not",
        ),
      acr: z
        .array(text)
        .min(1)
        .optional()
        .describe(
          "one of these authentication classes; a realm from realm files passes on Keycloak's own level (`acr`), not the IdP's",
        ),
      assurance: z
        .array(text)
        .min(1)
        .optional()
        .describe("all of these values of eduperson_assurance, like https://refeds.org/assurance/IAP/medium"),
    })
    .optional(),
  because: text.optional(),
});

const rule = z.union([
  z.strictObject({
    "never-together": z.array(slug("a set")).min(2).describe("sets that no person may ever hold two of"),
  }),
  z.strictObject({
    count: z
      .strictObject({
        set: slug("a set"),
        min: z.int().min(0).optional(),
        max: z.int().min(0).optional(),
        from: duration("only people who signed in within this time count").optional().describe("default 90d"),
        otherwise: z.enum(["warn", "refuse"]).optional().describe("default warn"),
      })
      .refine((c) => c.min !== undefined || c.max !== undefined, '"min" or "max" expected')
      .describe("how many people hold a set, by the ledger of last logins"),
  }),
  z.strictObject({
    "unverified-email": z
      .literal("deny")
      .describe("an address counts only when verified, whatever its claim is called; for email that is always so"),
  }),
]);

const aYear = 366 * 86_400;
const boundedDuration = (description: string) =>
  duration(description).refine((length) => length <= aYear, "at most 366 days expected");

const requestable = z.strictObject({
  sets: z.array(slug("a set")).min(1).describe("sets that people of this tenant may ask for; without it, none"),
  longest: boundedDuration("longest time that may be asked for").optional().describe("default 7d"),
  wait: boundedDuration("a request that nobody decides in this time is over").optional().describe("default 7d"),
  deciders: z
    .array(slug("one of people"))
    .min(1)
    .optional()
    .describe("of the tenant's managers those who decide, and are told; default all of them"),
});

const review = z.strictObject({
  every: boundedDuration("from the beginning of one review to the beginning of the next"),
  within: boundedDuration("time until it is due").optional().describe("default 14d"),
  unconfirmed: z
    .enum(["keep", "take-back"])
    .optional()
    .describe("what becomes of a grant that nobody decided a week after it was due; default keep"),
});

const test = z.strictObject({
  name: text,
  as: z.strictObject({
    upstream: slug("alias"),
    claims: z.record(z.string(), z.unknown()),
    amr: z.array(z.string()).optional(),
    acr: z.string().optional(),
    flow: z.enum(["device", "browser", "machine"]).optional(),
    client: z.string().optional(),
    at: time("the moment of the login; without it every window counts as open").optional(),
  }),
  expect: z
    .strictObject({
      exactly: z.array(z.string()).optional(),
      includes: z.array(z.string()).optional(),
      excludes: z.array(z.string()).optional(),
      nothing: z.literal(true).optional(),
      unknown: z.literal(true).optional(),
    })
    .refine(
      (e) => Object.keys(e).length > 0,
      "an expectation expected: exactly, includes, excludes, nothing or unknown",
    ),
});

/** `kind: Policy`: who gets what, where and when, within one tenant. */
export const policySchema = z.strictObject({
  kind: z.literal("Policy"),
  tenant: slug("a tenant of Targets"),
  sets: z.record(slug("name of a set"), set).optional(),
  people: z.record(slug("name of a group of people"), people).optional(),
  grants: z.array(grant).optional(),
  requestable: requestable.optional().describe("what people may ask for by themselves (access requests)"),
  review: review.optional().describe("how often all grants are reviewed"),
  rules: z.array(rule).optional(),
  tests: z.array(test).optional(),
});

/** What one entry of each section is. */
export const entrySchemas = { sets: set, people, grants: grant, tests: test };

/** A `Policy` document after the shape check. */
export type PolicyDocument = z.infer<typeof policySchema>;
/** One rule over all grants of a tenant. */
export type RuleText = z.infer<typeof rule>;
/** One in-file test. */
export type FileTest = z.infer<typeof test>;
/** One condition as written: claim → predicate. */
export type AtomText = z.infer<typeof atom>;
/** The predicate of one condition. */
export type PredicateText = z.infer<typeof predicate>;
