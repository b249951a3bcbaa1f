import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CommitId, err, ok, Secret } from "../../../src/core/index.ts";
import type { Changes, Repository, RepositorySettings } from "../../../src/repository/index.ts";
import { gitOverHttp } from "../../support/git-over-http.ts";
import { blob, commitRaw, git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

const save = async (repository: Repository, files: Record<string, string | undefined>): Promise<CommitId> => {
  const edit = () => ok<Changes>(new Map(Object.entries(files)));
  const saved = await repository.save({ from: await repository.head(), author: maria, subject: "Change", edit });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
  return saved.value.commit;
};

const push = (repository: Repository) => repository.remote?.push();
const status = (repository: Repository) => repository.remote?.status();
const textsAt = async (repository: Repository) =>
  Object.fromEntries((await repository.filesAt(await repository.head())).files.map(({ file, text }) => [file, text]));

const lines = (...more: readonly string[]) => ["a: 1", "b: 1", "c: 1", "d: 1", "e: 1", ...more, ""].join("\n");

/** A remote, and a repository that pushes to it. */
async function withRemote(settings: Partial<RepositorySettings> = {}) {
  const there = newFolder();
  const folder = newFolder();
  mkdirSync(there);
  git(there, ["init", "--quiet", "--bare", "--initial-branch=policies"]);
  const remote = { url: `file://${there}`, branch: "policies" };
  const repository = await openAt(folder, { remote, ...settings });
  return { there, folder, repository };
}

/** Commits files to the remote's branch, beside what is there. */
function pushByOthers(there: string, files: Record<string, string>): CommitId {
  const before = git(there, ["ls-tree", "policies"]);
  const kept = before
    .split("\n")
    .filter((line) => line !== "" && !Object.keys(files).includes(line.split("\t")[1] ?? ""));
  const added = Object.entries(files).map(([name, text]) => `100644 blob ${blob(there, text)}\t${name}`);
  const tree = git(there, ["mktree"], [...kept, ...added].join("\n"));
  const commit = git(there, ["commit-tree", "-p", "policies", "-m", "By others", tree]);
  git(there, ["update-ref", "refs/heads/policies", commit]);
  return commit as CommitId;
}

describe("a push", () => {
  test("brings what was saved to the remote, read back; then nothing is left", async () => {
    const { there, repository } = await withRemote();
    const commit = await save(repository, { "a.yaml": "a: 1\n" });
    expect(await status(repository)).toEqual({ notPushed: 2 });
    expect(await push(repository)).toEqual(ok(commit));
    expect(git(there, ["rev-parse", "policies"])).toBe(commit);
    expect(await status(repository)).toEqual({ notPushed: 0, pushedAt: expect.any(Number) });
    await save(repository, { "a.yaml": "a: 2\n" });
    expect(await status(repository)).toMatchObject({ notPushed: 1 });
    await repository.close();
  });

  test("takes what the remote has: at the first start, and when only that went on", async () => {
    const { there, folder, repository } = await withRemote();
    git(there, [
      "update-ref",
      "refs/heads/policies",
      git(there, ["commit-tree", git(there, ["mktree"]), "-m", "theirs"]),
    ]);
    const first = pushByOthers(there, { "a.yaml": lines() });
    expect(await push(repository)).toEqual(ok(first));
    const second = pushByOthers(there, { "b.yaml": "b: 1\n" });
    expect(await push(repository)).toEqual(ok(second));
    expect(await textsAt(repository)).toEqual({ "a.yaml": lines(), "b.yaml": "b: 1\n" });
    expect(git(folder, ["rev-parse", "main"])).toBe(second);
    await repository.close();
  });

  test("merges where both went on, in one file too, and leaves everything else as it was", async () => {
    const { there, repository } = await withRemote();
    await save(repository, { "a.yaml": lines(), "b/c.yaml": "c: 1\n" });
    await push(repository);
    const theirs = pushByOthers(there, { "a.yaml": lines("f: 2"), "README.md": "read" });
    const ours = await save(repository, { "a.yaml": lines().replace("a: 1", "a: 2"), "d/e.yaml": "e: 1\n" });
    const pushed = await push(repository);
    const head = await repository.head();
    expect([pushed, git(there, ["rev-parse", "policies"])]).toEqual([ok(head), head]);
    expect(await repository.commit(head)).toMatchObject({ parents: [ours, theirs], author: { name: "cloudpass" } });
    expect(await textsAt(repository)).toEqual({
      "a.yaml": lines("f: 2").replace("a: 1", "a: 2"),
      "b/c.yaml": "c: 1\n",
      "d/e.yaml": "e: 1\n",
    });
    expect(git(there, ["show", "policies:README.md"])).toBe("read");
    expect(git(there, ["fsck", "--strict", "--no-dangling"])).toBe("");
    await repository.close();
  });

  test("that meets the same lines changed on both sides names the files, and leaves both as they are", async () => {
    const { there, repository } = await withRemote();
    await save(repository, { "a.yaml": lines() });
    await push(repository);
    const theirs = pushByOthers(there, { "a.yaml": lines().replace("a: 1", "a: 3") });
    const ours = await save(repository, { "a.yaml": lines().replace("a: 1", "a: 2") });
    expect(await push(repository)).toEqual(err({ kind: "conflict", files: ["a.yaml"] }));
    expect([await repository.head(), git(there, ["rev-parse", "policies"])]).toEqual([ours, theirs]);
    expect(await status(repository)).toMatchObject({ notPushed: 1, problem: { kind: "conflict", files: ["a.yaml"] } });
    // Somebody decides, here or there.
    await save(repository, { "a.yaml": lines().replace("a: 1", "a: 3") });
    expect((await push(repository))?.ok).toBe(true);
    expect(await status(repository)).toEqual({ notPushed: 0, pushedAt: expect.any(Number) });
    await repository.close();
  });

  test("never carries a change along a rename into another tenant's file", async () => {
    const { there, repository } = await withRemote();
    await save(repository, { "customer-a.yaml": lines("f: 1", "g: 1") });
    await push(repository);
    const id = blob(there, lines("f: 1", "g: 1"));
    commitRaw(there, [{ mode: "100644", type: "blob", id, name: "customer-b.yaml" }], "policies");
    await save(repository, { "customer-a.yaml": lines("f: 1", "g: 1").replace("a: 1", "grants: [everybody]") });
    expect(await push(repository)).toEqual(err({ kind: "conflict", files: ["customer-a.yaml"] }));
    await repository.close();
  });

  test.each([
    ["a file here, a folder there", { "x.yaml": "1\n" }, { mode: "040000", type: "tree", name: "x.yaml" }],
    ["a link there", { "a.yaml": lines("g: 1") }, { mode: "120000", type: "blob", name: "a.yaml" }],
  ] as const)("does not merge %s", async (_, files, line) => {
    const { there, repository } = await withRemote();
    await save(repository, { "a.yaml": lines() });
    await push(repository);
    const inside = git(there, ["mktree"], `100644 blob ${blob(there, "1\n")}\ty.yaml\n`);
    // As a plain file it would merge.
    const id = line.type === "tree" ? inside : blob(there, lines().replace("a: 1", "a: 2"));
    commitRaw(there, [{ ...line, id }], "policies");
    const ours = await save(repository, files);
    expect(await push(repository)).toMatchObject({ ok: false, refusal: { kind: "conflict" } });
    expect(await repository.head()).toBe(ours);
    await repository.close();
  });

  test("of a remote that has nothing in common with us is refused", async () => {
    const { there, repository } = await withRemote();
    git(there, [
      "update-ref",
      "refs/heads/policies",
      git(there, ["commit-tree", git(there, ["mktree"]), "-m", "theirs"]),
    ]);
    const ours = await save(repository, { "a.yaml": "a: 1\n" });
    expect(await push(repository)).toEqual(err({ kind: "conflict", files: [] }));
    expect(await repository.head()).toBe(ours);
    await repository.close();
  });

  test("to a remote whose history was changed brings back nothing, and says so until somebody decides", async () => {
    const { there, folder, repository } = await withRemote();
    const first = await save(repository, { "a.yaml": "a: 1\n" });
    await save(repository, { "a.yaml": "secret: 1\n" });
    await push(repository);
    git(there, ["update-ref", "refs/heads/policies", first]);
    const theirs = pushByOthers(there, { "b.yaml": "b: 1\n" });
    for (let time = 0; time < 2; time++) expect(await push(repository)).toEqual(err({ kind: "rewritten" }));
    expect(git(there, ["rev-parse", "policies"])).toBe(theirs);
    git(folder, ["update-ref", "refs/heads/main", theirs]);
    expect(await push(repository)).toEqual(ok(theirs));
    await repository.close();
  });
});

describe("a remote that", () => {
  test("is away: saves work and are counted; it comes back and gets them all", async () => {
    const { there, repository } = await withRemote();
    await push(repository);
    renameSync(there, `${there}.away`);
    await save(repository, { "a.yaml": "a: 1\n" });
    const last = await save(repository, { "a.yaml": "a: 2\n" });
    expect(await push(repository)).toMatchObject({ ok: false, refusal: { kind: "away" } });
    expect(await status(repository)).toMatchObject({ notPushed: 2, problem: { kind: "away", at: expect.any(Number) } });
    renameSync(`${there}.away`, there);
    expect(await push(repository)).toEqual(ok(last));
    expect(await status(repository)).toEqual({ notPushed: 0, pushedAt: expect.any(Number) });
    await repository.close();
  });

  test("refuses by a hook of its own: its words are kept", async () => {
    const { there, repository } = await withRemote();
    mkdirSync(join(there, "hooks"), { recursive: true });
    writeFileSync(join(there, "hooks", "pre-receive"), "#!/bin/sh\necho unknown committer >&2\nexit 1\n", {
      mode: 0o755,
    });
    await save(repository, { "a.yaml": "a: 1\n" });
    const refused = { kind: "refused", message: expect.stringContaining("unknown committer") };
    expect(await push(repository)).toEqual(err(refused));
    expect(await status(repository)).toMatchObject({ notPushed: 2, problem: refused });
    await repository.close();
  });

  test("moves while we push: we go around again", async () => {
    const { there, folder, repository: first } = await withRemote();
    await save(first, { "a.yaml": lines() });
    await push(first);
    await first.close();
    let left = 1;
    const remote = { url: `file://${there}`, branch: "policies" };
    const repository = await openAt(
      folder,
      { remote },
      {
        around: (run) => (call) => {
          if (call.args[0] === "push" && left-- > 0) pushByOthers(there, { "b.yaml": "b: 1\n" });
          return run(call);
        },
      },
    );
    await save(repository, { "a.yaml": lines("f: 1") });
    expect((await push(repository))?.ok).toBe(true);
    expect(await textsAt(repository)).toEqual({ "a.yaml": lines("f: 1"), "b.yaml": "b: 1\n" });
    await repository.close();
  });

  test("has an address that starts a program, or an option, is refused", async () => {
    const folder = newFolder();
    for (const url of [
      `ext::sh -c touch% ${folder}.owned`,
      "--upload-pack=touch",
      "../elsewhere",
      "fd::7",
      "https://a b/",
    ])
      await expect(openAt(folder, { remote: { url, branch: "main" } })).rejects.toThrow(/its address is none of/);
    expect(existsSync(`${folder}.owned`)).toBe(false);
    await expect(
      openAt(folder, { remote: { url: "https://me:word@forge.example/x", branch: "main" } }),
    ).rejects.toThrow(/opening the remote failed: a password is in its address/);
  });

  test("wants a password gets it, not in any argument; a wrong one is away and is not shown", async () => {
    const { there, folder } = await withRemote();
    const server = await gitOverHttp(there, "robot", "pass:word");
    const args: string[] = [];
    const openWith = (password: string) =>
      openAt(
        folder,
        {
          remote: {
            url: server.url,
            branch: "policies",
            credentials: { user: "robot", password: new Secret(password) },
          },
        },
        {
          around: (run) => (call) => {
            args.push(...call.args, ...(call.settings ?? []));
            return run(call);
          },
        },
      );
    const wrong = await openWith("wrong-word");
    const commit = await save(wrong, { "a.yaml": "a: 1\n" });
    const refused = await push(wrong);
    expect(refused).toMatchObject({ ok: false, refusal: { kind: "away" } });
    expect(JSON.stringify(refused)).not.toContain("wrong-word");
    const right = await openWith("pass:word");
    expect(await push(right)).toEqual(ok(commit));
    const elsewhere = await gitOverHttp(there, "robot", "pass:word");
    server.trouble = { status: 302, location: `${elsewhere.url}/info/refs?service=git-upload-pack` };
    expect(await push(right)).toMatchObject({ ok: false, refusal: { kind: "away" } });
    expect(elsewhere.requests).toBe(0);
    server.trouble = { status: 503 };
    expect(await push(right)).toMatchObject({ ok: false, refusal: { kind: "away" } });
    expect(args.join(" ")).not.toContain(Buffer.from("robot:pass:word").toString("base64"));
    expect(readFileSync(join(folder, "config"), "utf8")).not.toMatch(/extraHeader|robot/);
    await Promise.all([wrong.close(), right.close(), server.close(), elsewhere.close()]);
  });
});
