import type { TextFile } from "../../config/index.ts";
import { ok, type Result } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import type { Repository } from "../../repository/index.ts";
import type { Problem } from "../../yaml/index.ts";
import type { PolicyTexts } from "./texts.ts";

/** A policy, and what is wrong with newer files that it was made without. */
export interface HoldingPolicy {
  readonly policy: Policy;
  readonly heldBack: readonly Problem[];
}

type Load = (files: readonly TextFile[]) => Result<Policy, Problem[]>;

interface Wish {
  readonly texts: PolicyTexts;
  readonly repository: Pick<Repository, "history" | "filesAt"> | undefined;
  /** Whose files are not given up for older ones: that of who changes them just now. */
  readonly except?: string;
}

/** So many of a tenant's commits are gone back for one that holds. */
const mostTried = 20;

/**
 * The policy of the newest files. A tenant whose own files do not hold stays as it was at its newest commit that does: what is
 * pushed for one customer keeps no other from changing anything, and the broker not from starting. Answers every problem where
 * the operator's files are wrong, or no older commit helps.
 */
export async function policyThatHolds(load: Load, wish: Wish): Promise<Result<HoldingPolicy, Problem[]>> {
  const { texts, repository, except } = wish;
  const made = load(texts.files);
  if (made.ok) return ok({ policy: made.value, heldBack: [] });
  const broken = brokenFolders(load, texts, made.refusal);
  if (repository === undefined || broken.size === 0 || (except !== undefined && broken.has(except))) return made;
  let files = texts.files.filter(({ file }) => !(texts.ofTenants.has(file) && broken.has(folderOf(file))));
  let holding = load(files);
  for (const folder of broken) {
    if (!holding.ok) return made;
    const older = await olderThatHolds(load, { files, folder, repository });
    if (older === undefined) return made;
    files = [...files, ...older];
    holding = load(files);
  }
  return holding.ok ? ok({ policy: holding.value, heldBack: made.refusal }) : made;
}

/**
 * The folders that do not hold even without the other tenants'. A problem may stand in one file by the fault of another's, such as a
 * name that both take: whoever is wrong alone is wrong, and nobody else goes back.
 */
function brokenFolders(
  load: Load,
  { files, ofTenants }: PolicyTexts,
  problems: readonly Problem[],
): ReadonlySet<string> {
  const own = files.filter(({ file }) => !ofTenants.has(file));
  const named = new Set(problems.flatMap(({ file }) => (ofTenants.has(file) ? [folderOf(file)] : [])));
  const alone = (folder: string) => files.filter(({ file }) => ofTenants.has(file) && folderOf(file) === folder);
  return new Set([...named].filter((folder) => !load([...own, ...alone(folder)]).ok));
}

/** The files of a folder at its newest commit before the last with which all of them hold. */
async function olderThatHolds(
  load: Load,
  {
    files,
    folder,
    repository,
  }: {
    readonly files: readonly TextFile[];
    readonly folder: string;
    readonly repository: NonNullable<Wish["repository"]>;
  },
): Promise<readonly TextFile[] | undefined> {
  const commits = await repository.history({ path: folder, limit: mostTried + 1 });
  const before = commits.slice(1).map(({ id }) => id);
  // Before its first commit there was nothing of it.
  const oldest = commits.length <= mostTried ? commits.at(-1)?.parents[0] : undefined;
  for (const commit of oldest === undefined ? before : [...before, oldest]) {
    const there = (await repository.filesAt(commit)).files.filter(({ file }) => folderOf(file) === folder);
    if (load([...files, ...there]).ok) return there;
  }
  return undefined;
}

/** Whose file it is in the repository: the folder at its beginning. */
const folderOf = (file: string): string => file.split("/", 1)[0] ?? "";
