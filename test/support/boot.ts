import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrokerConfig, loadConfig } from "../../src/config/index.ts";
import { type Clock, type Random, systemClock, systemRandom, type TargetName } from "../../src/core/index.ts";
import { createLog, type Log } from "../../src/http/index.ts";
import { createKeyFile } from "../../src/issuer/index.ts";
import type { MembersAccess, PolicyFiles } from "../../src/operations/index.ts";
import { loadPolicy, type Policy } from "../../src/policy/index.ts";
import type { ReadTables } from "../../src/relying-party/index.ts";
import type { NotifyCloud } from "../../src/revocation/index.ts";
import { type Broker, startBroker } from "../../src/server.ts";
import { formatProblem } from "../../src/yaml/index.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { allowConsoleTool, consoleTool } from "./console-tool.ts";
import { type EmbeddedIdp, type People, startEmbeddedIdp } from "./embedded-idp.ts";

/** A broker under test with an embedded identity provider behind it. */
export interface Booted {
  readonly issuer: string;
  readonly broker: Broker;
  readonly idp: EmbeddedIdp;
  readonly folder: string;
  readonly config: BrokerConfig;
  /** The policy's files, of a broker that was given any. */
  readonly policyFiles: PolicyFiles | undefined;
  /** Lines of log and audit. */
  readonly lines: string[];
  stop(): Promise<void>;
}

/** What a test may choose. */
export interface BootOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly people?: People;
  readonly policy?: Policy;
  /** Makes the policy of the configuration instead, and follows its files (`tenant-repository.ts`). */
  readonly policyFilesOf?: (config: BrokerConfig, yaml: string) => Promise<PolicyInFiles>;
  /** The targets that a broker would keep in step; none is looked at. */
  readonly keptTargets?: readonly string[];
  /** Default: a log into `lines`. */
  readonly log?: Log;
  /** Further lines of `broker.yaml`. */
  readonly yaml?: string;
  /** Further keys of `upstream` there, in braces' form: `stepUpAcr: [gold]`. */
  readonly upstreamYaml?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How clouds are told what a person lost; default: they are not. */
  readonly notifyCloud?: NotifyCloud;
  /** What the realm files say; default: there are none. */
  readonly identityProviders?: ReadTables;
  /** People who live in the realm (`members-in-memory.ts`); default: by the account of the configuration. */
  readonly members?: MembersAccess;
  /** What `broker.yaml` says of `keys`; default: a key file that is made before. */
  readonly keys?: string;
  /** Stands before the broker, at the issuer's address; is given the broker's own. */
  readonly behind?: (address: string) => Promise<{ readonly url: string }>;
  /** Changes the broker's folder before it starts. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** A policy, and the files that it comes from. */
interface PolicyInFiles {
  readonly policy: Policy;
  readonly policyFiles: PolicyFiles;
}

const noTables = { rechecks: [] };

/** The project's example policies, with addresses of targets replaced, and with a change of the text where a test wants one. */
export async function examplePolicy(
  endpoints: Readonly<Record<string, string>> = {},
  change: (text: string) => string = (text) => text,
): Promise<Policy> {
  const folder = new URL("../../policies/", import.meta.url);
  const names = (await readdir(folder)).filter((n) => n.endsWith(".yaml"));
  const files = await Promise.all(
    names.map(async (n) => ({
      file: `policies/${n}`,
      text: change(allowConsoleTool(await readFile(new URL(n, folder), "utf8"))),
    })),
  );
  const policy = loadPolicy(files, { endpoints });
  if (!policy.ok) throw new Error(policy.refusal.map(formatProblem).join("\n"));
  return policy.value;
}

/** Starts an embedded identity provider and a broker on the memory store (unless `yaml` says otherwise). */
export async function boot(options: BootOptions = {}): Promise<Booted> {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-test-"));
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const issuer = (await options.behind?.(own))?.url ?? own;
  const clock = options.clock ?? systemClock;
  const idp = await startEmbeddedIdp({
    redirectUri: `${issuer}/login/callback`,
    clientJwksUri: `${issuer}/upstream/jwks`,
    ...(options.people && { people: options.people }),
  });
  await createKeyFile(join(folder, "keys.json"), clock);
  await options.prepare?.(folder);
  const yaml = `issuer: ${issuer}
allowInsecureLoopback: true
listen: {port: ${port}}
masterKey: {env: MASTER_KEY}
keys: ${options.keys ?? "keys.json"}
upstream: {issuer: "${idp.issuer}", allowInsecureLoopback: true${options.upstreamYaml ? `, ${options.upstreamYaml}` : ""}}
policies: [policies]
log: {level: debug}
${options.yaml ?? ""}`;
  const env: Readonly<Record<string, string>> = { MASTER_KEY: "m".repeat(48), ...options.env };
  const config = loadConfig(yaml, join(folder, "broker.yaml"), (r) => ("env" in r ? env[r.env] : undefined));
  if (!config.ok) throw new Error(config.refusal.map(formatProblem).join("\n"));
  const lines: string[] = [];
  const clients = [consoleTool, ...config.value.clients];
  const used = { ...config.value, clients } as BrokerConfig;
  const inFiles = await options.policyFilesOf?.(used, yaml);
  const broker = await startBroker(used, {
    ...(inFiles ?? { policy: options.policy ?? (await examplePolicy()) }),
    ...(options.keptTargets && { keptTargets: new Set(options.keptTargets as TargetName[]) }),
    identityProviders: options.identityProviders ?? (() => noTables),
    clock,
    ...(options.members && { members: options.members }),
    ...(options.notifyCloud && { notifyCloud: options.notifyCloud }),
    random: options.random ?? systemRandom,
    log: options.log ?? createLog("debug", { write: (line: string) => void lines.push(line) }),
  }).catch(async (problem: unknown) => {
    await idp.stop();
    await rm(folder, { recursive: true, force: true });
    throw problem;
  });
  const stop = async () => {
    await broker.stop(1_000);
    await idp.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { issuer, broker, idp, folder, config: used, policyFiles: inFiles?.policyFiles, lines, stop };
}
