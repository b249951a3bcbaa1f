import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CommitId } from "../../../src/core/index.ts";
import { commitIdOf, type RunGit } from "../../../src/repository/index.ts";
import { blob, commitRaw, git, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

describe("at its first start a repository is made", () => {
  test("bare, with the branch and one empty commit of the product", async () => {
    const folder = newFolder();
    const repository = await openAt(folder, { branch: "policies" });
    const head = await repository.head();
    expect(await repository.filesAt(head)).toEqual({ files: [], problems: [] });
    expect(await repository.commit(head)).toMatchObject({ parents: [], author: { name: "cloudpass" } });
    expect(git(folder, ["rev-parse", "--is-bare-repository", "HEAD", "refs/heads/policies"]).split("\n")).toEqual([
      "true",
      head,
      head,
    ]);
    await repository.close();
  });

  test("and opened the next time", async () => {
    const folder = newFolder();
    const first = await openAt(folder);
    const second = await openAt(folder);
    expect(await second.head()).toBe(await first.head());
    await Promise.all([first.close(), second.close()]);
  });

  test("in an empty folder", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    await (await openAt(folder)).close();
    expect(existsSync(join(folder, "HEAD"))).toBe(true);
  });

  test("once, when many start at the same time", async () => {
    const folder = newFolder();
    const all = await Promise.all(Array.from({ length: 5 }, () => openAt(folder)));
    expect(new Set(await Promise.all(all.map((one) => one.head()))).size).toBe(1);
    expect(readdirSync(dirname(folder))).toEqual([basename(folder)]);
    await Promise.all(all.map((one) => one.close()));
  });

  test("none or a whole one, wherever it is stopped", async () => {
    for (let calls = 0; ; calls++) {
      const folder = newFolder();
      const done = await openAt(folder, {}, { around: dyingAfter(calls) }).catch(() => undefined);
      await done?.close();
      if (done) return void expect(calls).toBeGreaterThan(4);
      expect(existsSync(folder) ? readdirSync(folder) : ["HEAD"]).toContain("HEAD");
      const next = await openAt(folder);
      expect(await next.head()).toMatch(/^[0-9a-f]{40}$/);
      await next.close();
    }
  });

  test("what a start that died left beside it goes after an hour", async () => {
    const folder = newFolder();
    mkdirSync(`${folder}.new-dead`);
    utimesSync(`${folder}.new-dead`, 1, 1);
    mkdirSync(`${folder}.new-alive`);
    await (await openAt(folder)).close();
    expect(readdirSync(dirname(folder)).sort()).toEqual([basename(folder), `${basename(folder)}.new-alive`]);
  });
});

/** Git that is not there any more after so many calls. */
function dyingAfter(calls: number): (run: RunGit) => RunGit {
  let left = calls;
  return (run) => async (call) => {
    if (left-- <= 0) throw new Error("killed");
    return run(call);
  };
}

describe("what is no repository of policy files is refused, with what to do", () => {
  const refusal = (folder: string, settings = {}) =>
    openAt(folder, settings).then(
      () => "opened",
      (problem: unknown) => String(problem),
    );

  test("a folder with something else in it", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(await refusal(folder)).toMatch(/something else is in the folder. Name another folder/);
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });

  test("a folder below a work tree of somebody's is not taken for that repository", async () => {
    const folder = newFolder();
    git(dirname(folder), ["init", "--quiet"]);
    mkdirSync(folder);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(await refusal(folder)).toMatch(/something else is in the folder/);
  });

  test("a file; a repository with a work tree; one without the branch; an odd name of a branch", async () => {
    const folder = newFolder();
    writeFileSync(folder, "");
    expect(await refusal(folder)).toMatch(/it is a file. Name a folder/);
    const tree = newFolder();
    spawnSync("git", ["init", "--quiet", tree]);
    expect(await refusal(join(tree, ".git"))).toMatch(/it has a work tree. Make a bare one/);
    const other = newFolder();
    await (await openAt(other)).close();
    expect(await refusal(other, { branch: "production" })).toMatch(/it has no branch production/);
    for (const branch of ["--upload-pack=touch", "a..b", "x.lock", "", "a b"])
      expect(await refusal(other, { branch })).toMatch(/is no name of a branch/);
  });

  test("a place that cannot be written", async () => {
    const folder = newFolder();
    writeFileSync(folder, "");
    expect(await refusal(join(folder, "below"))).toMatch(/cannot be written|it is a file/);
    expect(await refusal("/sys/cloudpass/policies.git")).toMatch(
      /cannot be written.*of a volume, name a folder inside it/,
    );
  });

  test("git that is missing or too old", async () => {
    const folder = newFolder();
    expect(await refusal(folder, { environment: { PATH: "/nowhere" } })).toMatch(/Install git 2.38 or later/);
    const bin = dirname(newFolder());
    writeFileSync(join(bin, "git"), "#!/bin/sh\necho git version 2.34.1\n");
    chmodSync(join(bin, "git"), 0o755);
    expect(await refusal(folder, { environment: { PATH: bin } })).toMatch(/2\.34\.1 is too old. Install git 2\.38/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("files of a commit", () => {
  test("YAML files with their text, in folders too; nothing else and nothing hidden", async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    const id = blob(folder, "kind: Ü\n");
    const inside = git(folder, ["mktree", "-z"], `100644 blob ${id}\trights.yml\0`);
    const commit = commitRaw(folder, [
      { mode: "100644", type: "blob", id, name: "targets.yaml" },
      { mode: "100644", type: "blob", id, name: "README.md" },
      { mode: "100755", type: "blob", id, name: "check.sh" },
      { mode: "100644", type: "blob", id, name: ".gitlab-ci.yml" },
      { mode: "040000", type: "tree", id: inside, name: "customer-a" },
      { mode: "040000", type: "tree", id: inside, name: ".github" },
    ]);
    expect(await repository.head()).toBe(commit);
    expect(await repository.filesAt(commit)).toEqual({
      files: [
        { file: "customer-a/rights.yml", text: "kind: Ü\n" },
        { file: "targets.yaml", text: "kind: Ü\n" },
      ],
      problems: [],
    });
    await repository.close();
  });

  test("what others push is seen at once, packed or not", async () => {
    const folder = newFolder();
    const repository = await openAt(folder);
    await repository.head();
    const commit = commitRaw(folder, [{ mode: "100644", type: "blob", id: blob(folder, "a: 1\n"), name: "a.yaml" }]);
    git(folder, ["gc", "--quiet", "--prune=now"]);
    expect(await repository.head()).toBe(commit);
    expect((await repository.filesAt(commit)).files).toHaveLength(1);
    await repository.close();
  });

  test("a commit that is not there, and what is no id", async () => {
    const repository = await openAt(newFolder());
    const nowhere = "1".repeat(40) as CommitId;
    expect(await repository.commit(nowhere)).toBeUndefined();
    await expect(repository.filesAt(nowhere)).rejects.toThrow(/there is no such commit/);
    expect(["main", "HEAD", "--all", "", "a".repeat(39), "A".repeat(40)].map(commitIdOf)).toEqual(
      Array(6).fill(undefined),
    );
    await repository.close();
  });
});
