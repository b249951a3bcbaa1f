import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startRedis } from "../../rigs/index.ts";
import { type RealStack, startRealStack } from "../../support/real-stack.ts";
import { Person } from "../../support/stack-person.ts";
import { type Finished, root, Stage } from "../../support/stage.ts";
import type { AtEnd, Teller } from "../runner.ts";

/** Exit codes of the command, as the documentation says. */
export const exits = { ok: 0, error: 1, changes: 2, unreachable: 3 } as const;

/** Life of an access token here, in seconds: the longest wait for a right that was taken back without a push. */
export const tokenLife = 60;

/** What the steps work with. */
export interface World {
  readonly stack: RealStack;
  readonly folder: string;
  /** Somebody of customer A at a terminal. */
  person(email: string): Promise<Person>;
  /** Writes a policy file that the broker and the operator's commands read. */
  write(file: string, text: string): Promise<void>;
  /** An operator's command; shows it and what it answers. Never throws for an exit code. */
  cloudpass(tell: Teller, ...args: readonly string[]): Promise<Finished>;
  /** `policies plan|apply|…` on all targets. */
  policies(tell: Teller, what: string, ...args: readonly string[]): Promise<Finished>;
}

/** A file of the project's example policies. */
export const example = (file: string): Promise<string> => readFile(join(root, "policies", file), "utf8");

/** Lines of `targets.yaml` about customer A. */
const tenantA = / {2}customer-a:\n(?: {4}.*\n)+/;

/** Two clouds, a cluster, Keycloak, Redis and the broker, which know customer B only. */
export async function startWorld(atEnd: AtEnd, tell: Teller): Promise<World> {
  const stage = await Stage.open();
  atEnd(() => stage.close());
  const { folder } = stage;
  const redis = await startRedis({ dir: join(folder, "redis") });
  atEnd(() => redis.stop());
  const policyFolder = join(folder, "policies");
  await mkdir(policyFolder);
  const write: World["write"] = (file, text) => writeFile(join(policyFolder, file), text);
  await write("targets.yaml", (await example("targets.yaml")).replace(tenantA, ""));
  const b = await example("customer-b.yaml");
  // Its tests speak of the other customer, who is not there yet.
  await write("customer-b.yaml", b.split("\ntests:")[0] ?? "");
  const stack = await startRealStack(
    folder,
    { say: tell.say, cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout },
    { redis: redis.url, policies: policyFolder, yaml: `lifetimes: {accessToken: ${tokenLife}s}\n` },
  );
  atEnd(() => stack.stop());
  const cloudpass: World["cloudpass"] = async (teller, ...args) => {
    teller.say(`$ cloudpass ${args.join(" ").replaceAll(`${folder}/`, "")}`);
    const finished = await stage.cloudpass(args, { env: stack.env, silent: true, mayFail: true });
    const lines = `${finished.stdout}${finished.stderr}`.trim().split("\n");
    for (const line of lines.slice(0, 14)) teller.say(`| ${line}`);
    if (lines.length > 14) teller.say(`| … ${lines.length - 14} more lines`);
    return finished;
  };
  const environment = join(folder, "environment.yaml");
  const policies: World["policies"] = (teller, what, ...args) =>
    cloudpass(teller, "policies", what, policyFolder, "--environment", environment, ...args);
  return { stack, folder, write, cloudpass, policies, person: (email) => Person.logIn(stack, email) };
}
