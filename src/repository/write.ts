import { type CommitId, Fault, type Instant } from "../core/index.ts";
import { type Author, formatMessage, type Message, plainAuthor } from "./commit-object.ts";
import { mustRun, type RunGit } from "./git.ts";
import type { Objects } from "./objects.ts";
import type { FileProblem } from "./paths.ts";
import { modes, type TreeEntry, writeTree } from "./tree.ts";

/** What becomes of files: a new text, or nothing for a file that goes. By path. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** A commit to write. */
interface NewCommit {
  readonly tree: string;
  readonly parents: readonly CommitId[];
  readonly author: Author;
  readonly committer: Author;
  readonly at: Instant;
  readonly message: Message;
}

/** Blobs that are written at once: each is a process. */
const together = 4;

/** The id that git printed. */
async function idFrom(run: RunGit, call: Parameters<RunGit>[0]): Promise<string> {
  const said = (await mustRun(run, call)).toString("latin1").trim();
  if (/^[0-9a-f]{40,64}$/.test(said)) return said;
  throw new Fault("git", call.args[0] ?? "git", { message: "it answered no id" });
}

/** Writes a commit object. No ref knows it yet. */
export async function writeCommit(
  run: RunGit,
  { tree, parents, author, committer, at, message }: NewCommit,
): Promise<CommitId> {
  const [whose, by] = [plainAuthor(author), plainAuthor(committer)];
  const date = `${at} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: whose.name,
    GIT_AUTHOR_EMAIL: whose.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: by.name,
    GIT_COMMITTER_EMAIL: by.email,
    GIT_COMMITTER_DATE: date,
  };
  const args = ["commit-tree", ...parents.flatMap((parent) => ["-p", parent]), tree];
  return (await idFrom(run, { args, input: formatMessage(message), variables })) as CommitId;
}

/** A tree without anything. */
export const writeEmptyTree = (run: RunGit): Promise<string> => idFrom(run, { args: ["mktree", "-z"] });

/** A folder that is being changed: its files of before by name, and what is below it. */
interface Folder {
  readonly entries: Map<string, TreeEntry>;
  readonly below: Map<string, Map<string, string | undefined>>;
}

/**
 * Writes the tree that `root` becomes by the changes; what they do not name stays as it is, of whatever kind. Answers the
 * same id when nothing changes, and the path that cannot be written, since something else than a file stands there.
 */
export async function writeChanged(
  run: RunGit,
  objects: Objects,
  root: string,
  changes: Changes,
): Promise<{ readonly tree: string } | { readonly problem: FileProblem }> {
  const problem = await inTheWay(objects, root, changes);
  if (problem) return { problem };
  const blobs = await writeBlobs(run, changes);
  const tree = await writeFolder(run, objects, root, blobs);
  return { tree: tree ?? (await writeEmptyTree(run)) };
}

/** A file where a folder must be, a folder, a link or an odd mode where a file must be. */
async function inTheWay(objects: Objects, root: string, changes: Changes): Promise<FileProblem | undefined> {
  for (const file of changes.keys()) {
    const parts = file.split("/");
    let entries = await objects.tree(root);
    for (const [depth, part] of parts.entries()) {
      const entry = entries.find(({ name }) => name === part);
      const isLast = depth === parts.length - 1;
      const at = parts.slice(0, depth + 1).join("/");
      const isOther = entry !== undefined && entry.mode !== (isLast ? modes.file : modes.folder);
      if (isOther || (!isLast && changes.has(at))) {
        return {
          file,
          message: `cannot be written: ${at} is something else`,
          fix: "take that away, or choose another name",
        };
      }
      if (entry === undefined) entries = [];
      else if (!isLast) entries = await objects.tree(entry.id);
    }
  }
  return undefined;
}

async function writeBlobs(run: RunGit, changes: Changes): Promise<Map<string, string | undefined>> {
  const blobs = new Map<string, string | undefined>();
  const left = [...changes];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const [path, text] = one;
      const id =
        text === undefined ? undefined : await idFrom(run, { args: ["hash-object", "-w", "--stdin"], input: text });
      blobs.set(path, id);
    }
  };
  await Promise.all(Array.from({ length: together }, next));
  return blobs;
}

/** Writes a folder anew; nothing when it would be empty, since Git has no empty folders. */
async function writeFolder(
  run: RunGit,
  objects: Objects,
  before: string | undefined,
  blobs: ReadonlyMap<string, string | undefined>,
): Promise<string | undefined> {
  const { entries, below } = sorted(before === undefined ? [] : await objects.tree(before), blobs);
  for (const [name, inside] of below) {
    const id = await writeFolder(run, objects, entries.get(name)?.id, inside);
    if (id === undefined) entries.delete(name);
    else entries.set(name, { mode: modes.folder, name, id });
  }
  if (entries.size === 0) return undefined;
  return idFrom(run, { args: ["mktree", "-z"], input: writeTree(entries.values()) });
}

/** What changes in a folder itself, and what in the folders below it. */
function sorted(before: readonly TreeEntry[], blobs: ReadonlyMap<string, string | undefined>): Folder {
  const entries = new Map(before.map((entry) => [entry.name, entry]));
  const below = new Map<string, Map<string, string | undefined>>();
  for (const [path, id] of blobs) {
    const [name = "", ...rest] = path.split("/");
    if (rest.length > 0) below.set(name, (below.get(name) ?? new Map()).set(rest.join("/"), id));
    else if (id === undefined) entries.delete(name);
    else entries.set(name, { mode: modes.file, name, id });
  }
  return { entries, below };
}
