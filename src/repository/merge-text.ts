import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitFault, type RunGit } from "./git.ts";

/*
 * Texts are merged file by file, by `git merge-file`. `git merge-tree` would follow renames, and before Git 2.50 nothing keeps it from
 * that: a change of one tenant's file, which was taken away meanwhile, would land in another tenant's that looks like it.
 */

/** Merged lines of two texts that came from one; nothing when both changed the same lines. */
export async function mergeText(run: RunGit, base: string, ours: string, theirs: string): Promise<string | undefined> {
  if (ours === theirs || base === theirs) return ours;
  if (base === ours) return theirs;
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-merge-"));
  try {
    const paths = ["ours", "base", "theirs"].map((name) => join(folder, name));
    const texts = [ours, base, theirs];
    await Promise.all(paths.map((path, i) => writeFile(path, texts[i] ?? "")));
    const { code, stdout, stderr } = await run({ args: ["merge-file", "-p", "-q", ...paths] });
    if (code === 0) return stdout.toString();
    // So many conflicts, or more.
    if (code > 0 && code <= 127) return undefined;
    throw gitFault("merge-file", stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
