import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { boot } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { inMemoryMembers } from "../../support/members-in-memory.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Alice manages people without an identity provider at the command line.

const house = inMemoryMembers((alias) => (alias === "customer-a-idp" ? "customer-a" : undefined));
const broker = shared(() => boot({ members: house.access }));
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-members-"));
  await browserLogin(broker.issuer, home, "alice@a.example");
});
afterAll(() => rm(home, { recursive: true }));

const run = async (...words: string[]) => {
  const env = { HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: broker.issuer };
  const terminal = fakeTerminal(env);
  const exitCode = await runCli(["tenant", "people", ...words], { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};
const write = async (text: string): Promise<string> => {
  const file = join(home, "people.csv");
  await writeFile(file, text);
  return file;
};
const mails = () => house.asked.filter((what) => what.startsWith("mail")).length;
const zoe = ["zoe@c.example", "--first-name", "Zoe", "--last-name", "Zahn"];

describe("cloudpass tenant people", { timeout: 60_000 }, () => {
  it("invites, lists, disables, enables and removes a member", async () => {
    expect(await run("invite", ...zoe)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Invited: Zoe Zahn/),
    });
    expect((await run("invite", ...zoe)).out).toMatch(/^There already, and no mail was sent/);
    expect((await run("members")).out).toMatch(/Zoe Zahn +zoe@c\.example +invited +not logged in yet +p-/);
    expect((await run("list")).out).toMatch(
      /Zoe Zahn +zoe@c\.example +zoe@c\.example +member, invited +not logged in yet +p-/,
    );
    expect(await run("show", "zoe@c.example")).toMatchObject({
      exitCode: 1,
      err: "cloudpass: zoe@c.example is a member who has not logged in yet\n  → run: cloudpass tenant people members --search zoe@c.example\n",
    });
    expect(await run("invite-again", "zoe@c.example")).toMatchObject({ exitCode: 0 });
    expect((await run("join-group", "zoe@c.example", "devs")).out).toBe(
      "zoe@c.example is in the group devs now. Groups: devs\n",
    );
    expect((await run("members", "--search", "devs")).out).toMatch(/GROUPS +SUB\n.*not logged in yet +devs +p-/);
    expect(await run("join-group", "zoe@c.example", "platform")).toMatchObject({ exitCode: 1 });
    expect((await run("leave-group", "zoe@c.example", "devs")).out).toContain("Groups: none");
    house.accept("zoe@c.example");
    expect(await run("disable", "zoe@c.example")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("nothing was done: nobody could be asked"),
    });
    expect(await run("disable", "zoe@c.example", "--yes")).toMatchObject({ exitCode: 0 });
    expect((await run("members", "--output", "json")).out).toContain('"state": "disabled"');
    for (const act of ["enable", "reset-second-factor", "remove"])
      expect(await run(act, "zoe@c.example", ...(act === "enable" ? [] : ["--yes"])), act).toMatchObject({
        exitCode: 0,
      });
    expect(await run("remove", "zoe@c.example", "--yes")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("there is no such member"),
    });
  });

  it("makes an account with a password that is shown once", async () => {
    const { exitCode, out, err } = await run("create", "adam@c.example", "--first-name", "Adam", "--last-name", "A");
    expect([exitCode, err]).toEqual([0, expect.stringContaining("shown this once")]);
    expect(out).toMatch(/Password for one sign-in: [\w-]{20}\n/);
  });

  it("invites a spreadsheet's people: judged first, each once, however often the file is sent", async () => {
    const before = mails();
    const file = await write(
      '\uFEFFVorname;Nachname;E-Mail\r\nEva;"Ehr, von";eva@c.example\r\n\r\nMax;M;max@c.example\r\n',
    );
    expect((await run("import", file, "--dry-run")).out).toMatch(/2 +eva@c\.example +new\n4 +max@c\.example +new/);
    expect((await run("import", file)).err).toContain("nobody was invited: nobody could be asked");
    expect(mails()).toBe(before);
    expect(await run("import", file, "--yes")).toMatchObject({ exitCode: 0, out: expect.stringContaining("invited") });
    expect(mails()).toBe(before + 2);
    expect((await run("import", file, "--yes")).out.match(/there already/g)).toHaveLength(2);
    expect(mails()).toBe(before + 2);
  });

  it("invites nobody while a row is wrong, and says which", async () => {
    const before = mails();
    const file = await write("email,first_name,last_name\nok@c.example,O,K\nno address,N,A\n");
    expect(await run("import", file, "--yes")).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/3 +no address +wrong +email: an e-mail address is expected/),
    });
    expect(mails()).toBe(before);
  });

  it("says which row is too long, and takes no part of an address for another one", async () => {
    const before = mails();
    // Cut after 254 characters it would be somebody else's.
    const long = `a@${`${"b".repeat(60)}.`.repeat(4)}examplecompany`;
    const rows = [`${long},A,B`, `ok@c.example,${"O".repeat(300)},K`];
    const { exitCode, out } = await run(
      "import",
      await write(`email,first_name,last_name\n${rows.join("\n")}\n`),
      "--yes",
    );
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^2 .* wrong +email: an e-mail address is expected$/m);
    expect(out).toMatch(/^3 +ok@c\.example +wrong +first_name: a name of letters, up to 100, is expected$/m);
    expect(out).toContain(long);
    expect(mails()).toBe(before);
  });

  it("goes on with the same file when mails did not get through", async () => {
    const file = await write("email,first_name,last_name\nida@c.example,I,D\nuli@c.example,U,L\n");
    house.mail.works = false;
    expect(await run("import", file, "--yes")).toMatchObject({
      exitCode: 3,
      out: expect.stringMatching(/not yet.*\n.*not yet/),
    });
    house.mail.works = true;
    expect((await run("import", file, "--yes")).out.match(/ invited/g)).toHaveLength(2);
  });

  it.each([
    ["name,email\nx,y\n", 'there is no column "first_name"'],
    ["email,first_name,last_name,role\na@b.example,A,B,boss\n", 'the column "role" is not known'],
    ["email,first_name,last_name\n", "names nobody"],
    ['email,first_name,last_name\n"a,b,c\n', "people.csv:2: a quote is open"],
  ])("refuses a table like %j", async (text, message) => {
    expect(await run("import", await write(text), "--yes")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(message),
    });
  });
});
