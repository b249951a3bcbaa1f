import type { CommitId } from "../core/index.ts";
import { makeCache } from "./cache.ts";
import { mustRun, type RunGit } from "./git.ts";

/** By which commit each line of a file is as it is, in the order of the lines. */
export type LinesOf = (commit: CommitId, file: string) => Promise<readonly CommitId[]>;

/** So many lines are remembered. */
const mostLines = 1_000_000;

/** Tells of each line by which commit it is as it is. Of a large file git takes a moment: it is asked once for a state of it. */
export function linesOf(run: RunGit): LinesOf {
  const kept = makeCache<readonly CommitId[]>(mostLines);
  const states = makeCache<CommitId>(10_000);
  return async (commit, file) => {
    const [at, known] = [`${commit} ${file}`, states.get(`${commit} ${file}`)];
    const state = known ?? (await lastChange(run, commit, file));
    if (state === undefined) return [];
    states.set(at, state, 1);
    const lines = kept.get(`${state} ${file}`) ?? (await blamed(run, state, file));
    kept.set(`${state} ${file}`, lines, lines.length + 1);
    return lines;
  };
}

/** The newest commit that changed a file. */
async function lastChange(run: RunGit, commit: CommitId, file: string): Promise<CommitId | undefined> {
  const args = ["rev-list", "--max-count=1", "--end-of-options", commit, "--", file];
  const said = (await mustRun(run, { args })).toString("latin1").trim();
  return said === "" ? undefined : (said as CommitId);
}

async function blamed(run: RunGit, commit: CommitId, file: string): Promise<readonly CommitId[]> {
  const said = (await mustRun(run, { args: ["blame", "--porcelain", commit, "--", file] })).toString("latin1");
  // Before each line stands where it is from; the line itself begins with a tab.
  return said.split("\n").flatMap((line) => {
    const [, id] = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ \d+(?: \d+)?$/.exec(line) ?? [];
    return id === undefined ? [] : [id as CommitId];
  });
}
