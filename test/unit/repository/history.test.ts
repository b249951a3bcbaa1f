import { afterAll, describe, expect, test } from "vitest";
import { type CommitId, err, instant, manualClock, ok, seconds } from "../../../src/core/index.ts";
import type { Changes, Repository } from "../../../src/repository/index.ts";
import { blob, commitRaw, git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

/** A repository whose clock goes on by a minute with each save. */
async function timed() {
  const folder = newFolder();
  const clock = manualClock(instant(1_790_000_000));
  const repository = await openAt(folder, {}, { clock });
  const save = async (subject: string, files: Record<string, string | undefined>): Promise<CommitId> => {
    clock.advance(seconds(60));
    const edit = () => ok<Changes>(new Map(Object.entries(files)));
    const saved = await repository.save({ from: await repository.head(), author: maria, subject, edit });
    if (!saved.ok) throw new Error(JSON.stringify(saved));
    return saved.value.commit;
  };
  return { folder, repository, save };
}

const undo = async (repository: Repository, commit: CommitId) =>
  repository.save({ from: commit, author: maria, subject: "Undo", edit: repository.undo(commit) });
const textOf = async (repository: Repository, file: string) =>
  (await repository.filesAt(await repository.head())).files.find((one) => one.file === file)?.text;

describe("history", () => {
  test("is newest first, with who, when and what for; by file or folder; page by page from one commit", async () => {
    const { repository, save } = await timed();
    const one = await save("one", { "a/x.yaml": "1\n" });
    const two = await save("two", { "b/x.yaml": "1\n" });
    const three = await save("three", { "a/x.yaml": "2\n", "b/y.yaml": "1\n" });
    const subjects = async (query: Parameters<Repository["history"]>[0]) =>
      (await repository.history(query)).map(({ subject }) => subject);
    expect(await repository.history({ limit: 1 })).toMatchObject([
      { id: three, parents: [two], author: maria, at: 1_790_000_180, subject: "three", trailers: {} },
    ]);
    expect(await subjects({ limit: 10, path: "a" })).toEqual(["three", "one"]);
    expect(await subjects({ limit: 10, path: "b/x.yaml" })).toEqual(["two"]);
    await save("four", { "c.yaml": "1\n" });
    expect(await subjects({ limit: 2, from: three, skip: 2 })).toEqual(["one", "No policy files yet"]);
    expect(await subjects({ limit: 10, from: one, skip: 9 })).toEqual([]);
    await repository.close();
  });

  test("takes a path as it stands: no pattern, no magic, no option", async () => {
    const { repository, save } = await timed();
    await save("one", { "a/x.yaml": "1\n" });
    for (const path of ["*", ":(top)a", ":!b", "--all", "../a"])
      expect(await repository.history({ limit: 5, path }).catch(() => [])).toEqual([]);
    await repository.close();
  });

  test("trailers of a message are read, those that people's texts look like are not", async () => {
    const { folder, repository } = await timed();
    const tree = git(folder, ["mktree"]);
    const messages: readonly (readonly [string, object])[] = [
      [
        "s\n\nb\n\nApproved-By: Otto\nRequest: r-1\n",
        { subject: "s", body: "b", trailers: { "Approved-By": "Otto", Request: "r-1" } },
      ],
      ["s\n\nKey: value\nand text\n", { subject: "s", body: "Key: value\nand text", trailers: {} }],
      ["Key: value\n", { subject: "Key: value", body: "", trailers: {} }],
      ["", { subject: "", body: "", trailers: {} }],
    ];
    for (const [message, wanted] of messages) {
      const commit = git(folder, ["commit-tree", tree], message) as CommitId;
      expect(await repository.commit(commit)).toMatchObject(wanted);
    }
    await repository.close();
  });
});

describe("what a commit changed", () => {
  test("the files before and after, against its first parent", async () => {
    const { repository, save } = await timed();
    await save("one", { "a.yaml": "1\n", "b.yaml": "1\n", "c.yaml": "1\n" });
    const commit = await save("two", { "a.yaml": "2\n", "b.yaml": undefined, "d.yaml": "1\n" });
    expect(await repository.changesOf(commit)).toEqual([
      { file: "a.yaml", before: "1\n", after: "2\n" },
      { file: "b.yaml", before: "1\n" },
      { file: "d.yaml", after: "1\n" },
    ]);
    await repository.close();
  });

  test("a file that became a link was taken away; the first commit has no before", async () => {
    const { folder, repository, save } = await timed();
    const [first] = (await repository.history({ limit: 1 })).map(({ id }) => id);
    await save("one", { "a.yaml": "1\n" });
    const link = commitRaw(folder, [{ mode: "120000", type: "blob", id: blob(folder, "b.yaml"), name: "a.yaml" }]);
    expect(await repository.changesOf(link)).toEqual([{ file: "a.yaml", before: "1\n" }]);
    expect(first && (await repository.changesOf(first))).toEqual([]);
    await repository.close();
  });
});

describe("undoing a change", () => {
  const long = (...lines: readonly string[]) =>
    ["a: 1", "b: 1", "c: 1", "d: 1", "e: 1", "f: 1", ...lines, ""].join("\n");

  test("the last one: all is as before", async () => {
    const { repository, save } = await timed();
    await save("one", { "a.yaml": "1\n" });
    const commit = await save("two", { "a.yaml": "2\n", "b.yaml": "1\n" });
    expect((await undo(repository, commit)).ok).toBe(true);
    expect([await textOf(repository, "a.yaml"), await textOf(repository, "b.yaml")]).toEqual(["1\n", undefined]);
    await repository.close();
  });

  test("an older one: what others changed since stays, in the same file too", async () => {
    const { repository, save } = await timed();
    await save("one", { "a.yaml": long() });
    const commit = await save("two", { "a.yaml": long().replace("a: 1", "a: 2") });
    await save("three", { "a.yaml": long("g: 1").replace("a: 1", "a: 2"), "b.yaml": "1\n" });
    expect((await undo(repository, commit)).ok).toBe(true);
    expect([await textOf(repository, "a.yaml"), await textOf(repository, "b.yaml")]).toEqual([long("g: 1"), "1\n"]);
    expect(await undo(repository, commit)).toEqual(
      ok({ commit: await repository.head(), parent: await repository.head() }),
    );
    await repository.close();
  });

  test("one that somebody else took back already changes nothing", async () => {
    const { repository, save } = await timed();
    const commit = await save("one", { "a.yaml": "1\n" });
    const head = await save("two", { "a.yaml": undefined });
    expect(await undo(repository, commit)).toEqual(ok({ commit: head, parent: head }));
    await repository.close();
  });

  test("one whose lines somebody changed since is refused with the files, and nothing moves", async () => {
    const { repository, save } = await timed();
    await save("one", { "a.yaml": long() });
    const commit = await save("two", { "a.yaml": long().replace("a: 1", "a: 2") });
    const head = await save("three", { "a.yaml": long().replace("a: 1", "a: 3") });
    expect(await undo(repository, commit)).toEqual(err({ kind: "conflict", files: ["a.yaml"] }));
    expect(await repository.head()).toBe(head);
    await repository.close();
  });

  test("an undo is undone; a commit that is not in the branch is refused; renames are not guessed", async () => {
    const { folder, repository, save } = await timed();
    await save("one", { "a.yaml": long() });
    const commit = await save("two", { "a.yaml": long().replace("a: 1", "a: 2") });
    const back = await undo(repository, commit);
    if (back.ok) await undo(repository, back.value.commit);
    expect(await textOf(repository, "a.yaml")).toBe(long().replace("a: 1", "a: 2"));
    const elsewhere = git(folder, ["commit-tree", git(folder, ["mktree"])], "elsewhere") as CommitId;
    const edit = repository.undo(elsewhere);
    const from = await save("moved", { "a.yaml": undefined, "b.yaml": long().replace("a: 1", "a: 2") });
    expect(await repository.save({ from, author: maria, subject: "Undo", edit })).toEqual(err({ kind: "from" }));
    expect(await undo(repository, commit)).toEqual(err({ kind: "conflict", files: ["a.yaml"] }));
    await repository.close();
  });
});
