import { readdirSync, renameSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { git, maria, newFolder, openAt } from "../../support/policy-repository.ts";
import { killedWriters, writerProcess } from "../../support/writer-process.ts";
import { saveFiles, type Times } from "./saves.ts";

/** What kills came to. */
export interface Kills {
  readonly kills: number;
  /** Saves that were answered before a kill; all are in the branch. */
  readonly answered: number;
  /** Times that a killed git left a lock. */
  readonly locks: number;
}

/** Kills writers at any moment of their work, and looks at what is left each time. */
export async function measureKills(kills: number): Promise<Kills> {
  const folder = newFolder();
  const repository = await openAt(folder);
  let [answered, locks] = [0, 0];
  for (let i = 0; i < kills; i++) {
    const order = { folder, name: `k${i}`, writers: 4, saves: 1000 };
    const saved = await killedWriters(order, Math.random() * 150);
    const inBranch = new Set(git(folder, ["rev-list", "main"]).split("\n"));
    if (saved.some((id) => !inBranch.has(id))) throw new Error("an answered save is not in the branch");
    answered += saved.length;
    const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".lock"));
    locks += left.length > 0 ? 1 : 0;
    for (const name of left) utimesSync(join(folder, name), 1, 1);
    const next = await writerProcess({ folder, name: `n${i}`, writers: 1, saves: 1 });
    if (typeof next === "string" || next.commits[0] !== (await repository.head()))
      throw new Error("the next save failed");
  }
  const broken = git(folder, ["fsck", "--strict", "--no-dangling"]);
  if (broken !== "") throw new Error(broken);
  await repository.close();
  return { kills, answered, locks };
}

/** Undoes each of the last hundred changes of one file, the oldest first, and must come back to the beginning. */
export async function measureUndo(count: number): Promise<Times> {
  const repository = await openAt(newFolder());
  const text = (changed: number) =>
    Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 && i < 2 * changed ? `g${i}: changed` : `g${i}: 1`)).join(
      "\n",
    );
  await saveFiles(repository, { "rights.yaml": text(0) });
  const commits = [];
  for (let i = 1; i <= count; i++) commits.push(await saveFiles(repository, { "rights.yaml": text(i) }));
  const times: number[] = [];
  for (const commit of commits) {
    const since = performance.now();
    const edit = repository.undo(commit);
    const undone = await repository.save({ from: commit, author: maria, subject: "Undo", edit });
    if (!undone.ok) throw new Error(`not undone: ${JSON.stringify(undone.refusal)}`);
    times.push(performance.now() - since);
  }
  const [file] = (await repository.filesAt(await repository.head())).files;
  if (file?.text !== text(0)) throw new Error("what is undone is not what was before");
  await repository.close();
  return times;
}

/** Saves while the remote is away; then it comes back, where somebody else has pushed. Milliseconds. */
export async function measureAway(saves: number): Promise<{ saved: Times; notPushed: number; push: number }> {
  const [folder, there] = [newFolder(), newFolder()];
  git("/", ["init", "--quiet", "--bare", "--initial-branch=main", there]);
  const repository = await openAt(folder, { remote: { url: `file://${there}`, branch: "main" } });
  await saveFiles(repository, { "rights.yaml": "a: 1\n" });
  await repository.remote?.push();
  const other = await openAt(newFolder(), { remote: { url: `file://${there}`, branch: "main" } });
  await other.remote?.push();
  await saveFiles(other, { "targets.yaml": "b: 1\n" });
  await other.remote?.push();
  renameSync(there, `${there}.away`);
  const saved: number[] = [];
  for (let i = 0; i < saves; i++) {
    const since = performance.now();
    await saveFiles(repository, { "rights.yaml": `a: ${i + 2}\n` });
    saved.push(performance.now() - since);
    if ((await repository.remote?.push())?.ok) throw new Error("pushed to nowhere");
  }
  const { notPushed = 0 } = (await repository.remote?.status()) ?? {};
  renameSync(`${there}.away`, there);
  const since = performance.now();
  const pushed = await repository.remote?.push();
  const push = performance.now() - since;
  const head = await repository.head();
  if (!pushed?.ok || git(there, ["rev-parse", "main"]) !== head)
    throw new Error(`not pushed: ${JSON.stringify(pushed)}`);
  await Promise.all([repository.close(), other.close()]);
  return { saved, notPushed, push };
}
