import { dirname, resolve } from "node:path";
import { z } from "zod";
import { deepFreeze, err, ok, type Result, type Secret } from "../core/index.ts";
import {
  checkShape,
  type Lookup,
  type Problem,
  parseYaml,
  type SecretReference,
  type YamlDocument,
} from "../yaml/index.ts";
import { environmentAddresses, withAddresses } from "./addresses.ts";
import { onlyDocument, type ReadSecrets, secretReader } from "./broker.ts";
import { readYamlFiles, type TextFile } from "./files.ts";
import { environmentSchema } from "./schema.ts";

/** How an operator's command reaches one Keycloak. */
interface KeycloakEndpoint {
  readonly url: string;
  readonly realm: string;
  readonly credentials:
    | { readonly kind: "password"; readonly username: string; readonly password: Secret; readonly clientId?: string }
    | { readonly kind: "client"; readonly clientId: string; readonly secret: Secret };
}

/** How an operator's command reaches one Keystone. */
interface KeystoneEndpoint {
  readonly authUrl: string;
  readonly username: string;
  readonly password: Secret;
  readonly userDomain: string;
  readonly project?: string;
  readonly projectDomain: string;
}

/** What an operator's commands work on. */
export interface Environment {
  readonly issuer: string;
  readonly caFile?: string;
  /** The bare repository with the tenants' own policy files. */
  readonly policyRepository?: string;
  /** Networks (CIDR) whose identity providers may be asked though they are not public. */
  readonly probe: { readonly allow: readonly string[]; readonly proxy?: string | undefined };
  readonly keycloaks: Readonly<Record<string, KeycloakEndpoint>>;
  readonly clouds: Readonly<Record<string, KeystoneEndpoint>>;
  readonly clusters: Readonly<Record<string, { readonly kubeconfigFile: string; readonly context?: string }>>;
}

/** Reads an environment file. Answers every problem at once. */
export function loadEnvironment(
  text: string,
  file: string,
  lookup: Lookup,
  when: ReadSecrets = "at once",
): Result<Environment, Problem[]> {
  const document = onlyDocument(text, file);
  return document.ok ? environmentOf(document.value, lookup, when) : document;
}

/** The same of a document that was read before. */
export function environmentOf(
  document: YamlDocument,
  lookup: Lookup,
  when: ReadSecrets,
): Result<Environment, Problem[]> {
  const addressed = withAddresses(document, environmentAddresses, lookup);
  if (!addressed.ok) return addressed;
  const shape = checkShape(addressed.value, environmentSchema);
  if (!shape.ok) return shape;
  const raw = shape.value;
  const folder = dirname(document.file);
  const problems: Problem[] = [];
  const secret = secretReader(document, lookup, { problems, when });
  const keycloaks: Record<string, KeycloakEndpoint> = {};
  for (const [name, found] of Object.entries(raw.keycloaks)) {
    const credentials = keycloakCredentials(found, (reference, key) => secret(reference, ["keycloaks", name, key]));
    if (credentials === "none given") {
      const fix = "give username and password, or clientId and clientSecret";
      problems.push(document.problem(["keycloaks", name], "no account given", fix));
    } else if (credentials) keycloaks[name] = { url: found.url, realm: found.realm, credentials };
  }
  const clouds: Record<string, KeystoneEndpoint> = {};
  const addresses = raw.targets === undefined ? {} : cloudAddresses(resolve(folder, raw.targets));
  for (const [name, { project, authUrl = addresses[name], ...c }] of Object.entries(raw.clouds)) {
    const password = secret(c.password, ["clouds", name, "password"]);
    if (authUrl === undefined) problems.push(document.problem(["clouds", name], ...noAddress(raw.targets)));
    else if (password) clouds[name] = { ...c, authUrl, password, ...(project !== undefined && { project }) };
  }
  const clusters: Record<string, { kubeconfigFile: string; context?: string }> = {};
  for (const [name, c] of Object.entries(raw.clusters)) {
    clusters[name] = {
      kubeconfigFile: resolve(folder, c.kubeconfig),
      ...(c.context !== undefined && { context: c.context }),
    };
  }
  if (problems.length > 0) return err(problems);
  const caFile = raw.caFile === undefined ? {} : { caFile: resolve(folder, raw.caFile) };
  const repository = raw.policyRepository;
  const tenants = repository === undefined ? {} : { policyRepository: resolve(folder, repository) };
  return ok(deepFreeze({ issuer: raw.issuer, ...caFile, ...tenants, probe: raw.probe, keycloaks, clouds, clusters }));
}

const noAddress = (targets: string | undefined): [string, string] =>
  targets === undefined
    ? ["no address given", "give authUrl, or name the Targets file by `targets`"]
    : [`no address given, and ${targets} has no cloud of this name`, "give authUrl, or correct the name"];

/** The addresses of clouds in a policy file. What is wrong with that file is said where it is read as a policy. */
function cloudAddresses(file: string): Record<string, string> {
  const [read] = readYamlFilesOrNone(file);
  const parsed = read && parseYaml(read.text, file);
  const addresses: Record<string, string> = {};
  for (const { value } of parsed?.ok ? parsed.value : []) {
    const found = withClouds.safeParse(value);
    for (const [name, { keystone }] of Object.entries(found.data?.clouds ?? {})) addresses[name] = keystone;
  }
  return addresses;
}

const withClouds = z.looseObject({
  kind: z.literal("Targets"),
  clouds: z.record(z.string(), z.looseObject({ keystone: z.url({ protocol: /^https?$/ }) })),
});

function readYamlFilesOrNone(file: string): readonly TextFile[] {
  const read = readYamlFiles([file]);
  return read.ok ? read.value : [];
}

type RawKeycloak = z.output<typeof environmentSchema>["keycloaks"][string];
type ReadSecret = (reference: SecretReference, key: string) => Secret | undefined;

function keycloakCredentials(
  raw: RawKeycloak,
  read: ReadSecret,
): KeycloakEndpoint["credentials"] | "none given" | undefined {
  const { username, password, clientId, clientSecret } = raw;
  if (username !== undefined && password !== undefined) {
    const found = read(password, "password");
    return found && { kind: "password", username, password: found, ...(clientId !== undefined && { clientId }) };
  }
  if (clientId !== undefined && clientSecret !== undefined) {
    const found = read(clientSecret, "clientSecret");
    return found && { kind: "client", clientId, secret: found };
  }
  return "none given";
}
