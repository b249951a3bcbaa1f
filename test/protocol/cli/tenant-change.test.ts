import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Alice changes the rights of customer A at the command line; Carl only sees them. Nobody sits before the real command, so
// it never asks; where somebody does, the same is run here.

const people = demoPeople();
const auditor = { name: "Carl Christ", email: "carl@a.example", groups: ["auditors"], password: "carl" };
const broker = shared(() =>
  bootWithRepository({ people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], carl: auditor } } }),
);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-tenant-"));
  for (const name of ["alice", "bob", "carl"]) await browserLogin(broker.issuer, join(home, name), `${name}@a.example`);
});
afterAll(() => rm(home, { recursive: true }));

const envOf = (person: string) => {
  const folder = join(home, person);
  return { HOME: folder, XDG_STATE_HOME: join(folder, "state"), CLOUDPASS_ISSUER: broker.issuer };
};
const run = (words: readonly string[], person = "alice") => runCommand(["tenant", ...words], { env: envOf(person) });
/** The same before a terminal, where somebody types an answer. */
async function typed(words: readonly string[], answer: string) {
  const terminal = fakeTerminal(envOf("alice"), { tty: true });
  (terminal.stdin as unknown as NodeJS.WritableStream).write(`${answer}\n`);
  const exitCode = await runCli(["tenant", ...words], { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const toBob = ["grants", "give", "--set", "auditor", "--person", "bob", "--at", "gx1"];
const preview = `What changes in customer-a:
  people person-bob added
  grant auditor-person-bob added
Of those who logged in lately:
  gx1 projects-of customer-a reader
    gains Bob Behrens (bob)
`;

describe("cloudpass tenant grants give", { timeout: 60_000 }, () => {
  it("shows who gains what, and with --dry-run or nobody to ask saves nothing", async () => {
    const before = await broker.head();
    expect(await run([...toBob, "--dry-run"])).toEqual({
      exitCode: 0,
      out: `${preview}Only shown: nothing was saved.\n`,
      err: "",
    });
    const { out } = await run([...toBob, "--dry-run", "--output", "json"]);
    expect(JSON.parse(out)).toMatchObject({ tenant: "customer-a", saved: false, grant: "auditor-person-bob" });
    expect(await run(toBob)).toEqual({
      exitCode: 1,
      out: "",
      err: `${preview}cloudpass: nothing was saved: nobody could be asked
  There is no terminal to ask “save this?”.
  → read what would change, then run it again with --yes
`,
    });
    expect(await typed(toBob, "no")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("nothing was saved: the answer was not “yes”"),
    });
    expect(await broker.head()).toBe(before);
  });

  it("saves what the person says yes to", async () => {
    const done = await typed([...toBob, "--until", "2099-01-31", "--reason", "a visit"], "yes");
    const commit = await broker.head();
    expect(done).toMatchObject({ exitCode: 0, out: `Saved: grant auditor-person-bob, commit ${commit}\n` });
    expect(await broker.textOf("customer-a/policy.yaml")).toMatch(/id: auditor-person-bob.*2099-01-31.*a visit/);
    const { out } = await run(["grants", "show", "auditor-person-bob"]);
    expect(out).toMatch(/^until {6}2099-01-31T00:00:00Z\nreason {5}a visit\n/m);
    expect(out).toMatch(/^held by {4}Bob Behrens \(bob\)$/m);
  });

  it("with --yes asks nobody; to a group needs no identity provider where there is one", async () => {
    const words = ["grants", "give", "--set", "auditor", "--group", "guests", "--at", "gx1, gx2", "--yes"];
    const { exitCode, out, err } = await run([...words, "--output", "json"]);
    expect([exitCode, JSON.parse(out)]).toEqual([
      0,
      { tenant: "customer-a", saved: true, grant: "auditor-group-guests", commit: await broker.head() },
    ]);
    expect(err).toContain("nobody gains or loses anything");
  });

  it.each<[string, string[], RegExp]>([
    ["no people", ["--at", "gx1"], /to whom is not clear\n {2}→ give one of --people, --group and --person/],
    ["two kinds", ["--at", "gx1", "--people", "a", "--person", "b"], /to whom is not clear/],
    ["a provider without a group", ["--at", "gx1", "--people", "a", "--idp", "b"], /there is none\n {2}→ give --group/],
    ["nobody like that", ["--at", "gx1", "--person", "nobody"], /nobody who logged in lately .* nobody\n/],
    ["a cloud that is none", ["--at", "gx9", "--group", "guests"], /gx9.*\n {2}/],
    ["a date that is none", ["--at", "gx1", "--group", "guests", "--until", "soon"], /\/body\/until: a time like/],
    ["another's provider", ["--at", "gx1", "--group", "guests", "--idp", "customer-b-idp"], /customer-b-idp/],
  ])("%s is told so, and nothing is saved", async (_, more, says) => {
    const before = await broker.head();
    const { exitCode, err } = await run(["grants", "give", "--set", "auditor", ...more, "--yes"]);
    expect([exitCode, err]).toEqual([1, expect.stringMatching(says)]);
    expect(err).toMatch(/^cloudpass: /);
    expect(await broker.head()).toBe(before);
  });
});

describe("cloudpass tenant grants take-back and changes undo", { timeout: 60_000 }, () => {
  it("take a grant back, and give it again", async () => {
    const shown = await run(["grants", "take-back", "auditor-person-bob", "--dry-run"]);
    expect(shown.out).toContain("  grant auditor-person-bob removed\n");
    expect(shown.out).toContain("    loses Bob Behrens (bob)\n");
    const gone = await run(["grants", "take-back", "auditor-person-bob", "--yes"]);
    const commit = await broker.head();
    expect([gone.exitCode, gone.out]).toEqual([0, `Saved: grant auditor-person-bob, commit ${commit}\n`]);
    expect(await run(["grants", "take-back", "auditor-person-bob", "--yes"])).toMatchObject({
      exitCode: 1,
      err: "cloudpass: there is no such grant\n",
    });
    const undo = ["changes", "undo", commit.slice(0, 12)];
    expect((await typed(undo, "")).err).toMatch(
      /^This takes back “customer-a: grant auditor-person-bob removed” of Alice Ahrens, /,
    );
    expect(await broker.head()).toBe(commit);
    const undone = await typed(undo, "yes");
    expect(undone.out).toBe(`grant auditor-person-bob added\nSaved: commit ${await broker.head()}\n`);
    expect((await run([...undo, "--yes"])).out).toBe("It was taken back already: nothing was saved.\n");
  });

  it("of what somebody changed again, or of no change, is told so", async () => {
    const [text, from] = [(await broker.textOf("customer-a/policy.yaml")) ?? "", await broker.head()];
    const first = await broker.push("customer-a/policy.yaml", text.replace("id: audit,", "id: audit, because: one,"));
    await broker.push("customer-a/policy.yaml", text.replace("id: audit,", "id: audit, because: two,"));
    const clash = await run(["changes", "undo", first, "--yes"]);
    expect([clash.exitCode, clash.err]).toEqual([
      1,
      expect.stringContaining("/changes/grants/audit/because: somebody"),
    ]);
    expect(clash.err).toMatch(
      /cloudpass: somebody changed the same meanwhile: grants\.audit\.because\n.*\n {2}→ look at it anew/,
    );
    for (const none of ["0000", "HEAD", from.slice(0, 3)])
      expect((await run(["changes", "undo", none, "--yes"])).err).toMatch(
        /there is no change whose commit begins with/,
      );
  });

  it("are not for an auditor", async () => {
    const before = await broker.head();
    for (const words of [
      ["grants", "give", "--set", "auditor", "--group", "guests", "--at", "gx1", "--yes"],
      ["grants", "take-back", "audit", "--yes"],
      ["changes", "undo", before, "--yes"],
    ]) {
      expect(await run(words, "carl")).toMatchObject({
        exitCode: 1,
        err: expect.stringContaining("cloudpass: you may see this tenant, and change nothing there\n"),
      });
    }
    expect(await broker.head()).toBe(before);
  });
});

describe("cloudpass tenant people end", { timeout: 60_000 }, () => {
  it("asks, ends all that the person has open, and says what to do besides", async () => {
    const words = ["people", "end", "bob@a.example"];
    const asked = await typed(words, "no");
    expect([asked.exitCode, asked.err]).toEqual([
      1,
      expect.stringMatching(/^Bob Behrens \(bob\) has 1 logins? .*, 1 browsers?\.\n[\s\S]*nothing was ended/),
    ]);
    const ended = await run([...words, "--yes"]);
    expect([ended.exitCode, ended.out]).toEqual([
      0,
      expect.stringMatching(/^Ended: 1 login of a program, 1 browser\.\nFor .* cannot sign in\. Close the account /),
    ]);
    expect((await runCommand(["token", "--target", "gx1"], { env: envOf("bob") })).exitCode).not.toBe(0);
  });

  it("is not for an auditor", async () => {
    expect(await run(["people", "end", "alice", "--yes"], "carl")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("cloudpass: you may see this tenant, and change nothing there\n"),
    });
  });
});
