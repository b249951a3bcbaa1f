import { type CommitId, err, ok, type Result } from "../core/index.ts";
import type { Commit } from "./commit-object.ts";
import type { Changes } from "./draft.ts";
import { mustRun, type RunGit } from "./git.ts";
import { mergeText } from "./merge-text.ts";
import type { Objects } from "./objects.ts";
import type { Branch } from "./ref.ts";

/** Which commits are wanted. */
export interface HistoryQuery {
  /** A file or a folder. */
  readonly path?: string;
  readonly limit: number;
  /** Where it begins; the head if not said. A second page has the first one's `from`, so that it fits to it. */
  readonly from?: CommitId;
  /** Commits to leave out at the beginning. */
  readonly skip?: number;
}

/** What a commit made of a file. A text is not there where there was no file, or none that is read. */
export interface FileChange {
  readonly file: string;
  readonly before?: string;
  readonly after?: string;
}

/** Why a change is not undone. */
export type NotUndone =
  /** Somebody changed the same lines since. */
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  /** It is not in the branch. */
  | { readonly kind: "from" };

/** What history is read by. */
interface HistoryDeps {
  readonly run: RunGit;
  readonly objects: Objects;
  readonly branch: Branch;
}

/** Commits, newest first. */
export async function history(
  { run, objects, branch }: HistoryDeps,
  { path, limit, from, skip = 0 }: HistoryQuery,
): Promise<readonly Commit[]> {
  const start = from ?? (await branch.head());
  const bounds = [`--max-count=${whole(limit)}`, `--skip=${whole(skip)}`];
  const args = ["rev-list", ...bounds, "--end-of-options", start, "--", ...(path === undefined ? [] : [path])];
  const ids = (await mustRun(run, { args })).toString("latin1").split("\n");
  const commits = await Promise.all(ids.filter((id) => id !== "").map((id) => objects.commit(id)));
  return commits.filter((commit) => commit !== undefined);
}

const whole = (n: number): number => Math.max(0, Math.floor(n));

/** What a commit changed in policy files, against its first parent. */
export async function changesOf({ objects }: HistoryDeps, commit: CommitId): Promise<readonly FileChange[]> {
  const [parent] = (await objects.commit(commit))?.parents ?? [];
  const after = await objects.idsAt(commit);
  const before = parent === undefined ? new Map<string, string>() : await objects.idsAt(parent);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  const textOf = (id: string | undefined) => (id === undefined ? undefined : objects.text(id));
  return Promise.all(
    changed.sort().map(async (file) => {
      const [old, now] = [await textOf(before.get(file)), await textOf(after.get(file))];
      return { file, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) };
    }),
  );
}

/**
 * An edit for `save` that takes back what a commit changed, and leaves what others changed since, in the same file too: a revert.
 */
export const undo =
  (deps: HistoryDeps, commit: CommitId) =>
  async (files: ReadonlyMap<string, string>, head: CommitId): Promise<Result<Changes, NotUndone>> => {
    if (!(await deps.branch.isIn(commit, head))) return err({ kind: "from" });
    const undone = new Map<string, string | undefined>();
    const conflicts: string[] = [];
    for (const { file, before, after } of await changesOf(deps, commit)) {
      const now = files.get(file);
      // Somebody else has done it already.
      if (now === before) continue;
      const texts = [after, now, before].filter((text) => text !== undefined);
      const [base = "", ours = "", theirs = ""] = texts;
      const merged = texts.length === 3 ? await mergeText(deps.run, base, ours, theirs) : undefined;
      if (now === after) undone.set(file, before);
      else if (merged === undefined) conflicts.push(file);
      else undone.set(file, merged);
    }
    return conflicts.length > 0 ? err({ kind: "conflict", files: conflicts }) : ok(undone);
  };
