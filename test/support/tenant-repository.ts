import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommitId, systemClock } from "../../src/core/index.ts";
import { followPolicyFiles, openOrMake } from "../../src/operations/index.ts";
import { loadPolicy, policyInUse } from "../../src/policy/index.ts";
import type { Repository } from "../../src/repository/index.ts";
import { formatProblem, parseYaml } from "../../src/yaml/index.ts";
import { type Booted, type BootOptions, boot } from "./boot.ts";
import { allowConsoleTool } from "./console-tool.ts";
import { maria } from "./policy-repository.ts";

/** A broker whose tenants' policies are changed in a repository, and the hand of somebody who has a clone of it. */
export interface BootedWithRepository extends Booted {
  /** The newest commit. */
  head(): Promise<CommitId>;
  /** What a file says at the newest commit: `customer-a/policy.yaml`. */
  textOf(file: string): Promise<string | undefined>;
  /** Commits a file, as a colleague's push does, and has the broker take it. */
  push(file: string, text: string | undefined): Promise<CommitId>;
}

const examples = new URL("../../policies/", import.meta.url);
const readExample = (file: string) => readFile(new URL(file, examples), "utf8");

/** Starts a broker as `boot` does: the operator's Targets in its folder, each customer's example policy in the repository. */
export async function bootWithRepository({
  remote,
  ...options
}: BootOptions & {
  readonly remote?: { readonly url: string; readonly branch: string; readonly proposals?: readonly string[] };
} = {}): Promise<BootedWithRepository> {
  const booted = await boot({
    ...options,
    yaml: `${options.yaml ?? ""}\npolicyRepository: ${JSON.stringify({ folder: "policies.git", ...(remote && { remote }) })}\n`,
    prepare: async (folder) => {
      await mkdir(join(folder, "policies"));
      await writeFile(join(folder, "policies/targets.yaml"), allowConsoleTool(await readExample("targets.yaml")));
      await options.prepare?.(folder);
    },
    policyFilesOf: policyIn,
  });
  const { policyFiles } = booted;
  const repository = policyFiles?.repository;
  if (policyFiles === undefined || repository === undefined) throw new Error("the broker follows no repository");
  return {
    ...booted,
    head: () => repository.head(),
    textOf: async (file) =>
      (await repository.filesAt(await repository.head())).files.find((one) => one.file === file)?.text,
    push: async (file, text) => {
      const commit = await push(repository, new Map([[file, text]]));
      await policyFiles.take();
      return commit;
    },
    stop: async () => {
      await booted.stop();
      await repository.close();
    },
  };
}

type Made = Parameters<NonNullable<BootOptions["policyFilesOf"]>>;

async function policyIn(config: Made[0], yaml: string) {
  const settings = config.policyRepository;
  const parsed = parseYaml(yaml, "broker.yaml");
  const document = parsed.ok ? parsed.value[0] : undefined;
  if (settings === undefined || document === undefined) throw new Error("the configuration names no repository");
  // What is there at the beginning was proposed by nobody.
  const { remote: _, ...own } = settings;
  const seeded = await openOrMake(systemClock)(own);
  const tenants = ["customer-a", "customer-b"];
  const texts = await Promise.all(tenants.map((tenant) => readExample(`${tenant}.yaml`)));
  await push(seeded, new Map(tenants.map((tenant, i) => [`${tenant}/policy.yaml`, texts[i]])));
  await seeded.close();
  const repository = await openOrMake(systemClock)(settings);
  const { files } = await repository.filesAt(await repository.head());
  const targets = { file: "targets.yaml", text: allowConsoleTool(await readExample("targets.yaml")) };
  const policy = loadPolicy([targets, ...files], { endpoints: config.endpoints });
  if (!policy.ok) throw new Error(policy.refusal.map(formatProblem).join("\n"));
  const inUse = policyInUse(policy.value);
  const policyFiles = followPolicyFiles({ inUse, files: { document, config, repository } });
  const taken = await policyFiles.take();
  if (!taken.ok) throw new Error(taken.refusal.map(formatProblem).join("\n"));
  return { policy: inUse.policy, policyFiles };
}

async function push(repository: Repository, changes: ReadonlyMap<string, string | undefined>): Promise<CommitId> {
  const saved = await repository.save({
    from: await repository.head(),
    author: maria,
    subject: `by hand: ${[...changes.keys()].join(", ")}`,
    edit: () => ({ ok: true, value: changes }),
  });
  if (!saved.ok) throw new Error(JSON.stringify(saved.refusal));
  return saved.value.commit;
}
