import { type CommitId, Fault } from "../core/index.ts";
import { type Draft, draftTree, type NewEntries } from "./draft.ts";
import { gitFault, type RunGit } from "./git.ts";
import { mergeText } from "./merge-text.ts";
import { hashOf, type NewObject, newObject } from "./new-object.ts";
import type { Objects } from "./objects.ts";
import { limits } from "./paths.ts";
import { modes, type TreeEntry } from "./tree.ts";

/** Two commits as one tree; the files in which they do not go together; or two that have nothing in common. */
type Merged = Draft | { readonly conflicts: readonly string[] } | "unrelated";

type Leaf = Pick<TreeEntry, "mode" | "id">;
/** What a commit made of a path, whose bytes are one character each. */
type Changed = ReadonlyMap<string, { readonly before: Leaf | undefined; readonly after: Leaf | undefined }>;

/** Merges `theirs` into `ours`, file by file: what was meant for one file lands in no other. Moves nothing. */
export async function mergeCommits(
  { run, objects }: { readonly run: RunGit; readonly objects: Objects },
  ours: CommitId,
  theirs: CommitId,
): Promise<Merged> {
  const { code, stdout, stderr } = await run({ args: ["merge-base", ours, theirs] });
  if (code > 1) throw gitFault("merge-base", stderr);
  if (code === 1) return "unrelated";
  const [base, our, their] = await Promise.all(
    [stdout.toString("latin1").trim(), ours, theirs].map(async (id) => (await objects.commit(id))?.tree),
  );
  if (base === undefined || our === undefined || their === undefined) throw new Fault("git", "merging");
  const [byUs, byThem] = [await changesBetween(objects, base, our), await changesBetween(objects, base, their)];
  const merged = await mergeChanges(run, objects, byUs, byThem);
  if (merged.conflicts.length > 0) return { conflicts: [...new Set(merged.conflicts.map(readable))].sort() };
  const tree = await draftTree(objects, our, merged.entries);
  return { id: tree.id, objects: [...merged.blobs, ...tree.objects] };
}

const readable = (raw: string): string => Buffer.from(raw, "latin1").toString();
const isSame = (a: Leaf | undefined, b: Leaf | undefined): boolean => a?.id === b?.id && a?.mode === b?.mode;

async function mergeChanges(
  run: RunGit,
  objects: Objects,
  byUs: Changed,
  byThem: Changed,
): Promise<{ readonly entries: NewEntries; readonly blobs: NewObject[]; readonly conflicts: string[] }> {
  const entries = new Map<string, Leaf | undefined>();
  const blobs: NewObject[] = [];
  const conflicts: string[] = [];
  const all = new Set([...byUs.keys(), ...byThem.keys()]);
  for (const [path, { before, after }] of byThem) {
    const our = byUs.get(path);
    // A file on one side and a folder on the other.
    if (foldersOf(path).some((folder) => all.has(folder))) conflicts.push(path);
    else if (our === undefined) entries.set(path, after);
    else if (!isSame(our.after, after)) {
      const blob = await mergeFile(run, objects, [before, our.after, after]);
      if (blob === undefined) conflicts.push(path);
      else {
        blobs.push(blob);
        entries.set(path, { mode: modes.file, id: blob.id });
      }
    }
  }
  for (const path of byUs.keys()) if (foldersOf(path).some((folder) => byThem.has(folder))) conflicts.push(path);
  return { entries, blobs, conflicts };
}

const foldersOf = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join("/"));

/** Merged text of a plain file that both changed; nothing when it cannot be had. */
async function mergeFile(
  run: RunGit,
  objects: Objects,
  leaves: readonly (Leaf | undefined)[],
): Promise<NewObject | undefined> {
  const texts: string[] = [];
  for (const leaf of leaves) {
    const text = leaf?.mode === modes.file ? await objects.text(leaf.id) : undefined;
    if (text === undefined) return undefined;
    texts.push(text);
  }
  const [base = "", ours = "", theirs = ""] = texts;
  const merged = await mergeText(run, base, ours, theirs);
  return merged === undefined ? undefined : newObject(hashOf(leaves[0]?.id ?? ""), "blob", Buffer.from(merged));
}

/** Every path that differs between two trees. */
async function changesBetween(objects: Objects, before: string, after: string): Promise<Changed> {
  const changed = new Map<string, { before: Leaf | undefined; after: Leaf | undefined }>();
  const folder = (entry: Leaf | undefined) => (entry?.mode === modes.folder ? entry.id : undefined);
  const leaf = (entry: Leaf | undefined) => (entry?.mode === modes.folder ? undefined : entry);
  const compare = async (a: string | undefined, b: string | undefined, at: string, depth: number): Promise<void> => {
    if (depth > limits.depth || changed.size > limits.entries) {
      throw new Fault("git", "merging", { retryable: false, message: "too much differs. Merge by hand" });
    }
    const [there, here] = [await entriesOf(objects, a), await entriesOf(objects, b)];
    for (const raw of new Set([...there.keys(), ...here.keys()])) {
      const [one, two] = [there.get(raw), here.get(raw)];
      if (isSame(one, two)) continue;
      const path = `${at}${raw}`;
      if (leaf(one) !== undefined || leaf(two) !== undefined)
        changed.set(path, { before: leaf(one), after: leaf(two) });
      if (folder(one) !== undefined || folder(two) !== undefined) {
        await compare(folder(one), folder(two), `${path}/`, depth + 1);
      }
    }
  };
  await compare(before, after, "", 0);
  return changed;
}

const entriesOf = async (objects: Objects, tree: string | undefined): Promise<ReadonlyMap<string, TreeEntry>> =>
  new Map((tree === undefined ? [] : await objects.tree(tree)).map((entry) => [entry.raw, entry]));
