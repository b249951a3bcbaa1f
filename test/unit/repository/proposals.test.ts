import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Instant, instant, ok, systemClock } from "../../../src/core/index.ts";
import type { Changes, Repository } from "../../../src/repository/index.ts";
import { type Colleague, colleagueOf } from "../../support/colleague.ts";
import { git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

// A change under a path that wants a review waits on a branch at the remote; a colleague with plain git merges or removes it.

let there: string;
let repository: Repository;
let colleague: Colleague;
let now: Instant;

beforeEach(async () => {
  there = newFolder();
  mkdirSync(there);
  git(there, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  now = systemClock.now();
  const remote = { url: `file://${there}`, branch: "main", proposals: ["a"] };
  repository = await openAt(newFolder(), { remote }, { clock: { ...systemClock, now: () => now } });
  colleague = colleagueOf(there);
  await save({ "b/p.yaml": "b: 1\n" });
  await push();
});
afterEach(async () => {
  await repository.close();
  colleague.end();
});
afterAll(removeFolders);

async function save(files: Record<string, string>) {
  const edit = () => ok<Changes>(new Map(Object.entries(files)));
  const saved = await repository.save({ from: await repository.head(), author: maria, subject: "Change", edit });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
  return saved.value;
}
const push = () => repository.remote?.push();
const proposals = async () =>
  ((await repository.remote?.proposals.list()) ?? []).map(({ branch, state }) => `${branch} ${state}`);
const branches = () => git(there, ["for-each-ref", "--format=%(refname:short)", "refs/heads"]).split("\n");
const filesNow = async () => (await repository.filesAt(await repository.head())).files.map(({ file }) => file);

describe("a change under a path of proposals", () => {
  test("waits on a branch of its own; main stays, and other folders are saved as always", async () => {
    const before = await repository.head();
    const saved = await save({ "a/p.yaml": "a: 1\n" });
    expect(saved).toMatchObject({ proposed: true, parent: before });
    const [one] = await proposals();
    expect([one, await repository.head()]).toEqual([
      expect.stringMatching(/^cloudpass\/a-[0-9a-f]{12} unsent$/),
      before,
    ]);
    expect(await push()).toEqual(ok(before));
    const branch = one?.split(" ")[0] ?? "";
    expect([await proposals(), branches(), git(there, ["rev-parse", branch])]).toEqual([
      [`${branch} open`],
      [branch, "main"],
      saved.commit,
    ]);
    expect(git(there, ["log", "-1", "--format=%an %cn", branch])).toBe("Maria Meier cloudpass");
    expect((await save({ "b/q.yaml": "b: 2\n" })).proposed).toBeUndefined();
    expect(await filesNow()).toEqual(["b/p.yaml", "b/q.yaml"]);
  });

  test("sent twice is one proposal, also after it went to the remote", async () => {
    const first = await save({ "a/p.yaml": "a: 1\n" });
    const again = await save({ "a/p.yaml": "a: 1\n" });
    await push();
    expect([again, await save({ "a/p.yaml": "a: 1\n" }), (await proposals()).length]).toEqual([first, first, 1]);
    expect((await save({ "a/p.yaml": "a: 2\n" })).commit).not.toBe(first.commit);
    expect(await proposals()).toHaveLength(2);
  });

  const merge = (branch: string, ...how: readonly string[]) => {
    colleague.git("checkout", "--quiet", "--detach", "origin/main");
    colleague.git("merge", "--quiet", ...how, `origin/${branch}`);
  };
  test.each([
    ["merged", (branch: string) => merge(branch, "--no-ff", "--no-edit")],
    [
      "squashed",
      (branch: string) => {
        merge(branch, "--squash");
        colleague.git("commit", "--quiet", "--message", "Squashed");
      },
    ],
  ])("comes in when it is %s there, and is a proposal no more", async (_, mergeThere) => {
    await save({ "a/p.yaml": "a: 1\n" });
    await push();
    const branch = (await proposals())[0]?.split(" ")[0] ?? "";
    mergeThere(branch);
    colleague.git("push", "--quiet", "origin", "HEAD:main");
    await push();
    expect([await proposals(), await filesNow()]).toEqual([[], ["a/p.yaml", "b/p.yaml"]]);
    colleague.git("push", "--quiet", "origin", "--delete", branch);
    await push();
    expect([await proposals(), git(there, ["rev-parse", "main"])]).toEqual([[], await repository.head()]);
  });

  test("never counts when its branch is removed there; that is said for a month, and proposing it again is new", async () => {
    const first = await save({ "a/p.yaml": "a: 1\n" });
    await push();
    const branch = (await proposals())[0]?.split(" ")[0] ?? "";
    colleague.git("push", "--quiet", "origin", "--delete", branch);
    await push();
    expect([await proposals(), await filesNow()]).toEqual([[`${branch} gone`], ["b/p.yaml"]]);
    now = instant(now + 5);
    const again = await save({ "a/p.yaml": "a: 1\n" });
    await push();
    expect([await proposals(), again.commit === first.commit]).toEqual([[`${branch} open`], false]);
    colleague.git("push", "--quiet", "origin", "--delete", branch);
    await push();
    now = instant(now + 31 * 86_400);
    await push();
    expect(await proposals()).toEqual([]);
  });

  test("is kept while the remote is away, and sent when it is back", async () => {
    renameSync(there, `${there}.away`);
    await save({ "a/p.yaml": "a: 1\n" });
    expect((await push())?.ok).toBe(false);
    expect((await proposals())[0]).toMatch(/ unsent$/);
    renameSync(`${there}.away`, there);
    expect((await push())?.ok).toBe(true);
    expect((await proposals())[0]).toMatch(/ open$/);
  });

  test("that the remote refuses keeps no other from it", async () => {
    await save({ "a/p.yaml": "a: 1\n" });
    await save({ "a/q.yaml": "a: 2\n" });
    const [first = "", second = ""] = (await proposals()).map((one) => one.split(" ")[0] ?? "").sort();
    git(there, ["update-ref", `refs/heads/${first}/taken`, "refs/heads/main"]);
    expect((await push())?.ok).toBe(false);
    expect((await proposals()).sort()).toEqual([`${first} unsent`, `${second} open`]);
  });

  test("is sent and followed also while the remote refuses what goes to the branch itself", async () => {
    const hook = '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "protected" >&2; exit 1; }\n';
    writeFileSync(`${there}/hooks/update`, hook, { mode: 0o755 });
    await save({ "b/q.yaml": "b: 2\n" });
    await save({ "a/p.yaml": "a: 1\n" });
    const refused = { ok: false, refusal: { kind: "refused", message: expect.stringContaining("protected") } };
    expect(await push()).toMatchObject(refused);
    const [one = ""] = await proposals();
    expect(one).toMatch(/ open$/);
    const branch = one.split(" ")[0] ?? "";
    git(there, ["update-ref", "-d", `refs/heads/${branch}`]);
    expect(await push()).toMatchObject(refused);
    expect(await proposals()).toEqual([`${branch} gone`]);
  });
});
