import { z } from "zod";
import { duration, parseTime, slug } from "../core/index.ts";

/** A role of OpenStack; the characters are fewer than Keystone's, so that none can mean anything in a mapping or a path. */
const openStackRole = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "a role's name expected: letters, digits, dot, dash, underscore");

/** A ClusterRole; RBAC names may hold colons. */
const clusterRole = z
  .string()
  .regex(
    /^[a-z][a-z0-9.:-]{0,99}$/,
    "the name of a ClusterRole expected: lower case letters, digits, dot, dash, colon",
  );

/**
 * Domains and projects: Keystone's limit is 64. The narrow alphabet keeps braces (Keystone formats local rules with
 * `str.format`), separators and quotes out of mappings.
 */
const openStackThing = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/,
    "letters, digits, dot, dash, underscore expected (at most 64)",
  );

const namespace = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "a namespace expected: lower case letters, digits, dashes (at most 63)",
  );

const emailDomain = z
  .string()
  .regex(
    /^(?=.{3,253}$)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$/,
    "an e-mail domain like a.example expected (in ASCII; write an international name as xn--…)",
  )
  .transform((text) => text.toLowerCase());

/** https, or http to the own machine: rights are written over this connection. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text) || /["'\\\s]/.test(text)) return false;
  const url = new URL(text);
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const plain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && loopback));
}

const endpoint = z
  .string()
  .refine(isEndpoint, "an https URL expected (http only to this machine), without query or password");

const time = (description: string) =>
  z
    .string()
    .refine((text) => parseTime(text) !== undefined, 'a time like "2027-01-31T18:00:00+01:00" or a date expected')
    .describe(description);

const cloud = z.strictObject({
  keystone: endpoint.describe("Keystone's URL, ending in /v3"),
  roles: z.array(openStackRole).min(1).describe("roles that may ever be given on this cloud"),
  authorizationTtl: duration("how long a membership from a login lasts on the cloud; application credentials need it")
    .optional()
    .describe("default 60m"),
});

const cluster = z.strictObject({
  api: endpoint.describe("URL of the API server"),
  subjects: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,30}:$/, 'a prefix like "cp:" expected')
        // `system:` and `kubeadm:` groups have power that no binding shows.
        .refine((p) => p !== "system:" && p !== "kubeadm:", "the prefixes system: and kubeadm: are Kubernetes' own"),
    })
    .optional(),
  roles: z.array(clusterRole).min(1).describe("ClusterRoles that may ever be bound"),
  clusterWide: z.array(clusterRole).optional().describe("of these, the ones that may be bound in the whole cluster"),
});

const tenant = z.strictObject({
  displayName: z.string().min(1).max(255).optional(),
  emailDomains: z.array(emailDomain).optional().describe("which e-mail addresses belong to this tenant"),
  upstreams: z.array(slug("alias of an identity provider")).min(1),
  domains: z.record(slug("name of a cloud"), openStackThing).optional().describe("Keystone domain per cloud"),
  projects: z.array(openStackThing).optional(),
  namespaces: z.record(slug("name of a cluster"), z.array(namespace)).optional(),
  ceiling: z.strictObject({
    openstack: z.array(openStackRole).optional(),
    kubernetes: z.array(clusterRole).optional(),
  }),
});

/** `kind: Targets`: what exists, and what may ever be given. The operator's part. */
export const targetsSchema = z.strictObject({
  kind: z.literal("Targets"),
  deviceLogin: z
    .strictObject({
      elevatedRoles: z
        .array(clusterRole)
        .optional()
        .describe("roles a device login never carries; default manager, admin"),
      allow: z.array(z.string().min(1)).optional().describe("clients whose device logins may carry them all the same"),
    })
    .optional(),
  clouds: z.record(slug("name of a cloud"), cloud).optional(),
  clusters: z.record(slug("name of a cluster"), cluster).optional(),
  tenants: z.record(slug("name of a tenant"), tenant).optional(),
});

const openStackItem = z
  .strictObject({
    role: openStackRole.optional(),
    roles: z.array(openStackRole).min(1).optional(),
    on: z.union([
      z.literal("domain"),
      z.strictObject({ project: openStackThing }),
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

const item = z
  .strictObject({ openstack: openStackItem.optional(), kubernetes: kubernetesItem.optional() })
  .refine(
    (i) => (i.openstack === undefined) !== (i.kubernetes === undefined),
    'one of "openstack" and "kubernetes" expected',
  );

const text = z.string().min(1).max(1024);

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
    verified: z.literal(true).optional().describe("the claim <claim>_verified must be true"),
  })
  .refine(
    (p) => [p.has, p.in, p.equals, p.endsWith].filter((v) => v !== undefined).length === 1,
    'one of "has", "in", "equals" and "endsWith" expected',
  );

const claimName = z.string().regex(/^[A-Za-z][A-Za-z0-9_:/.-]{0,127}$/, "the name of a claim expected");

const atom = z
  .record(claimName, predicate)
  .refine(
    (a) => Object.keys(a).length === 1,
    "exactly one claim per condition expected; write several conditions as a list",
  );

const people = z
  .strictObject({
    from: slug("alias of an identity provider of this tenant"),
    everyone: z.literal(true).optional().describe("everybody this identity provider lets in"),
    all: z.array(atom).min(1).optional(),
    any: z.array(atom).min(1).optional(),
    not: z.array(atom).min(1).optional(),
  })
  .refine(
    (p) => (p.everyone === true) === (p.all === undefined && p.any === undefined),
    'a condition ("all" or "any") expected, or "everyone: true" alone',
  );

const grant = z.strictObject({
  id: slug("what explain and the audit log call this grant"),
  give: slug("a set"),
  to: slug("one of people"),
  at: z.array(slug("a target")).min(1),
  valid: z
    .strictObject({ from: time("first moment").optional(), until: time("end, not included").optional() })
    .optional(),
  require: z
    .strictObject({
      amr: z.array(text).min(1).optional().describe("all of these authentication methods (RFC 8176)"),
      acr: z.array(text).min(1).optional().describe("one of these authentication classes"),
    })
    .optional(),
  because: text.optional(),
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
  sets: z.record(slug("name of a set"), z.array(item).min(1)).optional(),
  people: z.record(slug("name of a group of people"), people).optional(),
  grants: z.array(grant).optional(),
  tests: z.array(test).optional(),
});

/** A `Targets` document after the shape check. */
export type TargetsDocument = z.infer<typeof targetsSchema>;
/** A `Policy` document after the shape check. */
export type PolicyDocument = z.infer<typeof policySchema>;
/** One in-file test. */
export type FileTest = z.infer<typeof test>;
/** One condition as written: claim → predicate. */
export type AtomText = z.infer<typeof atom>;
/** The predicate of one condition. */
export type PredicateText = z.infer<typeof predicate>;
