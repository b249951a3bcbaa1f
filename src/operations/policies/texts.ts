import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BrokerConfig, readYamlFiles, type TextFile } from "../../config/index.ts";
import { type Clock, type CommitId, err, ok, type Result } from "../../core/index.ts";
import { openRepository, type Repository } from "../../repository/index.ts";
import type { Problem } from "../../yaml/index.ts";

/** The policy files as they are at one moment. */
export interface PolicyTexts {
  /** The operator's, and the tenants' own behind them. */
  readonly files: readonly TextFile[];
  /** Of these, the tenants' own: by their path in the repository. */
  readonly ofTenants: ReadonlyMap<string, string>;
  /** The commit that they are of. */
  readonly commit?: CommitId;
}

/** Reads the operator's files from their folders, and the tenants' from the newest commit of their repository. Throws `Fault`. */
export async function readPolicyTexts(
  folders: readonly string[],
  repository?: Pick<Repository, "head" | "filesAt">,
): Promise<Result<PolicyTexts, Problem[]>> {
  const own = readYamlFiles(folders);
  if (!own.ok || repository === undefined) return own.ok ? ok({ files: own.value, ofTenants: new Map() }) : own;
  const commit = await repository.head();
  const { files, problems } = await repository.filesAt(commit);
  if (problems.length > 0) return err(problems.map((problem) => ({ ...problem, line: 1, column: 1, path: "" })));
  const ofTenants = new Map(files.map(({ file, text }) => [file, text]));
  return ok({ files: [...own.value, ...files], ofTenants, commit });
}

type Settings = NonNullable<BrokerConfig["policyRepository"]>;

const open = (settings: Settings, clock: Clock): Promise<Repository> => {
  const { remote, ...own } = settings;
  if (remote === undefined) return openRepository(own, { clock });
  const { url, branch, proposals, user, password } = remote;
  const credentials = user !== undefined && password !== undefined && { credentials: { user, password } };
  return openRepository({ ...own, remote: { url, branch, proposals, ...credentials } }, { clock });
};

/** Opens the tenants' repository, and makes it at the first start. */
export const openOrMake =
  (clock: Clock) =>
  (settings: Settings): Promise<Repository> =>
    open(settings, clock);

/**
 * The policy files of folders, and of bare repositories among them at their newest commits: what the broker decides by, for an
 * operator's command. A repository that is not there yet holds none. Throws `Fault`.
 */
export async function readPolicyPaths(
  paths: readonly string[],
  repositories: readonly string[],
  clock: Clock,
): Promise<Result<readonly TextFile[], Problem[]>> {
  const isBare = (path: string) => existsSync(join(path, "HEAD")) && existsSync(join(path, "objects"));
  const bare = new Set([...paths, ...repositories].map((path) => resolve(path)).filter(isBare));
  const files: TextFile[] = [];
  const own = readYamlFiles(paths.filter((path) => !isBare(path)));
  if (!own.ok) return own;
  files.push(...own.value);
  for (const folder of bare) {
    const repository = await openRepository({ folder, branch: branchOf(folder), committer: nobody }, { clock });
    try {
      const found = await readPolicyTexts([], repository);
      if (!found.ok) return found;
      files.push(...found.value.files);
    } finally {
      await repository.close();
    }
  }
  return ok(files);
}

/** Who only reads commits nothing. */
const nobody = { name: "nobody", email: "nobody@localhost" };

/** The branch that a repository says is its own. */
const branchOf = (folder: string): string =>
  /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(join(folder, "HEAD"), "utf8"))?.[1] ?? "main";

/** The same for who only looks: what is not there is not made. */
export const openIfThere =
  (clock: Clock) =>
  async (settings: Settings): Promise<Repository | undefined> =>
    existsSync(join(settings.folder, "HEAD")) ? open(settings, clock) : undefined;
