import { resolve } from "node:path";
import { atMost, type Clock, type CommitId, type Random, type Result, systemRandom } from "../core/index.ts";
import type { Author, Commit } from "./commit-object.ts";
import { makeOrCheck } from "./first-start.ts";
import { gitIn, type RunGit } from "./git.ts";
import { turnsAt } from "./give-way.ts";
import { changesOf, type FileChange, type HistoryQuery, history, type NotUndone, undo } from "./history.ts";
import { type LinesOf, linesOf } from "./lines.ts";
import { type Files, makeObjects, type Objects } from "./objects.ts";
import { openReader } from "./reader.ts";
import { type Records, recordsAt } from "./records.ts";
import { type Branch, branchOf } from "./ref.ts";
import { openRemote, type Remote, type RemoteSettings } from "./remote.ts";
import { type NotSaved, type Save, type Saved, save } from "./save.ts";

/** Where the policy files are, and by whom commits are made. */
export interface RepositorySettings {
  /** A bare repository. It is made when it is not there. */
  readonly folder: string;
  readonly branch: string;
  /** The product, as commits name it. Servers may refuse addresses that they do not know. */
  readonly committer: Author;
  readonly remote?: RemoteSettings;
  /** Variables for git besides ours, which win: `PATH`, a proxy, `GIT_SSH_COMMAND`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a repository takes from outside. */
export interface RepositoryDeps {
  readonly clock: Clock;
  readonly random?: Random;
  /** Times that a save is tried when other processes are first. */
  readonly tries?: number;
  /** Stands between us and git, for tests. */
  readonly around?: (run: RunGit) => RunGit;
}

/** Policy files in a Git repository. Everything that fails is thrown as `Fault`, with what to do. */
export interface Repository {
  /** Where one is set. */
  readonly remote: Remote | undefined;
  /** The newest commit of the branch, read anew. */
  head(): Promise<CommitId>;
  /** A commit; nothing when there is none of this id. */
  commit(id: CommitId): Promise<Commit | undefined>;
  /** True when a commit is `of` or one of those it is built on. */
  includes(commit: CommitId, of: CommitId): Promise<boolean>;
  /** The policy files of a commit, and what there is odd. */
  filesAt(commit: CommitId): Promise<Files>;
  /** What stands in a hidden folder beside the policy files at a commit, by name: `customer-a/.reviews`. */
  recordsAt(commit: CommitId, folder: string): Promise<Records>;
  /** Saves a change as one commit, on whatever is newest then. */
  save<Refusal>(asked: Save<Refusal>): Promise<Result<Saved, Refusal | NotSaved>>;
  /** Commits, newest first. */
  history(query: HistoryQuery): Promise<readonly Commit[]>;
  /** What a commit changed in policy files, against its first parent. */
  changesOf(commit: CommitId): Promise<readonly FileChange[]>;
  /** By which commit each line of a file is as it is at a commit; none where there is no such file. */
  linesOf: LinesOf;
  /** An edit for `save` that takes back what a commit changed, and leaves what others changed since. */
  undo(commit: CommitId): Save<NotUndone>["edit"];
  /** Ends what runs. Waits for what is being saved. */
  close(): Promise<void>;
}

/** Opens the repository of the policy files, and makes it at its first start. Throws `Fault` with what to do. */
export async function openRepository(settings: RepositorySettings, deps: RepositoryDeps): Promise<Repository> {
  const { branch, committer, environment = {} } = settings;
  const { clock, random = systemRandom, tries = 100, around = (run) => run } = deps;
  const folder = resolve(settings.folder);
  const gitThere = (at: string) => around(gitIn(at, environment));
  await makeOrCheck({ folder, branch, committer, clock, random, gitIn: gitThere });
  const reader = openReader(folder, environment);
  const run = gitThere(folder);
  const objects: Objects = makeObjects(reader);
  const ref: Branch = branchOf({ folder, branch, run, objects, clock, random });
  const turns = turnsAt(folder, clock);
  const past = { run, objects, branch: ref };
  // Writers of one process wait for each other instead of racing.
  const oneAtATime = atMost(1);
  const remote =
    settings.remote && openRemote({ folder, committer, run, objects, branch: ref, clock }, settings.remote);
  return {
    remote,
    head: () => ref.head(),
    commit: (id) => objects.commit(id),
    includes: (commit, of) => ref.isIn(commit, of),
    filesAt: (commit) => objects.filesAt(commit),
    recordsAt: (commit, folder) => recordsAt(objects, commit, folder),
    save: (asked) =>
      oneAtATime(() =>
        save(
          { committer, run, objects, branch: ref, clock, random, tries, turns, proposals: remote?.proposals },
          asked,
        ),
      ),
    history: (query) => history(past, query),
    changesOf: (commit) => changesOf(past, commit),
    linesOf: linesOf(run),
    undo: (commit) => undo(past, commit),
    close: () => oneAtATime(async () => reader.close()),
  };
}
