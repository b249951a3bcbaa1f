import { z } from "zod";
import { isLoopback } from "../../core/index.ts";
import { duration, slug } from "../../yaml/index.ts";
import {
  claimName,
  clusterRole,
  consoleRole,
  label,
  namespace,
  openStackRole,
  openStackThing,
} from "./schema-words.ts";

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
  const plain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
}

/** Certificates in PEM, and nothing beside them: a private key that got in would be told to everybody. */
function isCertificate(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.join("").replace(/\s/g, "") === text.replace(/\s/g, "");
}

const endpoint = z
  .string()
  .refine(isEndpoint, "an https URL expected (http only to this machine), without query or password");

const cloud = z.strictObject({
  keystone: endpoint.describe("Keystone's URL, ending in /v3"),
  roles: z.array(openStackRole).min(1).describe("roles that may ever be given on this cloud"),
  reviewed: z
    .array(openStackRole)
    .optional()
    .describe("of these, roles like admin that rule the whole cloud and are meant all the same"),
  implies: z
    .record(openStackRole, z.array(openStackRole))
    .optional()
    .describe("what further roles imply on this cloud; admin → manager → member → reader is known"),
  authorizationTtl: duration("how long a membership from a login lasts on the cloud; application credentials need it")
    .optional()
    .describe("default 60m"),
});

const cluster = z.strictObject({
  api: endpoint.describe("URL of the API server"),
  certificateAuthority: z
    .string()
    .refine(isCertificate, "one or more certificates in PEM expected, and nothing else")
    .optional()
    .describe(
      "authority of the API server's certificate, in PEM, for `cloudpass kubeconfig write`; default: a public one",
    ),
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
  reviewed: z
    .array(clusterRole)
    .optional()
    .describe("of these, roles like admin or cluster-admin that are meant all the same"),
  clusterWide: z.array(clusterRole).optional().describe("of these, the ones that may be bound in the whole cluster"),
});

const tenant = z.strictObject({
  displayName: z.string().min(1).max(255).optional(),
  emailDomains: z.array(emailDomain).optional().describe("which e-mail addresses belong to this tenant"),
  upstreams: z.array(slug("alias of an identity provider")).min(1),
  domains: z.record(slug("name of a cloud"), openStackThing).optional().describe("Keystone domain per cloud"),
  projects: z.array(openStackThing).optional(),
  namespaces: z
    .record(
      slug("name of a cluster"),
      z.union([
        z.array(namespace),
        z.strictObject({
          label: label.describe(
            "whichever namespaces carry it, such as tenant=customer-a; whoever may label, may give",
          ),
        }),
      ]),
    )
    .optional()
    .describe("per cluster: names, and they are made when absent; or a label, and none is made"),
  ceiling: z.strictObject({
    openstack: z.array(openStackRole).optional(),
    kubernetes: z.array(clusterRole).optional(),
    console: z.array(consoleRole).optional(),
  }),
});

const claimType = z.strictObject({
  type: z.enum(["list", "text", "boolean"]),
  of: z
    .enum(["uuid", "email", "affiliation", "scoped-affiliation", "entitlement", "assurance"])
    .optional()
    .describe("what its texts look like; eduPerson 202208, AARC-G069, REFEDS RAF"),
  absent: z
    .literal("empty")
    .optional()
    .describe("it is left out when it holds nothing; else nobody without it passes a condition under not"),
});

const identityProvider = z.strictObject({
  public: z.boolean().optional().describe("anybody can have an account there; known of google and the like"),
  claims: z
    .record(claimName, claimType)
    .optional()
    .describe("the claims it sends; a condition on any other is then a mistake"),
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
      allow: z
        .array(z.string().min(1))
        .optional()
        .describe("clients whose device logins may carry them all the same; say it, be it empty, and nobody is warned"),
    })
    .optional(),
  clouds: z.record(slug("name of a cloud"), cloud).optional(),
  clusters: z.record(slug("name of a cluster"), cluster).optional(),
  console: z
    .strictObject({ roles: z.array(consoleRole).min(1).describe("roles that may ever be given in the console") })
    .optional()
    .describe("the broker's own console and API, a target called `console`; no login with a code opens it"),
  upstreams: z.record(slug("alias of an identity provider"), identityProvider).optional(),
  tenants: z.record(slug("name of a tenant"), tenant).optional(),
});

/** A `Targets` document after the shape check. */
export type TargetsDocument = z.infer<typeof targetsSchema>;
/** What is declared of one identity provider. */
export type IdentityProviderText = z.infer<typeof identityProvider>;
