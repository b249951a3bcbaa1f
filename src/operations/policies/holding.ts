import type { TextFile } from "../../config/index.ts";
import { type CommitId, ok, type Result } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import { type Files, type Repository, topOf, type Verdict } from "../../repository/index.ts";
import type { Problem } from "../../yaml/index.ts";
import type { PolicyTexts } from "./texts.ts";

/** A policy, and what is wrong with newer files that it was made without. */
export interface HoldingPolicy {
  readonly policy: Policy;
  readonly heldBack: readonly Problem[];
  /** The folders that are of an older commit, and of which. */
  readonly heldAt: ReadonlyMap<string, CommitId>;
}

const noneHeld: HoldingPolicy["heldAt"] = new Map();

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
  if (made.ok) return ok({ policy: made.value, heldBack: [], heldAt: noneHeld });
  const broken = brokenFolders(load, texts, made.refusal);
  if (repository === undefined || broken.size === 0 || (except !== undefined && broken.has(except))) return made;
  let files = texts.files.filter(({ file }) => !(texts.ofTenants.has(file) && broken.has(folderOf(file))));
  let holding = load(files);
  const heldAt = new Map<string, CommitId>();
  for (const folder of broken) {
    if (!holding.ok) return made;
    const older = await olderThatHolds(load, { files, folder, repository });
    if (older === undefined) return made;
    heldAt.set(folder, older.commit);
    files = [...files, ...older.files];
    holding = load(files);
  }
  return holding.ok ? ok({ policy: holding.value, heldBack: made.refusal, heldAt }) : made;
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
): Promise<{ readonly files: readonly TextFile[]; readonly commit: CommitId } | undefined> {
  const commits = await repository.history({ path: folder, limit: mostTried + 1 });
  const before = commits.slice(1).map(({ id }) => id);
  // Before its first commit there was nothing of it.
  const oldest = commits.length <= mostTried ? commits.at(-1)?.parents[0] : undefined;
  for (const commit of oldest === undefined ? before : [...before, oldest]) {
    const there = (await repository.filesAt(commit)).files.filter(({ file }) => folderOf(file) === folder);
    if (load([...files, ...there]).ok) return { files: there, commit };
  }
  return undefined;
}

/**
 * What of a remote's files must not come in: the folders that it changed and that do not hold then. Where nobody is wrong alone, and
 * all held before, it is the whole of what it changed. What is wrong in folders that it did not touch, or by the operator's files alone,
 * is no fault of the remote's.
 */
export function vetPushed(load: Load, own: readonly TextFile[], before: Files, after: Files): Verdict {
  const changed = changedFolders(before, after);
  const odd = after.problems.filter(({ file }) => !before.problems.some((one) => one.file === file));
  const texts = textsOf(own, after);
  const made = load(texts.files);
  const broken = made.ok ? new Set<string>() : brokenFolders(load, texts, made.refusal);
  const isJoint = !made.ok && broken.size === 0 && load(textsOf(own, before).files).ok;
  const unsound = new Set([
    ...odd.map(({ file }) => folderOf(file)),
    ...(isJoint ? changed : [...broken].filter((folder) => changed.has(folder))),
  ]);
  const problems = [...(made.ok ? [] : made.refusal), ...odd.map((problem) => ({ ...problem, line: 1 }))];
  return { unsound, problems: problems.filter(({ file }) => isJoint || unsound.has(folderOf(file))) };
}

const textsOf = (own: readonly TextFile[], { files }: Files): PolicyTexts => ({
  files: [...own, ...files],
  ofTenants: new Map(files.map(({ file, text }) => [file, text])),
});

function changedFolders(before: Files, after: Files): ReadonlySet<string> {
  const [old, fresh] = [before, after].map(({ files }) => new Map(files.map(({ file, text }) => [file, text])));
  const paths = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])];
  return new Set(paths.filter((path) => old?.get(path) !== fresh?.get(path)).map(folderOf));
}

/** Whose file it is in the repository: the folder at its beginning. */
const folderOf = topOf;
