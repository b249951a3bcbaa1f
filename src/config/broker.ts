import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { deepFreeze, err, Fault, ok, type Result, Secret } from "../core/index.ts";
import {
  checkShape,
  type Lookup,
  type Path,
  type Problem,
  parseYaml,
  type SecretReference,
  type YamlDocument,
} from "../yaml/index.ts";
import { brokerAddresses, withAddresses } from "./addresses.ts";
import type { RawClient } from "./client-schema.ts";
import { relations } from "./relations.ts";
import { brokerSchema } from "./schema.ts";

type Raw = z.output<typeof brokerSchema>;

/** The broker's configuration: checked, defaults filled in, secrets read, paths absolute, deeply frozen. */
export type BrokerConfig = Omit<
  Raw,
  "masterKey" | "store" | "clients" | "policyRepository" | "notices" | "upstream"
> & {
  readonly notices?: NoticesConfig;
  readonly upstream: RealmConfig;
  readonly policyRepository?: PolicyRepositoryConfig;
  readonly clients: readonly ClientConfig[];
  readonly masterKey: Secret;
  readonly store:
    | { readonly kind: "memory" }
    | { readonly kind: "redis"; readonly url: Secret; readonly prefix: string };
};

/** The realm, with the account for its members. */
type RealmConfig = Omit<Raw["upstream"], "members"> & {
  readonly members?: { readonly clientId: string; readonly secret: Secret };
};

type RawRepository = NonNullable<Raw["policyRepository"]>;

/** The tenants' repository, its folder's path absolute and its password read. */
type PolicyRepositoryConfig = Omit<RawRepository, "remote"> & {
  readonly remote?: Omit<NonNullable<RawRepository["remote"]>, "password"> & { readonly password?: Secret };
};

type RawNotices = NonNullable<Raw["notices"]>;
type RawWebhook = RawNotices["webhooks"][number];

/** Whom notices go to: secrets read, the authority's path absolute. */
type NoticesConfig = Omit<RawNotices, "mail" | "webhooks"> & {
  readonly mail?: Omit<NonNullable<RawNotices["mail"]>, "password"> & { readonly password?: Secret };
  readonly webhooks: readonly (Omit<RawWebhook, "secret"> & { readonly secret: Secret })[];
};

/** One client, its secret read and its key file's path absolute. */
export type ClientConfig = Omit<RawClient, "secret"> & { readonly secret?: Secret };

const shortestMasterKey = 32;

/**
 * When secrets are read: all of them at once, with every problem answered, by who uses them all; or each when it is used,
 * by a command that may need none of them. One that is not there is then a `Fault`.
 */
export type ReadSecrets = "at once" | "when used";

/** Reads `broker.yaml`. Answers every problem at once, each with its place and remedy. */
export function loadConfig(
  text: string,
  file: string,
  lookup: Lookup,
  when: ReadSecrets = "at once",
): Result<BrokerConfig, Problem[]> {
  const document = onlyDocument(text, file);
  return document.ok ? configOf(document.value, lookup, when) : document;
}

/** The same of a document that was read before. */
export function configOf(document: YamlDocument, lookup: Lookup, when: ReadSecrets): Result<BrokerConfig, Problem[]> {
  const addressed = withAddresses(document, brokerAddresses, lookup);
  if (!addressed.ok) return addressed;
  const shape = checkShape(addressed.value, brokerSchema);
  if (!shape.ok) return shape;
  const raw = shape.value;
  const folder = dirname(document.file);
  const problems = relations.filter((r) => r.broken(raw)).map((r) => document.problem(r.at, r.message, r.fix));
  const secret = secretReader(document, lookup, { problems, when });
  const masterKey = secret(raw.masterKey, ["masterKey"], longEnough);
  const store = raw.store.kind === "redis" ? { ...raw.store, url: secret(raw.store.url, ["store", "url"]) } : raw.store;
  const clients = raw.clients.map(({ secret: reference, ...client }, i): ClientConfig => {
    const found = reference && secret(reference, ["clients", i, "secret"]);
    return { ...client, ...(found && { secret: found }) };
  });
  const policyRepository = raw.policyRepository && repositoryFrom(raw.policyRepository, folder, secret);
  const notices = raw.notices && noticesFrom(raw.notices, folder, secret);
  const upstream = realmFrom(raw.upstream, secret);
  if (problems.length > 0 || !masterKey || (store.kind === "redis" && !store.url)) return err(problems);
  return ok(
    deepFreeze({
      ...absolutePaths(raw, folder),
      masterKey,
      store,
      upstream,
      ...(policyRepository && { policyRepository }),
      ...(notices && { notices }),
      clients: clientsFrom(clients, folder),
    } as BrokerConfig),
  );
}

function realmFrom({ members, ...raw }: Raw["upstream"], secret: ReturnType<typeof secretReader>): RealmConfig {
  if (members === undefined) return raw;
  const found = secret(members.clientSecret, ["upstream", "members", "clientSecret"]);
  return { ...raw, ...(found && { members: { clientId: members.clientId, secret: found } }) };
}

function repositoryFrom(
  { remote, ...raw }: RawRepository,
  folder: string,
  secret: ReturnType<typeof secretReader>,
): PolicyRepositoryConfig {
  const { password: reference, ...other } = remote ?? {};
  const password = reference && secret(reference, ["policyRepository", "remote", "password"]);
  return {
    ...raw,
    folder: resolve(folder, raw.folder),
    ...(remote && { remote: { ...other, ...(password && { password }) } as PolicyRepositoryConfig["remote"] }),
  } as PolicyRepositoryConfig;
}

function noticesFrom(
  { mail: rawMail, webhooks: rawWebhooks, ...raw }: RawNotices,
  folder: string,
  secret: ReturnType<typeof secretReader>,
): NoticesConfig {
  const { password: reference, caFile, ...other } = rawMail ?? {};
  const password = reference && secret(reference, ["notices", "mail", "password"]);
  const mail = { ...other, ...(password && { password }), ...(caFile && { caFile: resolve(folder, caFile) }) };
  const webhooks = rawWebhooks.map((webhook, i) => ({
    ...webhook,
    secret: secret(webhook.secret, ["notices", "webhooks", i, "secret"], inTheirForm),
  }));
  return { ...raw, ...(rawMail && { mail }), webhooks } as NoticesConfig;
}

/** Of Standard Webhooks, "signature scheme": 24 to 64 bytes in base64. */
const inTheirForm = (secret: string): Complaint | undefined => {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const bytes = Buffer.from(text ?? "", "base64");
  if (bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === text) return undefined;
  return [
    "the secret is not whsec_ and 24 to 64 bytes in base64",
    "make one with `echo whsec_$(openssl rand -base64 32)`",
  ];
};

const longEnough = (masterKey: string): Complaint | undefined =>
  masterKey.length < shortestMasterKey
    ? [`the master key is shorter than ${shortestMasterKey} characters`, "make one with `openssl rand -base64 48`"]
    : undefined;

/** A file of exactly one document. */
export function onlyDocument(text: string, file: string): Result<YamlDocument, Problem[]> {
  const parsed = parseYaml(text, file);
  if (!parsed.ok) return parsed;
  const [document, second] = parsed.value;
  if (!document)
    return err([
      { file, line: 1, column: 1, path: "", message: "the file is empty", fix: "see docs/reference/configuration.md" },
    ]);
  if (second) return err([second.problem([], "only one document expected", "put the rest into a file of its own")]);
  return ok(document);
}

type Complaint = readonly [message: string, fix: string];

/** Reads secrets behind references and reports those that are not there, or not as they must be. */
export function secretReader(
  document: YamlDocument,
  lookup: Lookup,
  { problems, when }: { problems: Problem[]; when: ReadSecrets },
) {
  return (
    reference: SecretReference,
    at: Path,
    complain: (secret: string) => Complaint | undefined = () => undefined,
  ): Secret | undefined => {
    const read = (): { readonly text: string } | Complaint => {
      const text =
        lookup("file" in reference ? { file: resolve(dirname(document.file), reference.file) } : reference)?.trim() ??
        "";
      return text === "" ? notThere(reference) : (complain(text) ?? { text });
    };
    if (when === "when used") return new Secret(() => textOrFault(read(), document.problem(at, "")));
    const found = read();
    if ("text" in found) return new Secret(found.text);
    problems.push(document.problem(at, ...found));
    return undefined;
  };
}

const notThere = (reference: SecretReference): Complaint =>
  "env" in reference
    ? [`the environment variable ${reference.env} is not set or empty`, `set ${reference.env}`]
    : [`the file ${reference.file} cannot be read or is empty`, "check the path and its permissions"];

function textOrFault(found: { readonly text: string } | Complaint, { file, line, path }: Problem): string {
  if ("text" in found) return found.text;
  const [message, fix] = found;
  throw new Fault(`${file}:${line}`, `reading the secret ${path}`, { retryable: false, message: `${message}; ${fix}` });
}

const clientsFrom = (clients: readonly ClientConfig[], folder: string): ClientConfig[] =>
  clients.map((c) => ({ ...c, ...(c.jwks !== undefined && { jwks: resolve(folder, c.jwks) }) }));

function absolutePaths(raw: Raw, folder: string): Raw {
  const from = (path: string) => resolve(folder, path);
  const { tls } = raw.listen;
  return {
    ...raw,
    listen: { ...raw.listen, ...(tls && { tls: { cert: from(tls.cert), key: from(tls.key) } }) },
    keys: typeof raw.keys === "string" ? from(raw.keys) : raw.keys,
    policies: raw.policies.map(from),
    realms: raw.realms.map(from),
    ...(raw.reconcile && { reconcile: { ...raw.reconcile, environment: from(raw.reconcile.environment) } }),
    ...(raw.audit && { audit: { file: from(raw.audit.file) } }),
  };
}
