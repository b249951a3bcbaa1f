import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CommitId, err, instant, manualClock, ok, systemClock } from "../../../src/core/index.ts";
import type { Changes, GitCall, Repository, RunGit } from "../../../src/repository/index.ts";
import { blob, commitRaw, git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

afterAll(removeFolders);

/** Puts these files. */
const put = (repository: Repository, from: CommitId, files: Record<string, string | undefined>, subject = "Change") =>
  repository.save({ from, author: maria, subject, edit: () => ok<Changes>(new Map(Object.entries(files))) });

const textsAt = async (repository: Repository, commit: CommitId) =>
  Object.fromEntries((await repository.filesAt(commit)).files.map(({ file, text }) => [file, text]));

/** A repository with one file, by whom a test may stand between us and git. */
async function withFile(around: (run: RunGit) => RunGit = (run) => run) {
  const folder = newFolder();
  const repository = await openAt(folder, {}, { around, tries: 4 });
  const saved = await put(repository, await repository.head(), { "a.yaml": "a: 1\n" });
  if (!saved.ok) throw new Error("not saved");
  return { folder, repository, from: saved.value.commit };
}

describe("a save", () => {
  test("is one commit: the person its author, the product its committer, the clock's time", async () => {
    const folder = newFolder();
    const repository = await openAt(folder, {}, { clock: manualClock(instant(1_790_000_000)) });
    const from = await repository.head();
    const trailers = { "Access-Request": "r-17" };
    const saved = await repository.save({
      from,
      author: maria,
      subject: "Give Otto dev",
      body: "He asked.",
      trailers,
      edit: () => ok<Changes>(new Map([["customer-a/rights.yaml", "grants: []\n"]])),
    });
    const head = await repository.head();
    expect(saved).toEqual({ ok: true, value: { commit: head, parent: from } });
    expect(git(folder, ["log", "-1", "--format=%an|%ae|%at|%cn|%ce|%ct|%s|%b", "main"])).toBe(
      "Maria Meier|maria@customer-a.example|1790000000|cloudpass|cloudpass@example.org|1790000000|Give Otto dev|He asked.\n\nAccess-Request: r-17",
    );
    expect(await repository.commit(head)).toMatchObject({
      author: maria,
      at: 1_790_000_000,
      subject: "Give Otto dev",
      body: "He asked.",
      trailers,
    });
    expect(git(folder, ["fsck", "--strict", "--no-dangling"])).toBe("");
    await repository.close();
  });

  test("keeps everything that it does not name, and folders that become empty go", async () => {
    const { folder, repository } = await withFile();
    const id = blob(folder, "x");
    const raw = commitRaw(folder, [
      { mode: "120000", type: "blob", id, name: "link" },
      { mode: "100755", type: "blob", id, name: "check.sh" },
    ]);
    const first = await put(repository, raw, { "b/c/d.yaml": "d: 1\n", "b/e.yaml": "e: 1\n" });
    const second = await put(repository, raw, { "b/c/d.yaml": undefined, "b/e.yaml": "e: 2\n" });
    expect([first.ok, second.ok]).toEqual([true, true]);
    expect(git(folder, ["ls-tree", "-r", "--name-only", "main"]).split("\n")).toEqual(["b/e.yaml", "check.sh", "link"]);
    await put(repository, raw, { "b/e.yaml": undefined });
    expect(git(folder, ["ls-tree", "--name-only", "main"]).split("\n")).toEqual(["check.sh", "link"]);
    await repository.close();
  });

  test("keeps names that are not UTF-8, and the order that Git wants", async () => {
    const { folder, repository } = await withFile();
    const id = blob(folder, "x");
    const latin = Buffer.from(`100644 blob ${id}\t\xe4.txt\0`, "latin1");
    const tree = git(folder, ["mktree", "-z"], latin);
    const from = git(folder, ["commit-tree", "-p", "main", "-m", "latin", tree]) as CommitId;
    git(folder, ["update-ref", "refs/heads/main", from]);
    const files = { "a/x.yaml": "1", "a.yaml": "1", "a-b.yaml": "1", "ä.yaml": "1", "a0/x.yaml": "1" };
    expect((await put(repository, from, files)).ok).toBe(true);
    const names = git(folder, ["ls-tree", "--name-only", "main"]).split("\n");
    expect(names).toEqual(["a-b.yaml", "a.yaml", "a", "a0", '"\\303\\244.yaml"', '"\\344.txt"']);
    expect(git(folder, ["fsck", "--strict", "--no-dangling"])).toBe("");
    await repository.close();
  });

  test("of three hundred files is one commit, by two calls of git", async () => {
    const calls: string[] = [];
    const counting =
      (run: RunGit): RunGit =>
      (call) => {
        calls.push(call.args[0] ?? "");
        return run(call);
      };
    const { repository, from } = await withFile(counting);
    calls.length = 0;
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`t${i % 7}/f${i}.yaml`, "#".repeat(i * 20)]),
    );
    expect((await put(repository, from, files)).ok).toBe(true);
    expect(calls).toEqual(["unpack-objects", "update-ref"]);
    expect(await textsAt(repository, await repository.head())).toEqual({ "a.yaml": "a: 1\n", ...files });
    await repository.close();
  });

  test("that changes nothing makes no commit; one that refuses changes nothing", async () => {
    const { repository, from } = await withFile();
    expect(await put(repository, from, { "a.yaml": "a: 1\n", "gone.yaml": undefined })).toEqual(
      ok({ commit: from, parent: from }),
    );
    const refused = await repository.save({ from, author: maria, subject: "x", edit: () => err("red test") });
    expect([refused, await repository.head()]).toEqual([err("red test"), from]);
    await repository.close();
  });

  test("of a person who saw an older commit is applied to what is newest", async () => {
    const { repository, from } = await withFile();
    await put(repository, from, { "b.yaml": "b: 1\n" });
    const saved = await put(repository, from, { "c.yaml": "c: 1\n" });
    const head = saved.ok ? saved.value.commit : from;
    expect(Object.keys(await textsAt(repository, head))).toEqual(["a.yaml", "b.yaml", "c.yaml"]);
    await repository.close();
  });

  test("from a commit that is not in the branch is refused: unknown, or of a history that is gone", async () => {
    const { folder, repository, from } = await withFile();
    const saved = await put(repository, from, { "b.yaml": "b: 1\n" });
    git(folder, ["update-ref", "refs/heads/main", from]);
    const gone = saved.ok ? saved.value.commit : from;
    for (const seen of [gone, "1".repeat(40) as CommitId])
      expect(await put(repository, seen, { "c.yaml": "" })).toEqual(err({ kind: "from" }));
    expect(await repository.head()).toBe(from);
    await repository.close();
  });

  test("when another writer is first, the edit is asked anew with what that one wrote", async () => {
    let folder = "";
    const seen: string[] = [];
    const outrun =
      (run: RunGit): RunGit =>
      async (call) => {
        if (call.args[0] === "update-ref" && seen.length > 0 && seen.length < 3) {
          const id = blob(folder, `a: ${seen.length + 1}\n`);
          commitRaw(folder, [{ mode: "100644", type: "blob", id, name: "a.yaml" }]);
        }
        return run(call);
      };
    const made = await withFile(outrun);
    folder = made.folder;
    const saved = await made.repository.save({
      from: made.from,
      author: maria,
      subject: "x",
      edit: (files) => {
        seen.push(files.get("a.yaml") ?? "");
        return ok<Changes>(new Map([["b.yaml", `seen: ${files.get("a.yaml")}`]]));
      },
    });
    expect(seen).toEqual(["a: 1\n", "a: 2\n", "a: 3\n"]);
    const head = saved.ok ? saved.value.commit : made.from;
    expect(await textsAt(made.repository, head)).toEqual({ "a.yaml": "a: 3\n", "b.yaml": "seen: a: 3\n" });
    await made.repository.close();
  });

  test("when others are first every time, it is busy and says so", async () => {
    let folder = "";
    const outrun =
      (run: RunGit): RunGit =>
      async (call) => {
        if (call.args[0] === "update-ref" && folder !== "") commitRaw(folder, []);
        return run(call);
      };
    const { folder: there, repository, from } = await withFile(outrun);
    folder = there;
    await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(/busy: others were first/);
    await repository.close();
  });
});

describe("writers in several processes take turns", () => {
  test("one who was second twice leaves a note until it has saved", async () => {
    let folder = "";
    const notes: boolean[] = [];
    const outrun =
      (run: RunGit): RunGit =>
      async (call) => {
        if (call.args[0] === "unpack-objects" && folder !== "") {
          notes.push(existsSync(join(folder, "cloudpass-waiting")));
          if (notes.length < 4) commitRaw(folder, []);
        }
        return run(call);
      };
    const { folder: there, repository, from } = await withFile(outrun);
    folder = there;
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    expect(notes).toEqual([false, false, true, true]);
    expect(existsSync(join(folder, "cloudpass-waiting"))).toBe(false);
    await repository.close();
  });

  test("others let it pass, but not for ever, and heed no old note", async () => {
    const { folder, from } = await withFile();
    let slept = 0;
    const sleep = async (ms: number) => {
      slept += ms;
    };
    const repository = await openAt(folder, {}, { clock: { ...systemClock, sleep } });
    const note = join(folder, "cloudpass-waiting");
    writeFileSync(note, "");
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    expect(slept).toBeGreaterThan(0);
    slept = 0;
    utimesSync(note, 1, 1);
    expect((await put(repository, from, { "b.yaml": "b: 2\n" })).ok).toBe(true);
    expect(slept).toBe(0);
    await repository.close();
  });
});

describe("what may not be written", () => {
  const paths = [
    "../a.yaml",
    "/a.yaml",
    "a/../../b.yaml",
    "a//b.yaml",
    "./a.yaml",
    ".git/config.yaml",
    "a/.GIT/b.yaml",
    ".hidden.yaml",
    "a\n.yaml",
    "a\0.yaml",
    "-a.yaml",
    "a.txt",
    "a.yaml/",
    "",
    "a\\b.yaml",
    `${"d/".repeat(16)}a.yaml`,
    "a\u202e.yaml",
    `${"a".repeat(256)}.yaml`,
  ];
  test("paths that lead elsewhere, are hidden, or are no YAML file", async () => {
    const { repository, from } = await withFile();
    for (const file of paths)
      expect(await put(repository, from, { [file]: "a: 1\n" })).toMatchObject(err({ kind: "file", file }));
    expect(await repository.head()).toBe(from);
    await repository.close();
  });

  test("over a link, a folder, an executable, a file that could not be read; below a file", async () => {
    const { folder, repository } = await withFile();
    const id = blob(folder, Buffer.from([0xff]));
    const from = commitRaw(folder, [
      { mode: "120000", type: "blob", id, name: "link.yaml" },
      { mode: "120000", type: "blob", id, name: "customer-b" },
      { mode: "100755", type: "blob", id: blob(folder, "a: 1\n"), name: "run.yaml" },
      { mode: "100644", type: "blob", id, name: "latin.yaml" },
      { mode: "100644", type: "blob", id: blob(folder, "a: 1\n"), name: "a.yaml" },
      { mode: "040000", type: "tree", id: git(folder, ["mktree"], `100644 blob ${id}\tx\n`), name: "folder.yaml" },
    ]);
    const refused = ["link.yaml", "customer-b/a.yaml", "run.yaml", "latin.yaml", "a.yaml/b.yaml", "folder.yaml"];
    for (const file of refused)
      expect(await put(repository, from, { [file]: "a: 2\n" })).toMatchObject({
        ok: false,
        refusal: { kind: "file", file },
      });
    expect(await put(repository, from, { "n.yaml": "1", "n.yaml/m.yaml": "2" })).toMatchObject({ ok: false });
    expect(await repository.head()).toBe(from);
    await repository.close();
  });

  test("a text that is too large, or holds half a character", async () => {
    const { repository, from } = await withFile();
    for (const text of ["ä".repeat(600_000), "\ud800"])
      expect(await put(repository, from, { "b.yaml": text })).toMatchObject({
        ok: false,
        refusal: { kind: "file", file: "b.yaml" },
      });
    await repository.close();
  });
});

describe("names come from identity providers, and stay names", () => {
  const mallory = "Mallory\ncommitter Root <root@example.org> 0 +0000\n\nForged: yes";
  test.each([
    { name: mallory, email: "m@example.org>\nparent 123" },
    { name: "<root@example.org>", email: "a b\0c" },
    { name: "", email: "" },
    { name: ".,:;<>\"'", email: "\u202e\ud800" },
    { name: "M\u00fcller \u{1F600}", email: "m\u00fcller@b\u00fccher.example" },
    { name: "x".repeat(10_000), email: "-c core.pager=x" },
  ])("$name", async ({ name, email }) => {
    const { folder, repository, from } = await withFile();
    const edit = () => ok<Changes>(new Map([["b.yaml", "b: 1\n"]]));
    const saved = await repository.save({ from, author: { name, email }, subject: mallory, body: mallory, edit });
    const head = await repository.head();
    expect(saved).toEqual(ok({ commit: head, parent: from }));
    const raw = git(folder, ["cat-file", "commit", head]);
    expect(
      raw
        .split("\n\n")[0]
        ?.split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["tree", "parent", "author", "committer"]);
    expect(raw).toMatch(/^committer cloudpass <cloudpass@example.org> \d+ \+0000$/m);
    expect(await repository.commit(head)).toMatchObject({ parents: [from], trailers: {} });
    expect(git(folder, ["log", "-1", "--format=%(trailers)", "main"])).toBe("");
    expect(git(folder, ["fsck", "--strict", "--no-dangling"])).toBe("");
    await repository.close();
  });
});

/** Git that ends in this way, once, at the first call of that name from the moment it is armed. */
function failing(command: string, answer: { code: number; stderr: string }) {
  const state = { armed: false };
  const around =
    (run: RunGit): RunGit =>
    async (call: GitCall) => {
      if (!state.armed || call.args[0] !== command) return run(call);
      state.armed = false;
      return { ...answer, stdout: Buffer.alloc(0) };
    };
  return { around, state };
}

describe("when something fails", () => {
  const steps = ["unpack-objects", "update-ref"];
  test.each(steps)(
    "the disk is full at %s: a fault that says so, nothing changed, and the next save works",
    async (step) => {
      const { around, state } = failing(step, { code: 128, stderr: "fatal: write error: No space left on device" });
      const { repository, from } = await withFile(around);
      state.armed = true;
      await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(/the disk is full. Make room/);
      expect(await repository.head()).toBe(from);
      expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
      await repository.close();
    },
  );

  test.each(steps)(
    "we are gone before or after %s: the branch is the old or the new one, and the next save works",
    async (step) => {
      for (const when of ["before", "after"]) {
        const state = { armed: false };
        const around =
          (run: RunGit): RunGit =>
          async (call) => {
            if (!state.armed || call.args[0] !== step) return run(call);
            state.armed = false;
            if (when === "after") await run(call);
            throw new Error("gone");
          };
        const { folder, repository, from } = await withFile(around);
        state.armed = true;
        const saved = await put(repository, from, { "b/b.yaml": "b: 1\n" }).catch(() => undefined);
        const isDone = when === "after" && step === "update-ref";
        expect(saved?.ok ?? false).toBe(isDone);
        expect((await repository.head()) !== from).toBe(isDone);
        expect((await put(repository, from, { "b/b.yaml": "b: 1\n" })).ok).toBe(true);
        expect(await textsAt(repository, await repository.head())).toEqual({
          "a.yaml": "a: 1\n",
          "b/b.yaml": "b: 1\n",
        });
        expect(
          readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /lock|index$/.test(name)),
        ).toEqual([]);
        await repository.close();
      }
    },
  );

  test("git says that it moved the branch, and it did not: it is not believed", async () => {
    const state = { armed: false };
    const lying =
      (run: RunGit): RunGit =>
      async (call) =>
        state.armed && call.args[0] === "update-ref" ? { code: 0, stdout: Buffer.alloc(0), stderr: "" } : run(call);
    const { repository, from } = await withFile(lying);
    state.armed = true;
    await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(/busy/);
    expect(await repository.head()).toBe(from);
    await repository.close();
  });

  test("git says that it failed, and it did not, and others went on from there: it is saved once", async () => {
    const state = { armed: false, folder: "" };
    const cutOff =
      (run: RunGit): RunGit =>
      async (call) => {
        const answer = await run(call);
        if (!state.armed || call.args[0] !== "update-ref") return answer;
        state.armed = false;
        commitRaw(state.folder, [{ mode: "100644", type: "blob", id: blob(state.folder, "o"), name: "o.yaml" }]);
        throw new Error("cut off");
      };
    const { folder, repository, from } = await withFile(cutOff);
    Object.assign(state, { armed: true, folder });
    const saved = await put(repository, from, { "b.yaml": "b: 1\n" });
    expect(saved).toMatchObject(ok({ parent: from }));
    expect(git(folder, ["rev-list", "--count", "main"])).toBe("4");
    await repository.close();
  });

  test("the branch is taken away meanwhile: a fault that says so, and it is not made anew", async () => {
    const { folder, repository, from } = await withFile();
    git(folder, ["update-ref", "-d", "refs/heads/main"]);
    await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(
      /the branch main is not in .*Bring it back/,
    );
    git(folder, ["update-ref", "refs/heads/main", from]);
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    await repository.close();
  });

  test("hooks of the repository never run", async () => {
    const { folder, repository, from } = await withFile();
    git(folder, ["config", "core.hooksPath", join(folder, "hooks")]);
    mkdirSync(join(folder, "hooks"));
    for (const hook of ["pre-commit", "post-commit", "reference-transaction", "update", "post-update"])
      writeFileSync(join(folder, "hooks", hook), `#!/bin/sh\necho ${hook} >> ${folder}/hooked\n`, { mode: 0o755 });
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    expect(existsSync(join(folder, "hooked"))).toBe(false);
    git(folder, ["update-ref", "refs/heads/other", from]);
    expect(readFileSync(join(folder, "hooked"), "utf8")).toContain("reference-transaction");
    await repository.close();
  });
});

describe("a lock file of git's", () => {
  const locks = ["refs/heads/main.lock", "HEAD.lock"];
  test.each(locks)("%s that a killed git left is taken away after ten seconds", async (name) => {
    const { folder, repository, from } = await withFile();
    writeFileSync(join(folder, name), "");
    const before = systemClock.now() - 11;
    utimesSync(join(folder, name), before, before);
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) => /lock/.test(one))).toEqual([]);
    await repository.close();
  });

  test("an old one stays while a git is at work there", async () => {
    const { folder, from } = await withFile();
    const repository = await openAt(folder, {}, { clock: { ...systemClock, sleep: async () => undefined }, tries: 2 });
    const lock = join(folder, "HEAD.lock");
    writeFileSync(lock, "");
    utimesSync(lock, 1, 1);
    const atWork = spawn("git", ["hash-object", "--stdin"], { cwd: folder, stdio: ["pipe", "ignore", "ignore"] });
    await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(/hold its lock/);
    expect(existsSync(lock)).toBe(true);
    atWork.stdin.end();
    await once(atWork, "close");
    expect((await put(repository, from, { "b.yaml": "b: 1\n" })).ok).toBe(true);
    expect(existsSync(lock)).toBe(false);
    await repository.close();
  });

  test("one that is young is somebody's: busy, and it stays", async () => {
    const { folder, from } = await withFile();
    const clock = { ...systemClock, sleep: async () => undefined };
    const repository = await openAt(folder, {}, { clock, tries: 4 });
    const lock = join(folder, "HEAD.lock");
    writeFileSync(lock, "");
    await expect(put(repository, from, { "b.yaml": "b: 1\n" })).rejects.toThrow(/hold its lock/);
    expect(existsSync(lock)).toBe(true);
    await repository.close();
  });
});
