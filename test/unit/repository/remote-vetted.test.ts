import { mkdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { type Clock, err, instant, ok, systemClock } from "../../../src/core/index.ts";
import { type Changes, type Repository, topOf, type Vet } from "../../../src/repository/index.ts";
import { colleagueOf } from "../../support/colleague.ts";
import { git, maria, newFolder, openAt, removeFolders } from "../../support/policy-repository.ts";

// What a remote has and whoever knows policies calls unsound does not come into the branch; everything else does.

afterAll(removeFolders);

/** Calls every file unsound that says so. */
function vetting(): { readonly vet: Vet; readonly judged: string[] } {
  const judged: string[] = [];
  const vet: Vet = async (_, { files }) => {
    judged.push(files.map(({ file }) => file).join(" "));
    const bad = files.filter(({ text }) => text.includes("bad"));
    const problems = bad.map(({ file }) => ({ file, line: 2, message: "is bad", fix: "mend it" }));
    return { unsound: new Set(bad.map(({ file }) => topOf(file))), problems };
  };
  return { vet, judged };
}
const unsound = (...files: string[]) =>
  err({ kind: "unsound", problems: files.map((file) => ({ file, line: 2, message: "is bad", fix: "mend it" })) });

/** A repository and its remote, of which a colleague has a clone. */
async function withColleague(clock: Clock = systemClock) {
  const there = newFolder();
  mkdirSync(there);
  git(there, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  const repository = await openAt(newFolder(), { remote: { url: `file://${there}`, branch: "main" } }, { clock });
  const colleague = colleagueOf(there);
  const end = async () => {
    await repository.close();
    colleague.end();
  };
  return { there, repository, push: colleague.push, end };
}

const save = async (repository: Repository, files: Record<string, string>) => {
  const edit = () => ok<Changes>(new Map(Object.entries(files)));
  const saved = await repository.save({ from: await repository.head(), author: maria, subject: "Change", edit });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
  return saved.value.commit;
};
const textsOf = async (repository: Repository) =>
  Object.fromEntries((await repository.filesAt(await repository.head())).files.map(({ file, text }) => [file, text]));

describe("a remote whose commit does not hold", () => {
  test("keeps its own folder as it was, brings the others, and is whole again when it is mended", async () => {
    const { there, repository, push, end } = await withColleague();
    const { vet } = vetting();
    await save(repository, { "a/p.yaml": "good\n", "b/p.yaml": "one\n" });
    expect((await repository.remote?.push(vet))?.ok).toBe(true);
    const bad = push({ "a/p.yaml": "bad\n", "b/p.yaml": "two\n", "c/p.yaml": "three\n" });
    expect(await repository.remote?.push(vet)).toEqual(unsound("a/p.yaml"));
    expect(await textsOf(repository)).toEqual({ "a/p.yaml": "good\n", "b/p.yaml": "two\n", "c/p.yaml": "three\n" });
    expect(await repository.commit(await repository.head())).toMatchObject({
      ...{ subject: "Take b, c of main of the remote", author: { name: "cloudpass" } },
    });
    expect([git(there, ["rev-parse", "main"]), await repository.remote?.status()]).toMatchObject([
      bad,
      { problem: { kind: "unsound", problems: [{ file: "a/p.yaml", line: 2 }] } },
    ]);
    // Saving goes on meanwhile, and is neither lost nor in the way.
    await save(repository, { "b/q.yaml": "ours\n" });
    expect(await repository.remote?.push(vet)).toEqual(unsound("a/p.yaml"));
    push({ "a/p.yaml": "mended\n" });
    expect(await repository.remote?.push(vet)).toEqual(ok(await repository.head()));
    const whole = { "a/p.yaml": "mended\n", "b/p.yaml": "two\n", "b/q.yaml": "ours\n", "c/p.yaml": "three\n" };
    expect([await textsOf(repository), git(there, ["rev-parse", "main"])]).toEqual([whole, await repository.head()]);
    expect(await repository.remote?.status()).toEqual({ notPushed: 0, pushedAt: expect.any(Number) });
    await end();
  });

  test("is judged once as long as both sides stay where they are", async () => {
    const { repository, push, end } = await withColleague();
    const { vet, judged } = vetting();
    await save(repository, { "a/p.yaml": "good\n" });
    await repository.remote?.push(vet);
    push({ "a/p.yaml": "bad\n" });
    for (let time = 0; time < 3; time++) expect(await repository.remote?.push(vet)).toEqual(unsound("a/p.yaml"));
    const [first] = [judged.length, push({ "a/p.yaml": "bad still\n" })];
    expect(await repository.remote?.push(vet)).toEqual(unsound("a/p.yaml"));
    expect([first, judged.length]).toEqual([1, 2]);
    await end();
  });

  test("is judged again after a minute: the operator's files, by which it is judged, may have changed", async () => {
    let now = systemClock.now();
    const { there, repository, push, end } = await withColleague({ ...systemClock, now: () => now });
    const { vet, judged } = vetting();
    await save(repository, { "a/p.yaml": "good\n" });
    await repository.remote?.push(vet);
    push({ "a/p.yaml": "bad\n" });
    await repository.remote?.push(vet);
    now = instant(now + 59);
    expect([await repository.remote?.push(vet), judged.length]).toEqual([unsound("a/p.yaml"), 1]);
    now = instant(now + 1);
    expect([await repository.remote?.push(vet), judged.length]).toEqual([unsound("a/p.yaml"), 2]);
    now = instant(now + 60);
    const allows: Vet = async () => ({ unsound: new Set(), problems: [] });
    expect((await repository.remote?.push(allows))?.ok).toBe(true);
    expect(git(there, ["rev-parse", "main"])).toBe(await repository.head());
    await end();
  });

  test("is judged as it would be merged with what was saved here", async () => {
    const { repository, push, end } = await withColleague();
    const { vet, judged } = vetting();
    await save(repository, { "a/p.yaml": "good\n" });
    await repository.remote?.push(vet);
    push({ "b/p.yaml": "bad\n" });
    const ours = await save(repository, { "c/p.yaml": "ours\n" });
    expect(await repository.remote?.push(vet)).toEqual(unsound("b/p.yaml"));
    expect([judged, await repository.head()]).toEqual([["a/p.yaml b/p.yaml c/p.yaml"], ours]);
    await end();
  });

  test("comes in whole at the first start: there is nothing here that could be kept", async () => {
    const { there, repository, end } = await withColleague();
    const { vet } = vetting();
    const file = git(
      there,
      ["mktree"],
      `100644 blob ${git(there, ["hash-object", "-w", "--stdin"], "bad\n")}\tp.yaml\n`,
    );
    const tree = git(there, ["mktree"], `040000 tree ${file}\ta\n`);
    const commit = git(there, ["commit-tree", "-m", "theirs", tree]);
    git(there, ["update-ref", "refs/heads/main", commit]);
    expect(await repository.remote?.push(vet)).toEqual(ok(commit));
    await end();
  });
});
