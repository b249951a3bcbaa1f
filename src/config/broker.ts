import { dirname, resolve } from "node:path";
import type { z } from "zod";
import {
  checkShape,
  deepFreeze,
  type Lookup,
  no,
  ok,
  type Path,
  type Problem,
  parseYaml,
  type Result,
  Secret,
  type SecretReference,
  type YamlDocument,
} from "../core/index.ts";
import type { RawClient } from "./client-schema.ts";
import { relations } from "./relations.ts";
import { brokerSchema } from "./schema.ts";

type Raw = z.output<typeof brokerSchema>;

/** The broker's configuration: checked, defaults filled in, secrets read, paths absolute, deeply frozen. */
export type BrokerConfig = Omit<Raw, "masterKey" | "store" | "clients"> & {
  readonly clients: readonly ClientConfig[];
  readonly masterKey: Secret;
  readonly store:
    | { readonly kind: "memory" }
    | { readonly kind: "redis"; readonly url: Secret; readonly prefix: string };
};

/** One client, its secret read and its key file's path absolute. */
export type ClientConfig = Omit<RawClient, "secret"> & { readonly secret?: Secret };

const shortestMasterKey = 32;

/** Reads `broker.yaml`. Answers every problem at once, each with its place and remedy. */
export function loadConfig(text: string, file: string, lookup: Lookup): Result<BrokerConfig, Problem[]> {
  const document = onlyDocument(text, file);
  if (!document.ok) return document;
  const shape = checkShape(document.value, brokerSchema);
  if (!shape.ok) return shape;
  const raw = shape.value;
  const problems = relations.filter((r) => r.broken(raw)).map((r) => document.value.problem(r.at, r.says, r.fix));
  const secret = secretReader(document.value, dirname(file), lookup, problems);
  const masterKey = secret(raw.masterKey, ["masterKey"]);
  if (masterKey && masterKey.reveal().length < shortestMasterKey) {
    problems.push(
      document.value.problem(
        ["masterKey"],
        `the master key is shorter than ${shortestMasterKey} characters`,
        "make one with `openssl rand -base64 48`",
      ),
    );
  }
  const store = raw.store.kind === "redis" ? { ...raw.store, url: secret(raw.store.url, ["store", "url"]) } : raw.store;
  const clients = raw.clients.map(({ secret: reference, ...client }, i): ClientConfig => {
    const found = reference && secret(reference, ["clients", i, "secret"]);
    return { ...client, ...(found && { secret: found }) };
  });
  if (problems.length > 0 || !masterKey || (store.kind === "redis" && !store.url)) return no(problems);
  return ok(
    deepFreeze({
      ...absolutePaths(raw, dirname(file)),
      masterKey,
      store,
      clients: clientsFrom(clients, dirname(file)),
    } as BrokerConfig),
  );
}

/** A file of exactly one document. */
export function onlyDocument(text: string, file: string): Result<YamlDocument, Problem[]> {
  const parsed = parseYaml(text, file);
  if (!parsed.ok) return parsed;
  const [document, second] = parsed.value;
  if (!document)
    return no([
      { file, line: 1, column: 1, path: "", says: "the file is empty", fix: "see docs/reference/configuration.md" },
    ]);
  if (second) return no([second.problem([], "only one document expected", "put the rest into a file of its own")]);
  return ok(document);
}

/** Reads secrets behind references and reports those that are not there. */
export function secretReader(document: YamlDocument, folder: string, lookup: Lookup, problems: Problem[]) {
  return (reference: SecretReference, at: Path): Secret | undefined => {
    const found = lookup("file" in reference ? { file: resolve(folder, reference.file) } : reference);
    if (found !== undefined && found.trim() !== "") return new Secret(found.trim());
    const [says, fix] =
      "env" in reference
        ? [`the environment variable ${reference.env} is not set`, `set ${reference.env}`]
        : [`the file ${reference.file} cannot be read or is empty`, "check the path and its permissions"];
    problems.push(document.problem(at, says, fix));
    return undefined;
  };
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
