import { afterAll, expect, test } from "vitest";
import { type CommitId, ok } from "../../../src/core/index.ts";
import type { Changes } from "../../../src/repository/index.ts";
import { git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

async function opened() {
  const folder = newFolder();
  const repository = await openAt(folder);
  const save = async (records: Record<string, string>, files: Record<string, string> = {}) =>
    repository.save({
      from: await repository.head(),
      author: maria,
      subject: "a review",
      edit: () => ok<Changes>(new Map(Object.entries(files))),
      records: new Map(Object.entries(records)),
    });
  return { folder, repository, save };
}

test("a record stands beside the policy files, is none of them, and is there once", async () => {
  const { folder, repository, save } = await opened();
  const first = await save({ "a/.reviews/one.json": "{}\n" }, { "a/x.yaml": "1\n" });
  const again = await save({ "a/.reviews/one.json": "{}\n" });
  expect([first.ok, again]).toEqual([true, ok(expect.objectContaining({ commit: await repository.head() }))]);
  const head = await repository.head();
  expect(first).toMatchObject({ value: { commit: head } });
  expect((await repository.filesAt(head)).files.map(({ file }) => file)).toEqual(["a/x.yaml"]);
  expect([...(await repository.recordsAt(head, "a/.reviews"))]).toEqual([["one", "{}\n"]]);
  for (const none of ["b/.reviews", "a/x.yaml", "a/.reviews/one.json", "a"])
    expect(await repository.recordsAt(head, none)).toEqual(new Map());
  expect(git(folder, ["show", `${head}:a/.reviews/one.json`])).toBe("{}");
  await repository.close();
});

test.each(["a/reviews/x.json", ".x.json", "a/.reviews/x.yaml", "a/.git/x.json", "a/.r/../x.json", "a/.reviews/.json"])(
  "no record is written to %s",
  async (file) => {
    const { repository, save } = await opened();
    const head: CommitId = await repository.head();
    expect(await save({ [file]: "{}" })).toMatchObject({ ok: false, refusal: { kind: "file", file } });
    expect(await repository.head()).toBe(head);
    await repository.close();
  },
);
