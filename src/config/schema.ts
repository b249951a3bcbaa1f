import { z } from "zod";
import { duration, referenceSchema, slug } from "../yaml/index.ts";
import { accessibilitySchema } from "./accessibility-schema.ts";
import { address, url } from "./addresses.ts";
import { clientSchema } from "./client-schema.ts";
import { noticesSchema } from "./notices-schema.ts";
import { policyRepositorySchema } from "./policy-repository-schema.ts";
import { realmSchema } from "./realm-schema.ts";
import { scimSchema } from "./scim-schema.ts";

const path = (description: string) => z.string().min(1).describe(`${description}; relative to this file`);

const probe = z
  .strictObject({
    allow: z
      .array(z.union([z.cidrv4(), z.cidrv6()], { error: "a network like 192.168.7.0/24 expected" }))
      .default([])
      .describe(
        "networks (CIDR) that may be asked though they are not public; only there plain http and other ports are allowed",
      ),
    proxy: z
      .url({ protocol: /^https?$/, error: "an address like http://proxy.example:3128 expected" })
      .refine((text) => new URL(text).password === "" && new URL(text).username === "", "no user or password expected")
      .optional()
      .describe(
        "HTTP proxy for identity providers outside `allow`: asked (CONNECT) for the address that was checked, never for a name. HTTPS_PROXY does not count for them",
      ),
  })
  .prefault({})
  .describe(
    "how customers' identity providers are asked: https, public addresses and port 443 only, unless allowed here",
  );

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: "an address, or a network like 192.168.7.0/24, expected",
});

const networks = z
  .strictObject({
    trusted: z
      .array(network)
      .default([])
      .describe("a school, an office: may begin, and mistype, five times as much as others before it has to wait"),
    shared: z
      .array(network)
      .default([])
      .describe(
        "strangers have the same addresses there (a carrier's NAT, a VPN for everybody): nobody is near to anybody, so the end of the code is always asked for",
      ),
    nat64: z
      .array(z.cidrv6().regex(/\/(32|40|48|56|64|96)$/, "a length of RFC 6052 expected: 32, 40, 48, 56, 64 or 96"))
      .default([])
      .describe(
        "prefixes under which a translator shows clients of IPv4, besides 64:ff9b::/96: counted by their IPv4 address",
      ),
  })
  .prefault({})
  .describe("what is known of networks that clients come from");

const listen = z
  .strictObject({
    host: z.string().default("127.0.0.1").describe("address to listen on"),
    port: z.int().min(0).max(65535).default(8443).describe("port; 0 = a free one"),
    tls: z
      .strictObject({ cert: path("PEM file with the certificate chain"), key: path("PEM file with the private key") })
      .optional()
      .describe(
        "serve https in process (TLS 1.3, and 1.2 with ECDHE and AES-GCM); leave out behind a proxy that ends TLS",
      ),
  })
  .prefault({})
  .describe("where the broker listens");

const store = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("memory") })
      .describe("one instance; a restart forgets sessions and logins under way"),
    z.strictObject({
      kind: z.literal("redis"),
      url: referenceSchema.describe("where the address redis:// or rediss:// is, since it may hold a password"),
      prefix: z
        .string()
        .regex(/^[a-z0-9:-]{1,32}$/)
        .default("cloudpass:")
        .describe("start of every key"),
    }),
  ])
  .prefault({ kind: "memory" })
  .describe("where running state lives");

const lifetimes = z
  .strictObject({
    accessToken: duration("life of an access or ID token").prefault("10m"),
    family: duration("life of everything that hangs on one confirmed login").prefault("12h"),
    deviceCode: duration("time a person has to confirm a device login").prefault("5m"),
    session: duration("longest life of a browser session").prefault("8h"),
    sessionIdle: duration("a browser session ends after this long without a request").prefault("30m"),
    knownPerson: duration(
      "how long the ledger of last logins remembers a person, under a pseudonym, with the claims that the policy reads",
    ).prefault("90d"),
    loginAttempt: duration("time a person has at the identity provider").prefault("10m"),
  })
  .prefault({})
  .describe("how long things live");

/** The broker's configuration file, `broker.yaml`. */
export const brokerSchema = z
  .strictObject({
    issuer: address(
      "address of the broker as clients know it: its identity, in every token, byte for byte; no slash at the end. Or `{env: NAME}`",
    ),
    listen,
    trustedProxies: z
      .array(z.string())
      .default([])
      .describe(
        "addresses or networks (CIDR) whose `forwardingHeader` is believed; none = the socket's address counts",
      ),
    forwardingHeader: z
      .enum(["x-forwarded-for", "forwarded"])
      .default("x-forwarded-for")
      .describe(
        "the header in which the trusted proxies name the client: the usual one, or that of RFC 7239. The other one is not looked at",
      ),
    networks,
    allowInsecureLoopback: z
      .boolean()
      .default(false)
      .describe("serve http on a loopback issuer, without Secure cookies (development)"),
    masterKey: referenceSchema.describe("secret of at least 32 characters; encrypts and hashes what the store holds"),
    keys: z
      .union([path("file"), z.strictObject({ store: z.literal(true) })])
      .describe(
        "file with the signing keys, relative to this one; or {store: true}: one encrypted key set in the store for all instances. `cloudpass keys create` makes either",
      ),
    keyRotation: z
      .strictObject({ every: duration("the signing keys are rotated when they have signed for this long") })
      .optional()
      .describe("default: keys are rotated by `cloudpass keys rotate` only"),
    store,
    upstream: realmSchema,
    policies: z.array(path("policy file or folder")).min(1).describe("who may do what, where"),
    policyRepository: policyRepositorySchema.optional(),
    realms: z
      .array(path("realm file or folder"))
      .default([])
      .describe(
        "tells which identity providers let people in, and how each is asked again at refresh; read again every 2 s. With any, an identity provider that they do not name lets nobody in. With `reconcile`, realms whose Keycloak the environment file names are compared with them",
      ),
    probe,
    endpoints: z
      .record(z.string(), url("address"))
      .default({})
      .describe("addresses of targets that differ from the policy files', by target"),
    reconcile: z
      .strictObject({
        environment: path(
          "environment file that says where targets and Keycloaks are, and with which account they are reached",
        ),
        mode: z
          .enum(["report", "apply"])
          .default("report")
          .describe(
            "report: differences go to the audit and the metrics; apply: they are mended. Realms are only reported",
          ),
        every: duration("each target and realm is read so often at least").prefault("5m"),
        maxDeletes: z.int().min(0).default(20).describe("a plan with more deletions waits for a person"),
      })
      .optional()
      .describe(
        "keeps clouds and clusters as the policy says, also when its files change and when a grant's window ends; of several instances one acts; and looks whether realms are as `realms` says. Default: only `cloudpass policies apply` does",
      ),
    push: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("false: what a person lost is gone from the next token, and a cloud notices it by its own times"),
        every: duration(
          "everybody who may still use a cloud is asked about at the identity provider this often, also while nobody uses the login",
        ).prefault("30s"),
      })
      .prefault({})
      .describe(
        "clouds are told at once when a person may have less: by a login in the person's name with what is left, which needs no account there",
      ),
    notices: noticesSchema.optional(),
    accessibility: accessibilitySchema.optional(),
    metrics: z
      .strictObject({
        host: z.string().default("127.0.0.1").describe("address to listen on; none that the outside reaches"),
        port: z.int().min(0).max(65535).default(9464).describe("port; 0 = a free one"),
      })
      .optional()
      .describe("serves /metrics for Prometheus on a listener of its own. Default: none"),
    lifetimes,
    device: z
      .strictObject({ interval: duration("time between two polls").prefault("5s") })
      .prefault({})
      .describe("device authorization grant (RFC 8628)"),
    scim: z
      .array(scimSchema)
      .default([])
      .describe("identity providers that push their people and groups (SCIM 2.0, at /scim/v2)"),
    clients: z.array(clientSchema).default([]).describe("programs besides the targets and the cloudpass command"),
    audit: z
      .strictObject({
        file: path(
          "file that audit events are appended to, one JSON object a line, as a chain; {host} in it is the machine's name: every instance needs a file of its own",
        ),
      })
      .optional()
      .describe("default: audit events go to the log"),
    log: z
      .strictObject({
        level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("what is worth a line"),
      })
      .prefault({})
      .describe("log on standard output, JSON lines"),
  })
  .describe("configuration of the broker");

/** The environment file of the operator commands: where the servers are and with which account they are reached. */
export const environmentSchema = z
  .strictObject({
    kind: z.literal("Environment"),
    issuer: address("issuer of the broker, or `{env: NAME}`"),
    caFile: path("PEM file of a private certificate authority").optional(),
    policyRepository: path(
      "the broker's `policyRepository.folder`: its newest commit is part of every policy that is read with this file",
    ).optional(),
    targets: path("policy file of kind Targets: a cloud without `authUrl` is at its `keystone`").optional(),
    probe,
    keycloaks: z
      .record(
        slug("name of the connection; realm files refer to it"),
        z.strictObject({
          url: address("address of the server, or `{env: NAME}`"),
          realm: z.string().default("master").describe("realm of the account"),
          username: z.string().optional().describe("an administrator's name; with `password`"),
          password: referenceSchema.optional(),
          clientId: z.string().optional().describe("a service account's client; with `clientSecret`"),
          clientSecret: referenceSchema.optional(),
        }),
      )
      .default({})
      .describe("Keycloak servers by name"),
    clouds: z
      .record(
        slug("cloud"),
        z.strictObject({
          authUrl: url("address of Keystone, ending in /v3. Default: what `targets` says").optional(),
          username: z.string().describe("the broker's own account there"),
          password: referenceSchema,
          userDomain: z.string().default("Default").describe("domain of the account"),
          project: z.string().optional().describe("project to work in; none = the whole cloud"),
          projectDomain: z.string().default("Default").describe("domain of the project"),
        }),
      )
      .default({})
      .describe("clouds by the names that the policies use"),
    clusters: z
      .record(
        slug("cluster"),
        z.strictObject({
          kubeconfig: path("kubeconfig file"),
          context: z.string().optional().describe("context in it; none = its current one"),
        }),
      )
      .default({})
      .describe("clusters by the names that the policies use"),
  })
  .describe("where an operator's commands find Keycloak, clouds and clusters");
