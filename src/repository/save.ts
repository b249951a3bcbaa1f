import { type Clock, type CommitId, err, Fault, ok, type Random, type Result } from "../core/index.ts";
import type { Author, Message } from "./commit-object.ts";
import { type Changes, draftChanges, draftCommit } from "./draft.ts";
import type { RunGit } from "./git.ts";
import type { Turns } from "./give-way.ts";
import { hashOf, writeObjects } from "./new-object.ts";
import type { Objects } from "./objects.ts";
import { type FileProblem, limits, pathProblem } from "./paths.ts";
import type { Proposals } from "./proposals.ts";
import { type Records, recordsProblem } from "./records.ts";
import type { Branch } from "./ref.ts";

/** What somebody wants to change. */
export interface Save<Refusal> extends Message {
  /** The commit that the person saw. */
  readonly from: CommitId;
  /** The person. */
  readonly author: Author;
  /**
   * What the files of `head` become: the files that change, a new text or `undefined` for one that goes. Asked again with a newer head
   * when somebody else was first, so it says itself whether the change still means the same.
   */
  readonly edit: (
    files: ReadonlyMap<string, string>,
    head: CommitId,
  ) => Result<Changes, Refusal> | Promise<Result<Changes, Refusal>>;
  /** What is written beside them in the same commit. */
  readonly records?: Records;
}

/** What was saved. Both are the head when the edit changed nothing: then there is no commit. */
export interface Saved {
  readonly commit: CommitId;
  readonly parent: CommitId;
  /** The commit is not in the branch: it waits at the remote until somebody merges it there. */
  readonly proposed?: true;
}

/** Why something was not saved, besides what the edit says itself. Nothing was changed. */
export type NotSaved =
  | ({ readonly kind: "file" } & FileProblem)
  /** The commit that the person saw is not in the branch: the history was changed, or it never was. */
  | { readonly kind: "from" };

/** What saving needs. */
interface SaveDeps {
  readonly committer: Author;
  readonly run: RunGit;
  readonly objects: Objects;
  readonly branch: Branch;
  readonly clock: Clock;
  readonly random: Random;
  /** Times that a change is tried when others are first. */
  readonly tries: number;
  readonly turns: Turns;
  readonly proposals?: Proposals | undefined;
}

/** Longest pause before a try, in milliseconds; the first ones are shorter. */
const longestPause = 60;
/** Times that somebody is second before asking the others to wait. */
const patient = 2;

/**
 * Saves a change as one commit on the branch: the person is its author, the product its committer. Between writers the ref
 * decides alone. What is answered stands in the branch. Throws `Fault` when git fails or others are first all the time.
 */
export async function save<Refusal>(deps: SaveDeps, asked: Save<Refusal>): Promise<Result<Saved, Refusal | NotSaved>> {
  const { branch, clock, random, tries, turns } = deps;
  if (!(await branch.isIn(asked.from, await branch.head()))) return err({ kind: "from" });
  await turns.giveWay();
  for (let attempt = 0; attempt < tries; attempt++) {
    if (attempt > 0) await clock.sleep(1 + random.below(Math.min(longestPause, 4 << Math.min(attempt, 8))));
    if (attempt >= patient) await turns.ask();
    const saved = await trySave(deps, asked, await branch.head());
    if (saved === "again") continue;
    if (attempt >= patient) await turns.done();
    return saved;
  }
  throw new Fault("git", "saving", {
    message: `the repository is busy: others were first, or hold its lock, ${tries} times. Try again; a lock whose holder died is removed after ten seconds`,
  });
}

async function trySave<Refusal>(
  { committer, run, objects, branch, clock, proposals }: SaveDeps,
  { author, edit, subject, body, trailers, records = new Map() }: Save<Refusal>,
  head: CommitId,
): Promise<Result<Saved, Refusal | NotSaved> | "again"> {
  const found = await objects.commit(head);
  if (!found) return "again";
  const there = await objects.filesAt(head);
  const files = new Map(there.files.map(({ file, text }) => [file, text]));
  const edited = await edit(files, head);
  if (!edited.ok) return edited;
  const changes = new Map([...edited.value].filter(([file, text]) => files.get(file) !== text));
  if (changes.size === 0 && records.size === 0) return ok({ commit: head, parent: head });
  // What the edit could not see, it must not write over.
  const problem =
    changesProblem(changes) ?? recordsProblem(records) ?? there.problems.find(({ file }) => changes.has(file));
  if (problem) return err({ kind: "file", ...problem });
  const waits = proposals?.covers(changes) ? proposals : undefined;
  const known = await waits?.known(changes, author);
  if (known !== undefined) return ok({ commit: known, parent: head, proposed: true });
  const tree = await draftChanges(objects, found.tree, new Map([...changes, ...records]));
  if ("file" in tree) return err({ kind: "file", ...tree });
  if (tree.id === found.tree) return ok({ commit: head, parent: head });
  // An edit may take its time; what is stale by now need not be written.
  if ((await branch.head()) !== head) return "again";
  const message = { subject, body, trailers };
  const draft = draftCommit(tree, [head], { author, committer, at: clock.now(), message });
  await writeObjects(run, hashOf(head), draft.objects);
  objects.remember(draft.objects);
  const commit = draft.id as CommitId;
  if (waits !== undefined) {
    await waits.keep(commit, changes, author);
    return ok({ commit, parent: head, proposed: true });
  }
  return (await branch.move(commit, head)) === "moved" ? ok({ commit, parent: head }) : "again";
}

function changesProblem(changes: Changes): FileProblem | undefined {
  for (const [file, text] of changes) {
    const problem = pathProblem(file);
    if (problem) return problem;
    if (text === undefined) continue;
    if (Buffer.byteLength(text) > limits.file) return { file, message: "is larger than 1 MiB", fix: "split it" };
    if (!text.isWellFormed()) return { file, message: "holds half a character", fix: "write it anew" };
  }
  return undefined;
}
