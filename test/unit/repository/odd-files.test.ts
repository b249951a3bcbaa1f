import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ok } from "../../../src/core/index.ts";
import type { Changes } from "../../../src/repository/index.ts";
import {
  blob,
  commitRaw,
  git,
  type Line,
  maria,
  newFolder,
  openAt,
  removeFolders,
} from "../../support/policy-repository.ts";

afterAll(removeFolders);

const nothing = "1".repeat(40);

describe("what a push may hold is named and never followed", () => {
  const held: readonly (readonly [string, Omit<Line, "id">, RegExp])[] = [
    ["a symbolic link", { mode: "120000", type: "blob", name: "a.yaml" }, /is a symbolic link/],
    ["one to a folder", { mode: "120000", type: "blob", name: "customer-a" }, /is a symbolic link/],
    ["a submodule", { mode: "160000", type: "commit", name: "customer-a" }, /is another repository/],
    ["an executable", { mode: "100755", type: "blob", name: "a.yaml" }, /has the mode 100755/],
    [
      "a name with a line break",
      { mode: "100644", type: "blob", name: "a\nb.yaml" },
      /leads elsewhere or cannot be read/,
    ],
    ["one that turns the direction", { mode: "100644", type: "blob", name: "a\u202elmay.yaml" }, /cannot be read/],
    [
      "one of other letters that look the same",
      { mode: "100644", type: "blob", name: "a\u0308.yaml" },
      /cannot be read/,
    ],
    ["one with a backslash", { mode: "100644", type: "blob", name: "..\\a.yaml" }, /leads elsewhere/],
    ["one like an option", { mode: "100644", type: "blob", name: "--a.yaml" }, /leads elsewhere/],
  ];
  test.each(held)("%s", async (_, line, message) => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const id = line.type === "commit" ? nothing : blob(folder, "/etc/passwd");
    const commit = commitRaw(folder, [{ ...line, id }]);
    const { files, problems } = await repository.filesAt(commit);
    expect(files).toEqual([]);
    expect(problems).toEqual([{ file: line.name, message: expect.stringMatching(message), fix: expect.any(String) }]);
    await repository.close();
  });

  test.each(["..", ".git", ".GIT", "git~1", ".g\u200cit", "."])("a folder that is called %j", async (name) => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const id = git(folder, ["mktree"], `100644 blob ${blob(folder, "a: 1\n")}\ta.yaml\n`);
    const commit = commitRaw(folder, [{ mode: "040000", type: "tree", name, id }]);
    const { files, problems } = await repository.filesAt(commit);
    expect([files, problems.map(({ file }) => file)]).toEqual([[], [name]]);
    await repository.close();
  });

  test("a file that is too large, and one that is not UTF-8", async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const commit = commitRaw(folder, [
      { mode: "100644", type: "blob", id: blob(folder, "#".repeat(1024 * 1024 + 1)), name: "large.yaml" },
      { mode: "100644", type: "blob", id: blob(folder, Buffer.from([0x61, 0xff])), name: "latin.yaml" },
      { mode: "100644", type: "blob", id: blob(folder, "#".repeat(1024 * 1024)), name: "whole.yaml" },
    ]);
    const { files, problems } = await repository.filesAt(commit);
    expect(files.map(({ file }) => file)).toEqual(["whole.yaml"]);
    expect(problems.map(({ file }) => file)).toEqual(["large.yaml", "latin.yaml"]);
    await repository.close();
  });

  test("two files of one name: neither is chosen in silence", async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const commit = commitRaw(folder, [
      { mode: "100644", type: "blob", id: blob(folder, "a: 1\n"), name: "a.yaml" },
      { mode: "100644", type: "blob", id: blob(folder, "a: 2\n"), name: "a.yaml" },
    ]);
    expect((await repository.filesAt(commit)).problems).toMatchObject([
      { file: "a.yaml", message: "stands there twice" },
    ]);
    const edit = () => ok<Changes>(new Map([["a.yaml", "a: 3\n"]]));
    const saved = await repository.save({ from: commit, author: maria, subject: "x", edit });
    expect(saved).toMatchObject({ ok: false, refusal: { kind: "file", file: "a.yaml" } });
    await repository.close();
  });

  test("folders in folders without end", async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    let id = git(folder, ["mktree"], `100644 blob ${blob(folder, "a: 1\n")}\ta.yaml\n`);
    for (let depth = 0; depth < 40; depth++) id = git(folder, ["mktree"], `040000 tree ${id}\td\n`);
    const commit = commitRaw(folder, [{ mode: "040000", type: "tree", name: "d", id }]);
    const { files, problems } = await repository.filesAt(commit);
    expect([files, problems[0]?.message]).toEqual([[], "lies in more than 16 folders"]);
    await repository.close();
  });
});

/** The processes that read objects of a repository. */
const readersOf = (folder: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(join("/proc", pid, "cmdline"), "utf8");
        return command.startsWith("git\0") && command.includes(folder) && command.includes("cat-file");
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);

describe("objects that are damaged", () => {
  const withOneFile = async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const id = blob(folder, "a: 1\n");
    const commit = commitRaw(folder, [{ mode: "100644", type: "blob", id, name: "a.yaml" }]);
    const path = join(folder, "objects", id.slice(0, 2), id.slice(2));
    chmodSync(path, 0o644);
    return { folder, repository, id, commit, path };
  };

  test("one with other bytes is a fault that names it, and the repository goes on", async () => {
    const { repository, id, commit, path } = await withOneFile();
    writeFileSync(path, "no object");
    await expect(repository.filesAt(commit)).rejects.toThrow(new RegExp(`reading object ${id}.*git fsck`));
    expect(await repository.head()).toBe(commit);
    await repository.close();
  });

  test("the process that reads is killed: the next question starts another", async () => {
    const { folder, repository } = await withOneFile();
    for (let time = 0; time < 3; time++) {
      const name = `${time}.yaml`;
      const next = commitRaw(folder, [{ mode: "100644", type: "blob", id: blob(folder, name), name }]);
      for (const pid of readersOf(folder)) process.kill(pid, "SIGKILL");
      expect((await repository.filesAt(next)).files).toEqual([{ file: name, text: name }]);
    }
    await repository.close();
  });

  test("a branch with the name of a ref does not stand in for one that is missing", async () => {
    const { folder, repository, commit } = await withOneFile();
    git(folder, ["update-ref", "refs/heads/refs/heads/main", commit]);
    git(folder, ["update-ref", "-d", "refs/heads/main"]);
    await expect(repository.head()).rejects.toThrow(/the branch main is not in/);
    await expect(openAt(folder)).rejects.toThrow(/it has no branch main/);
    await repository.close();
  });

  test("one that is missing", async () => {
    const { repository, id, commit, path } = await withOneFile();
    rmSync(path);
    await expect(repository.filesAt(commit)).rejects.toThrow(new RegExp(`${id}.*missing`));
    await repository.close();
  });

  test("one in whose place another whole object was put", async () => {
    const { folder, repository, id, commit, path } = await withOneFile();
    const other = blob(folder, "grants: everybody\n");
    copyFileSync(join(folder, "objects", other.slice(0, 2), other.slice(2)), path);
    await expect(repository.filesAt(commit)).rejects.toThrow(new RegExp(`${id} failed: `));
    await repository.close();
  });

  test("an object that Git was told to replace is read as it is", async () => {
    const { folder, repository, id, commit } = await withOneFile();
    git(folder, ["replace", id, blob(folder, "grants: everybody\n")]);
    expect((await repository.filesAt(commit)).files).toEqual([{ file: "a.yaml", text: "a: 1\n" }]);
    const saved = await repository.save({
      from: commit,
      author: maria,
      subject: "x",
      edit: () => ({ ok: true, value: new Map() }),
    });
    expect(saved).toEqual({ ok: true, value: { commit, parent: commit } });
    await repository.close();
  });
});
