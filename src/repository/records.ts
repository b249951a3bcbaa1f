import type { CommitId } from "../core/index.ts";
import type { Objects } from "./objects.ts";
import { type FileProblem, isHidden, isOdd, limits } from "./paths.ts";
import { modes, type TreeEntry } from "./tree.ts";

/** What stands beside the policy files and is none: in a hidden folder, which nothing reads as policy. By path. */
export type Records = ReadonlyMap<string, string>;

/** Bytes that a record has at most. */
export const largestRecord = limits.file;

/** What is wrong with records that somebody wants to write: `<folder>/.<folder>/<name>.json`. */
export function recordsProblem(records: Records): FileProblem | undefined {
  for (const [file, text] of records) {
    const parts = file.split("/");
    const fix = "name it as <folder>/.<folder>/<name>.json";
    if (parts.length < 2 || parts.some(isOdd) || !parts.slice(0, -1).some(isHidden) || !/[^/.][^/]*\.json$/.test(file))
      return { file, message: "is no record by its path", fix };
    if (Buffer.byteLength(text) > largestRecord) return { file, message: "is larger than 1 MiB", fix: "write less" };
    if (!text.isWellFormed()) return { file, message: "holds half a character", fix: "write it anew" };
  }
  return undefined;
}

/** The records in a folder at a commit, by their names without `.json`. What is no plain file of text is none. */
export async function recordsAt(objects: Objects, commit: CommitId, folder: string): Promise<Records> {
  let at = (await objects.commit(commit))?.tree;
  for (const part of folder.split("/")) at = at && entryOf(await objects.tree(at), part)?.id;
  if (at === undefined) return new Map();
  const files = (await objects.tree(at)).filter(({ mode, name }) => mode === modes.file && /^[^.].*\.json$/.test(name));
  const read = await Promise.all(
    files.map(async ({ name, id }) => [name.slice(0, -5), await objects.text(id)] as const),
  );
  return new Map(read.filter((one): one is readonly [string, string] => one[1] !== undefined));
}

const entryOf = (entries: readonly TreeEntry[], part: string): TreeEntry | undefined =>
  entries.find(({ name, mode }) => name === part && mode === modes.folder);
