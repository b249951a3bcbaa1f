import type { CommitId, Instant } from "../core/index.ts";
import { type Author, commitBytes, type Message } from "./commit-object.ts";
import { type HashName, hashOf, type NewObject, newObject } from "./new-object.ts";
import type { Objects } from "./objects.ts";
import type { FileProblem } from "./paths.ts";
import { modes, rawName, type TreeEntry, treeBytes } from "./tree.ts";

/** What becomes of files: a new text, or nothing for a file that goes. By path. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** What stands at paths of a tree afterwards. A path is its bytes, one character each. */
export type NewEntries = ReadonlyMap<string, Pick<TreeEntry, "mode" | "id"> | undefined>;

/** A tree or a commit, with all objects that it needs and the repository does not have yet. */
export interface Draft {
  readonly id: string;
  readonly objects: readonly NewObject[];
}

/** Who makes a commit, when, and what it says. */
interface Making {
  readonly author: Author;
  readonly committer: Author;
  readonly at: Instant;
  readonly message: Message;
}

/** A commit of a tree. */
export function draftCommit(tree: Draft, parents: readonly CommitId[], making: Making): Draft {
  const bytes = commitBytes({ ...making, tree: tree.id, parents });
  const commit = newObject(hashOf(tree.id), "commit", bytes);
  return { id: commit.id, objects: [...tree.objects, commit] };
}

/** A tree without anything. */
export function draftEmptyTree(hash: HashName): Draft {
  const tree = newObject(hash, "tree", Buffer.alloc(0));
  return { id: tree.id, objects: [tree] };
}

/**
 * The tree that `root` becomes by the changes; what they do not name stays as it is, of whatever kind. Or the path that cannot be
 * written, since something else than a file stands there.
 */
export async function draftChanges(objects: Objects, root: string, changes: Changes): Promise<Draft | FileProblem> {
  const problem = await inTheWay(objects, root, changes);
  if (problem) return problem;
  const blobs = new Map<string, NewObject>();
  for (const [path, text] of changes) {
    if (text !== undefined) blobs.set(path, newObject(hashOf(root), "blob", Buffer.from(text)));
  }
  const entryOf = (blob: NewObject | undefined) => (blob === undefined ? undefined : { mode: modes.file, id: blob.id });
  const entries = new Map([...changes.keys()].map((path) => [rawName(path), entryOf(blobs.get(path))]));
  const tree = await draftTree(objects, root, entries);
  return { id: tree.id, objects: [...blobs.values(), ...tree.objects] };
}

/** The tree that `root` becomes by these entries. No path of them is a folder of another one. */
export async function draftTree(objects: Objects, root: string, entries: NewEntries): Promise<Draft> {
  const drafted: NewObject[] = [];
  const tree = await draftFolder(objects, root, entries, drafted);
  return tree === undefined ? draftEmptyTree(hashOf(root)) : { id: tree, objects: drafted };
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

/** Drafts a folder anew; nothing when it would be empty, since Git has no empty folders. */
async function draftFolder(
  objects: Objects,
  before: string | undefined,
  changed: NewEntries,
  drafted: NewObject[],
): Promise<string | undefined> {
  const entries = new Map((before === undefined ? [] : await objects.tree(before)).map((entry) => [entry.raw, entry]));
  const below = new Map<string, Map<string, Pick<TreeEntry, "mode" | "id"> | undefined>>();
  const put = (raw: string, entry: Pick<TreeEntry, "mode" | "id"> | undefined) => {
    if (entry === undefined) entries.delete(raw);
    else entries.set(raw, { ...entry, raw, name: raw });
  };
  for (const [path, entry] of changed) {
    const [raw = "", ...rest] = path.split("/");
    if (rest.length > 0) below.set(raw, (below.get(raw) ?? new Map()).set(rest.join("/"), entry));
    else put(raw, entry);
  }
  for (const [raw, inside] of below) {
    const id = await draftFolder(objects, entries.get(raw)?.id, inside, drafted);
    put(raw, id === undefined ? undefined : { mode: modes.folder, id });
  }
  const [any] = [...entries.values()];
  if (any === undefined) return undefined;
  const tree = newObject(hashOf(any.id), "tree", treeBytes(entries.values()));
  drafted.push(tree);
  return tree.id;
}
