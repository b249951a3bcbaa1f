import { type CommitId, Fault } from "../core/index.ts";
import { type Cache, makeCache } from "./cache.ts";
import { readCommit, type StoredCommit } from "./commit-object.ts";
import type { NewObject } from "./new-object.ts";
import { type FileProblem, isHidden, isOdd, isPolicyFile, limits } from "./paths.ts";
import type { ObjectReader } from "./reader.ts";
import { modes, readTree, type TreeEntry } from "./tree.ts";

/** A policy file with its text. */
interface PolicyFile {
  /** From the repository's top, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** What a commit holds. What is odd is named and never followed. */
export interface Files {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly FileProblem[];
}

/** Objects by their ids, kept in memory. */
export interface Objects {
  /** Nothing when there is no such commit. Throws `Fault` when it cannot be read. */
  commit(id: string): Promise<StoredCommit | undefined>;
  tree(id: string): Promise<readonly TreeEntry[]>;
  filesAt(commit: CommitId): Promise<Files>;
  /** The ids of the policy files, for comparing. */
  idsAt(commit: CommitId): Promise<ReadonlyMap<string, string>>;
  text(id: string): Promise<string | undefined>;
  /** Keeps what was just written, so that it need not be read. */
  remember(written: readonly NewObject[]): void;
}

interface Kept {
  readonly trees: Cache<readonly TreeEntry[]>;
  readonly commits: Cache<StoredCommit>;
  readonly texts: Cache<string | undefined>;
  readonly files: Cache<Files>;
}

const mebibyte = 1024 * 1024;

/** Reads objects by this reader and keeps what it read, within some tens of megabytes. */
export function makeObjects(reader: ObjectReader): Objects {
  const kept: Kept = {
    trees: makeCache(16 * mebibyte),
    commits: makeCache(8 * mebibyte),
    texts: makeCache(64 * mebibyte),
    files: makeCache(limits.entries),
  };
  const commit = (id: string) => commitOf(reader, kept, id);
  const known = async (id: CommitId) => {
    const found = await commit(id);
    if (found) return found;
    throw new Fault("git", `reading commit ${id}`, {
      retryable: false,
      message: "there is no such commit. Read the head anew",
    });
  };
  const tree = (id: string) => treeOf(reader, kept, id);
  const text = (id: string) => textOf(reader, kept, id);
  return {
    commit,
    tree,
    text,
    remember: (written) => {
      for (const object of written) remember(kept, object);
    },
    idsAt: async (id) => {
      const { found } = await walk(tree, (await known(id)).tree);
      return new Map(found.map((one) => [one.path, one.id]));
    },
    filesAt: async (id) => {
      const before = kept.files.get(id);
      if (before) return before;
      const files = await filesBelow(tree, text, (await known(id)).tree);
      kept.files.set(id, files, 1 + files.files.length);
      return files;
    },
  };
}

function remember({ commits, trees, texts }: Kept, { id, type, bytes }: NewObject): void {
  const commit = type === "commit" ? readCommit(id, bytes) : undefined;
  const entries = type === "tree" ? readTree(bytes, id.length / 2) : undefined;
  if (commit) commits.set(id, commit, bytes.length);
  if (entries) trees.set(id, entries, 2 * bytes.length);
  if (type === "blob") texts.set(id, decode(bytes), 2 * bytes.length);
}

async function commitOf(reader: ObjectReader, { commits }: Kept, id: string): Promise<StoredCommit | undefined> {
  const before = commits.get(id);
  if (before) return before;
  if ((await reader.info(id))?.type !== "commit") return undefined;
  const { bytes } = await reader.contents(id);
  const commit = readCommit(id, bytes);
  if (!commit) throw new Fault("git", `reading commit ${id}`, { retryable: false, message: "it is no commit" });
  commits.set(id, commit, bytes.length);
  return commit;
}

async function treeOf(reader: ObjectReader, { trees }: Kept, id: string): Promise<readonly TreeEntry[]> {
  const before = trees.get(id);
  if (before) return before;
  const { type, bytes } = await reader.contents(id);
  const entries = type === "tree" ? readTree(bytes, id.length / 2) : undefined;
  if (!entries)
    throw new Fault("git", `reading object ${id}`, { retryable: false, message: `it is no folder but a ${type}` });
  trees.set(id, entries, 2 * bytes.length);
  return entries;
}

/** A file's text; nothing when it is too large or not UTF-8. */
async function textOf(reader: ObjectReader, { texts }: Kept, id: string): Promise<string | undefined> {
  const before = texts.get(id);
  if (before !== undefined) return before;
  const size = (await reader.info(id))?.size ?? 0;
  if (size > limits.file) return undefined;
  const { bytes } = await reader.contents(id);
  const text = decode(bytes);
  if (text !== undefined) texts.set(id, text, 2 * bytes.length);
  return text;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface Walked {
  readonly found: readonly { readonly path: string; readonly id: string }[];
  readonly problems: readonly FileProblem[];
}

async function filesBelow(tree: Objects["tree"], text: Objects["text"], root: string): Promise<Files> {
  const { found, problems } = await walk(tree, root);
  const read = await Promise.all(found.map(async ({ path, id }) => ({ file: path, text: await text(id) })));
  const odd = read
    .filter((one) => one.text === undefined)
    .map(({ file }) => ({ file, message: "is larger than 1 MiB or not UTF-8", fix: "split it, or save it as UTF-8" }));
  return {
    files: read.filter((one): one is PolicyFile => one.text !== undefined),
    problems: [...problems, ...odd],
  };
}

/** Every policy file below a tree, and what may not stand there. */
async function walk(tree: Objects["tree"], root: string): Promise<Walked> {
  const found: { path: string; id: string }[] = [];
  const problems: FileProblem[] = [];
  const seen = new Set<string>();
  let left: number = limits.entries;
  const below = async (id: string, folder: string, depth: number): Promise<void> => {
    for (const entry of await tree(id)) {
      const path = `${folder}${entry.name}`;
      if (left-- === 0)
        problems.push({ file: path, message: "is one of too many", fix: "keep other things elsewhere" });
      if (left < 0 || isHidden(entry.name)) continue;
      const problem = seen.has(path) ? twice(path) : oddEntry(entry, path, depth);
      seen.add(path);
      if (problem) problems.push(problem);
      else if (entry.mode === modes.folder) await below(entry.id, `${path}/`, depth + 1);
      else if (isPolicyFile(entry.name)) found.push({ path, id: entry.id });
    }
  };
  await below(root, "", 1);
  return { found, problems };
}

const twice = (file: string): FileProblem => ({
  file,
  message: "stands there twice",
  fix: "commit it anew, with Git itself",
});

function oddEntry({ mode, name }: TreeEntry, file: string, depth: number): FileProblem | undefined {
  const isOther = ![modes.folder, modes.link, modes.submodule].some((one) => one === mode) && !isPolicyFile(name);
  if (isOther) return undefined;
  const plain = "put a plain file there";
  if (isOdd(name)) return { file, message: "has a name that leads elsewhere or cannot be read", fix: "rename it" };
  if (mode === modes.link) return { file, message: "is a symbolic link, which is not followed", fix: plain };
  if (mode === modes.submodule) return { file, message: "is another repository, which is not read", fix: plain };
  if (mode === modes.folder) {
    if (depth < limits.depth) return undefined;
    return { file, message: `lies in more than ${limits.depth} folders`, fix: "use fewer" };
  }
  if (mode === modes.file) return undefined;
  return { file, message: `has the mode ${mode}`, fix: 'make it a plain file, as "git update-index --chmod=-x" does' };
}
