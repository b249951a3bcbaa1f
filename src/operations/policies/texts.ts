import { existsSync } from "node:fs";
import { join } from "node:path";
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
  const { url, branch, user, password } = remote;
  const credentials = user !== undefined && password !== undefined && { credentials: { user, password } };
  return openRepository({ ...own, remote: { url, branch, ...credentials } }, { clock });
};

/** Opens the tenants' repository, and makes it at the first start. */
export const openOrMake =
  (clock: Clock) =>
  (settings: Settings): Promise<Repository> =>
    open(settings, clock);

/** The same for who only looks: what is not there is not made. */
export const openIfThere =
  (clock: Clock) =>
  async (settings: Settings): Promise<Repository | undefined> =>
    existsSync(join(settings.folder, "HEAD")) ? open(settings, clock) : undefined;
