import { afterAll, expect, test } from "vitest";
import { type CommitId, ok } from "../../../src/core/index.ts";
import type { Changes } from "../../../src/repository/index.ts";
import { maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

test("each line is told by which commit it is as it is, also after others changed other lines and files", async () => {
  const repository = await openAt(newFolder());
  const save = async (file: string, text: string): Promise<CommitId> => {
    const edit = () => ok<Changes>(new Map([[file, text]]));
    const saved = await repository.save({ from: await repository.head(), author: maria, subject: text, edit });
    if (!saved.ok) throw new Error(JSON.stringify(saved));
    return saved.value.commit;
  };
  const one = await save("a/x.yaml", "a: 1\nb: 1\nc: 1\n");
  const two = await save("a/x.yaml", "a: 1\nb: 2\nc: 1\n");
  const other = await save("b/x.yaml", "a: 1\n");
  const summary = await save("a/x.yaml", `${"f".repeat(40)} 1 1\n`);
  expect(await repository.linesOf(two, "a/x.yaml")).toEqual([one, two, one]);
  expect(await repository.linesOf(other, "a/x.yaml")).toEqual([one, two, one]);
  expect(await repository.linesOf(summary, "a/x.yaml")).toEqual([summary]);
  expect(await repository.linesOf(other, "b/x.yaml")).toEqual([other]);
  expect(await repository.linesOf(two, "b/x.yaml")).toEqual([]);
  await repository.close();
});
