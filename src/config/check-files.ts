import { X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import { err, type Instant, ok, type Result } from "../core/index.ts";
import type { Path, Problem, YamlDocument } from "../yaml/index.ts";
import type { BrokerConfig } from "./broker.ts";
import { type Complaint, checkPrivacy, readNamedFile } from "./named-file.ts";
import { checkTlsFiles } from "./tls-files.ts";

/** What is to be told of the files that a configuration names, and does not stand in the way. */
export type Warnings = readonly Problem[];

/** A value of a document with its path. */
interface At {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Looks at the files that `broker.yaml` names besides policies and realms: TLS certificate and key, client keys, and who may
 * get at the secrets. Every problem, each with its place; what may still serve is a warning.
 */
export function checkBrokerFiles(
  document: YamlDocument,
  config: BrokerConfig,
  now: Instant,
): Result<Warnings, Problem[]> {
  const report = reporter(document);
  const { tls } = config.listen;
  if (tls) {
    for (const { of, complaint, warning } of checkTlsFiles(tls, new URL(config.issuer).hostname, now)) {
      report.add(["listen", "tls", of], tls[of], complaint, warning !== true);
    }
    report.privacy(["listen", "tls", "key"], tls.key);
  }
  for (const [i, { jwks }] of config.clients.entries()) {
    if (jwks === undefined) continue;
    const read = readNamedFile(jwks);
    if ("complaint" in read) report.add(["clients", i, "jwks"], jwks, read.complaint, true);
  }
  const ofMail = config.notices?.mail?.caFile;
  const complaint = ofMail === undefined ? undefined : authorityProblem(ofMail);
  if (ofMail !== undefined && complaint) report.add(["notices", "mail", "caFile"], ofMail, complaint, true);
  if (typeof config.keys === "string") {
    const read = readNamedFile(config.keys);
    if ("complaint" in read) report.add(["keys"], config.keys, keysMissing(read.complaint), false);
    report.privacy(["keys"], config.keys);
  }
  report.secrets();
  return report.end();
}

const keysMissing = ([message]: Complaint): Complaint => [
  message,
  "make one with `cloudpass keys create`, or restore it",
];

/** The same of an environment file: its certificate authority, kubeconfigs, and who may get at the secrets. */
export function checkEnvironmentFiles(document: YamlDocument): Result<Warnings, Problem[]> {
  const report = reporter(document);
  for (const { path, value } of report.values()) {
    if (typeof value !== "string") continue;
    const named = resolve(dirname(document.file), value);
    if (path.length === 1 && path[0] === "caFile") {
      const complaint = authorityProblem(named);
      if (complaint) report.add(path, named, complaint, true);
    }
    if (path.at(-1) === "kubeconfig") {
      const read = readNamedFile(named);
      if ("complaint" in read) report.add(path, named, read.complaint, true);
      else report.privacy(path, named);
    }
  }
  report.secrets();
  return report.end();
}

function authorityProblem(file: string): Complaint | undefined {
  const read = readNamedFile(file);
  if ("complaint" in read) return read.complaint;
  const [first] = read.text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/) ?? [];
  try {
    if (first !== undefined && new X509Certificate(first)) return undefined;
  } catch {
    // said below
  }
  return ["holds no certificate in PEM", "name the file of the authority's own certificate"];
}

/** Gathers what is wrong with files, each with its place in the document. */
function reporter(document: YamlDocument) {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const values = () => [...walk({ path: [], value: document.value })];
  const add = (path: Path, named: string, [message, fix]: Complaint, stops: boolean) => {
    (stops ? problems : warnings).push(document.problem(path, `${named} ${message}`, fix));
  };
  const privacy = (path: Path, named: string) => {
    const found = checkPrivacy(named);
    if (found) add(path, named, found.complaint, found.refused);
  };
  /** Every `{file: …}` is a reference to a secret; the audit's file is not one. */
  const secrets = () => {
    for (const { path, value } of values()) {
      if (path.at(-1) === "file" && path[0] !== "audit" && typeof value === "string") {
        privacy(path, resolve(dirname(document.file), value));
      }
    }
  };
  const end = (): Result<Warnings, Problem[]> => (problems.length > 0 ? err(problems) : ok(warnings));
  return { add, privacy, secrets, values, end };
}

function* walk({ path, value }: At): Generator<At> {
  yield { path, value };
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value))
    yield* walk({ path: [...path, isList ? Number(key) : key], value: inner });
}
