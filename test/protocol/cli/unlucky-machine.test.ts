import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { startBrowserLogin } from "../../support/browser-login.ts";
import { toCodeConfirmation } from "../../support/code-login.ts";
import { runCommand } from "../../support/command.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { type FakeTerminal, fakeTerminal } from "../../unit/cli/fake-terminal.ts";

let broker: Booted;
let home: string;
beforeAll(async () => {
  broker = await boot({ yaml: "device: {interval: 1s}" });
  home = await mkdtemp(join(tmpdir(), "cloudpass-unlucky-"));
});
afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true, force: true });
});

const testAsRoot = test.runIf(process.getuid?.() === 0); // only root may become another user
const bob = embeddedVisitor("bob@a.example");
const run = (terminal: FakeTerminal, ...argv: readonly string[]) =>
  runCli(argv, {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
const asked = () => broker.lines.filter((line) => line.includes('"path":"/device_authorization"')).length;
const revoked = () =>
  broker.lines.filter((line) => line.includes('"token.revoked"') || line.includes('"family.revoked"'));

/** Runs `cloudpass login --device` until it shows its link. */
async function toTheLink(terminal: FakeTerminal, ...more: readonly string[]) {
  const end = run(terminal, "login", "--device", "--no-qr", ...more);
  await expect.poll(() => terminal.err(), { timeout: 10_000, interval: 20 }).toMatch(/open {3}\S+\s/);
  return { end, link: /open {3}(\S+)\s/.exec(terminal.err())?.[1] ?? "" };
}

async function logIn(terminal: FakeTerminal, ...more: readonly string[]): Promise<number> {
  const { end, link } = await toTheLink(terminal, ...more);
  await decideInBrowser(link, bob, "approve");
  return end;
}

describe("a place for the login that cannot be written", { timeout: 60_000 }, () => {
  test("is found out before the person is asked", async () => {
    const file = join(home, "a-file");
    await writeFile(file, "");
    const before = asked();
    const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: file, CLOUDPASS_ISSUER: broker.issuer });
    expect(await run(terminal, "login", "--device")).toBe(1);
    expect(terminal.err()).toContain("cannot be used (ENOTDIR)");
    expect(terminal.err()).toContain("cloudpass keeps your login there");
    expect(asked()).toBe(before);
  });

  test("only after the person approved: the login is ended at the broker again, and that is said", async () => {
    const state = join(home, "gone");
    const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: state, CLOUDPASS_ISSUER: broker.issuer });
    const before = revoked().length;
    const { end, link } = await toTheLink(terminal);
    await rm(state, { recursive: true });
    await writeFile(state, "");
    await decideInBrowser(link, bob, "approve");
    expect(await end).toBe(1);
    expect(terminal.err()).toMatch(/cannot be used \(ENOTDIR\)[\s\S]*is ended at the broker again/);
    expect(revoked()).toHaveLength(before + 1);
  });

  test("the same with the browser of this machine, whose page does not say “logged in”", async () => {
    const place = join(home, "browser");
    const { url, end } = await startBrowserLogin(broker.issuer, place);
    await rm(join(place, "state"), { recursive: true });
    await writeFile(join(place, "state"), "");
    const browser = new Browser();
    const page = await toCodeConfirmation({ url: url.href }, bob, browser, "http://nowhere");
    expect(heading(await browser.submit(page, { decision: "approve" }))).toBe("Not logged in");
    expect(await end).toMatchObject({ exitCode: 1, err: expect.stringContaining("is ended at the broker again") });
  });

  testAsRoot("logout ends the login at the broker although the file cannot be taken away", async () => {
    const state = join(home, "stuck");
    const env = { HOME: home, XDG_STATE_HOME: state, CLOUDPASS_ISSUER: broker.issuer };
    expect(await logIn(fakeTerminal(env))).toBe(0);
    const folder = join(state, "cloudpass");
    const [file = ""] = await readdir(folder);
    await Promise.all([home, state, folder].map((open) => chmod(open, 0o755)));
    await chown(join(folder, file), 54_321, 54_321);
    const before = revoked().length;
    const logout = await runCommand(["logout"], { env, uid: 54_321 });
    expect(logout.err).toMatch(/Logged out at[\s\S]*cannot be used \(EACCES\)/);
    expect(logout.exitCode).toBe(1);
    expect(revoked()).toHaveLength(before + 1);
  });

  test("exec says so when its private file has no place", async () => {
    const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: join(home, "x"), CLOUDPASS_ISSUER: broker.issuer });
    expect(await logIn(terminal)).toBe(0);
    const env = { ...terminal.env, TMPDIR: join(home, "a-file") };
    const exec = await runCommand(["exec", "--cloud", "gx1", "--", "true"], { env });
    expect(exec).toMatchObject({ exitCode: 1, err: expect.stringContaining("→ set TMPDIR to a folder of your own") });
  });
});

describe("a person without a home", { timeout: 60_000 }, () => {
  const nobody = { HOME: undefined, XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined };

  testAsRoot.each(["", " ", ".", "relative"])("HOME=%j: nothing is written to the current folder", async (HOME) => {
    const cwd = await mkdtemp(join(tmpdir(), "cloudpass-nobody-"));
    await chown(cwd, 54_321, 54_321);
    const lost = await runCommand(["logout", "--issuer", broker.issuer], {
      env: { ...nobody, HOME },
      cwd,
      uid: 54_321,
    });
    expect(lost).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("there is no folder to keep your login in"),
    });
    expect(await readdir(cwd)).toEqual([]);
    await rm(cwd, { recursive: true });
  });

  testAsRoot("HOME unset, no passwd entry: a sentence and a way out", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "cloudpass-nobody-"));
    const unknown = { env: nobody, cwd, uid: 54_321 };
    await chown(cwd, 54_321, 54_321);
    const lost = await runCommand(["login", "--issuer", broker.issuer], unknown);
    expect(lost).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("there is no folder to keep your login in"),
    });
    expect(lost.err).toContain("→ set HOME, or XDG_STATE_HOME");
    expect(await readdir(cwd)).toEqual([]);
    const found = await runCommand(["status"], {
      ...unknown,
      env: { XDG_STATE_HOME: join(cwd, "state"), CLOUDPASS_ISSUER: broker.issuer },
    });
    expect(found.err).toContain(`you are not logged in at ${broker.issuer}`);
    await rm(cwd, { recursive: true });
  });
});

describe("advice that is printed", { timeout: 60_000 }, () => {
  test("`cloudpass status` after a login with --issuer works as it is printed there", async () => {
    const env = { HOME: join(home, "advised"), XDG_STATE_HOME: join(home, "advice") };
    const terminal = fakeTerminal(env);
    expect(await logIn(terminal, "--issuer", broker.issuer)).toBe(0);
    const [, advice = ""] = /See what you may do: cloudpass (.*)/.exec(terminal.err()) ?? [];
    expect(advice).toBe("status");
    for (const argv of [advice.split(" "), ["status"], ["token", "--target", "gx1"]]) {
      const next = fakeTerminal(env);
      expect(await run(next, ...argv), next.err()).toBe(0);
    }
    const lost = fakeTerminal({ HOME: join(home, "advised"), XDG_STATE_HOME: join(home, "nobody-here") });
    await run(lost, "status", "--issuer", broker.issuer);
    expect(lost.err()).toContain(`→ run: cloudpass login --issuer ${broker.issuer}\n`);
  });

  test("two logins: no command guesses which is meant", async () => {
    const state = join(home, "two");
    const folder = join(state, "cloudpass");
    await mkdir(folder, { recursive: true });
    const kept = { version: 1, clientId: "cloudpass", refreshToken: "r", loggedInAt: 0, person: {}, access: {} };
    for (const issuer of ["https://one.example", "https://two.example"]) {
      await writeFile(join(folder, `${new URL(issuer).hostname}.json`), JSON.stringify({ ...kept, issuer }));
    }
    await writeFile(join(folder, "broken.json"), "{");
    const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: state });
    expect(await run(terminal, "status")).toBe(1);
    expect(terminal.err()).toContain("You are logged in at https://one.example and at https://two.example: which one?");
  });
});
