import { afterAll, describe, expect, test } from "vitest";
import type { CommitId } from "../../src/core/index.ts";
import type { Repository } from "../../src/repository/index.ts";
import { git, newFolder, openAt, removeFolders } from "../support/policy-repository.ts";
import { fileOf, type WriterOrder, type WriterReport } from "../support/repository-writer.ts";
import { writerProcess } from "../support/writer-process.ts";

afterAll(removeFolders);

// The program git, and as many processes as a crowd of managers has behind it. No server.

const shared = async () => {
  const folder = newFolder();
  return { folder, repository: await openAt(folder) };
};

/** The keys that the files hold, by file, in their order. */
async function keysAt(repository: Repository, commit: CommitId): Promise<ReadonlyMap<string, readonly string[]>> {
  const { files } = await repository.filesAt(commit);
  return new Map(
    files.map(({ file, text }) => [
      file,
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/: 1$/, "")),
    ]),
  );
}

const keysOf = ({ name, writers, saves }: WriterOrder): { readonly key: string; readonly file: string }[] =>
  Array.from({ length: writers * saves }, (_, i) => ({
    key: `${name}-${Math.floor(i / saves)}-${i % saves}`,
    file: fileOf(i % saves),
  }));

/** Every save stands in the files once, and in the history once, one behind the other, each with its own line and no more. */
async function expectAll(folder: string, repository: Repository, orders: readonly WriterOrder[]): Promise<void> {
  const wanted = orders.flatMap(keysOf);
  const there = await keysAt(repository, await repository.head());
  for (const file of new Set(wanted.map((one) => one.file))) {
    const inFile = wanted.filter((one) => one.file === file).map(({ key }) => key);
    expect([...(there.get(file) ?? [])].sort()).toEqual(inFile.sort());
  }
  const log = git(folder, ["log", "--format=%P|%s|%an", "--numstat", "main"]).split(/\n+/);
  const commits = log.filter((line) => line.includes("|")).map((line) => line.split("|"));
  expect(
    commits
      .map(([, subject]) => subject)
      .slice(0, -1)
      .sort(),
  ).toEqual(wanted.map(({ key }) => key).sort());
  expect(commits.filter(([parents = ""]) => parents.includes(" "))).toEqual([]);
  expect(commits.slice(0, -1).filter(([, subject, author]) => subject !== author)).toEqual([]);
  const lines = log.filter((line) => !line.includes("|") && line !== "");
  expect(lines.filter((line) => !line.startsWith("1\t0\t"))).toEqual([]);
  expect(git(folder, ["fsck", "--strict", "--no-dangling"])).toBe("");
}

describe("many writers: none lost, none mixed", () => {
  test("1,000 saves by 20 writers in one process", { timeout: 240_000 }, async () => {
    const { folder, repository } = await shared();
    const order = { folder, name: "a", writers: 20, saves: 50 };
    const report = (await writerProcess(order)) as WriterReport;
    expect(new Set(report.commits).size).toBe(1000);
    await expectAll(folder, repository, [order]);
    await repository.close();
  });

  test("200 saves by four processes with five writers each", { timeout: 240_000 }, async () => {
    const { folder, repository } = await shared();
    const orders = ["a", "b", "c", "d"].map((name) => ({ folder, name, writers: 5, saves: 10 }));
    const reports = await Promise.all(orders.map(writerProcess));
    expect(reports.filter((one) => typeof one === "string")).toEqual([]);
    await expectAll(folder, repository, orders);
    await repository.close();
  });
});

describe("SIGKILL at each step: the branch is old or new, and the next save works", () => {
  test.each(["before", "after", "within"] as const)("%s each call of git", { timeout: 120_000 }, async (when) => {
    const { folder, repository } = await shared();
    const done: WriterOrder[] = [];
    for (let call = 1; ; call++) {
      const order: WriterOrder = { folder, name: `k${call}`, writers: 1, saves: 1, dieAt: { call, when } };
      const before = await repository.head();
      const ended = await writerProcess(order);
      const after = await repository.head();
      const isSaved = after !== before;
      expect((await repository.commit(after))?.subject).toBe(
        isSaved ? `k${call}-0-0` : (await repository.commit(before))?.subject,
      );
      if (isSaved) done.push(order);
      const next = { folder, name: `n${call}`, writers: 1, saves: 1 };
      expect(await writerProcess(next)).toMatchObject({ commits: [await repository.head()] });
      done.push(next);
      if (ended !== "SIGKILL") {
        expect(call).toBeGreaterThan(2);
        break;
      }
    }
    await expectAll(folder, repository, done);
    await repository.close();
  });
});
