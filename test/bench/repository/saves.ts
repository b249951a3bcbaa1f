import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type CommitId, ok } from "../../../src/core/index.ts";
import type { Changes, Repository } from "../../../src/repository/index.ts";
import { git, maria, newFolder, openAt } from "../../support/policy-repository.ts";
import type { WriterReport } from "../../support/repository-writer.ts";
import { writerProcess } from "../../support/writer-process.ts";

const run = promisify(execFile);

/** Milliseconds of each of some acts. */
export type Times = readonly number[];

/** The smallest value that this part of all do not exceed. */
export function quantile(values: Times, part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** A policy file as tenants have it, of some 2 kB. */
const fileOfTenant = (tenant: number, change: number): string =>
  ["kind: Policy", `tenant: t${tenant}`, "grants:", ...grantsOf(change)].join("\n");
const grantsOf = (change: number): string[] =>
  Array.from({ length: 40 }, (_, i) => `  - {id: g${i}, give: dev, to: w${i === 7 ? change : i}}`);

const tenants = 200;
const all = (change: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: tenants }, (_, i) => [`t${i}/rights.yaml`, fileOfTenant(i, change)]));

/** Saves, and throws when it is refused. */
export async function saveFiles(repository: Repository, files: Record<string, string>): Promise<CommitId> {
  const edit = () => ok<Changes>(new Map(Object.entries(files)));
  const saved = await repository.save({ from: await repository.head(), author: maria, subject: "Change", edit });
  if (!saved.ok) throw new Error(JSON.stringify(saved.refusal));
  return saved.value.commit;
}

async function timed(times: number[], act: () => Promise<unknown>): Promise<void> {
  const since = performance.now();
  await act();
  times.push(performance.now() - since);
}

const environment = {
  PATH: process.env["PATH"],
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Maria",
  GIT_AUTHOR_EMAIL: "maria@customer-a.example",
  GIT_COMMITTER_NAME: "cloudpass",
  GIT_COMMITTER_EMAIL: "cloudpass@example.org",
};

/** A work tree as people have one, with these files committed. */
async function workTree(files: Record<string, string>): Promise<string> {
  const folder = dirname(newFolder());
  await run("git", ["init", "--quiet", folder]);
  git(folder, ["config", "core.fsync", "all"]);
  await commitByGit(folder, files);
  return folder;
}

async function commitByGit(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await run("git", ["add", "--", ...Object.keys(files)], { cwd: folder, env: environment });
  await run("git", ["commit", "--quiet", "-m", "Change"], { cwd: folder, env: environment });
}

/** One writer, beside `git commit`; and what reading takes. */
export async function measureAlone(saves: number): Promise<{ ours: Times; theirs: Times; heads: Times; reads: Times }> {
  const folder = newFolder();
  const [repository, reader] = [await openAt(folder), await openAt(folder)];
  await saveFiles(repository, all(0));
  const tree = await workTree(all(0));
  const [ours, theirs, heads, reads]: number[][] = [[], [], [], []];
  for (let i = 1; i <= saves; i++) {
    const change = { [`t${i % tenants}/rights.yaml`]: fileOfTenant(i % tenants, i) };
    await timed(ours ?? [], () => saveFiles(repository, change));
    await timed(theirs ?? [], () => commitByGit(tree, change));
    await timed(heads ?? [], () => reader.head());
    const head = await reader.head();
    await timed(reads ?? [], () => reader.filesAt(head));
  }
  await Promise.all([repository.close(), reader.close()]);
  return { ours: ours ?? [], theirs: theirs ?? [], heads: heads ?? [], reads: reads ?? [] };
}

/** What many writers came to. */
export interface Crowd {
  readonly took: Times;
  readonly seconds: number;
}

/** Saves by writers in so many processes. Throws when one is lost, mixed with another, or not the only one of its kind. */
export async function measureCrowd(processes: number, writers: number, saves: number): Promise<Crowd> {
  const folder = newFolder();
  const repository = await openAt(folder);
  const since = performance.now();
  const orders = Array.from({ length: processes }, (_, i) => ({ folder, name: `p${i}`, writers, saves }));
  const reports = (await Promise.all(orders.map(writerProcess))) as readonly WriterReport[];
  const seconds = (performance.now() - since) / 1000;
  const commits = reports.flatMap((one) => one.commits);
  const inBranch = new Set(git(folder, ["rev-list", "main"]).split("\n"));
  const wanted = processes * writers * saves;
  const { files } = await repository.filesAt(await repository.head());
  const lines = files.flatMap(({ text }) => text.trimEnd().split("\n"));
  await repository.close();
  if (inBranch.size !== wanted + 1 || commits.some((id) => !inBranch.has(id)))
    throw new Error("a save is not in the branch");
  if (new Set(lines).size !== wanted || lines.length !== wanted)
    throw new Error("a save is lost or mixed in the files");
  return { took: reports.flatMap((one) => one.took), seconds };
}

/** The same by `git commit` in a work tree that all share: how many fail, each tried once. */
export async function measureSharedTree(writers: number, saves: number): Promise<{ failed: number; all: number }> {
  const tree = await workTree(all(0));
  let failed = 0;
  const one = async (writer: number) => {
    for (let nth = 0; nth < saves; nth++) {
      await commitByGit(tree, { [`t${writer}/rights.yaml`]: fileOfTenant(writer, nth + 1) }).catch(() => failed++);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)));
  return { failed, all: writers * saves };
}
