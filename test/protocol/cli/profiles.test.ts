import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { startBrowserLogin } from "../../support/browser-login.ts";
import { toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Two federations and one person: what a login learned is there for every later command.

const brokers = [shared(() => boot()), shared(() => boot())] as const;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-two-"));
});
afterAll(() => rm(home, { recursive: true }));

/** The command in this process: a start of one for each question would take most of the time. */
async function run(person: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const place = join(home, person);
  const terminal = fakeTerminal({ HOME: place, XDG_STATE_HOME: join(place, "state"), ...env });
  const exitCode = await runCli(words, { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

async function logIn(issuer: string, person: string, ...more: readonly string[]) {
  const { url, end } = await startBrowserLogin(issuer, join(home, person), more);
  const browser = new Browser();
  const page = await toCodeConfirmation({ url: url.href }, embeddedVisitor("bob@a.example"), browser, "http://nowhere");
  await browser.submit(page, { decision: "approve" });
  return end;
}

describe("two federations", { timeout: 60_000 }, () => {
  it("the newest login is meant by every later command; the other one by its name", async () => {
    const [one, two] = brokers.map(({ issuer }) => issuer) as [string, string];
    expect((await logIn(one, "bob", "--profile", "one")).err).toMatch(
      /Profile in use: one\nSee what you may do: cloudpass status\n/,
    );
    const { err, out } = await logIn(two, "bob", "--profile", "two");
    expect(err).toContain("Profile in use: two, and no longer one. To change back: cloudpass profiles use one\n");
    expect(JSON.parse(out.trim().split("\n").at(-1) ?? "")).toMatchObject({ event: "logged_in", profile: "two" });
    const at = async (...words: readonly string[]) => /issuer +(\S+)/.exec((await run("bob", words)).out)?.[1];
    expect(await at("status")).toBe(two);
    expect(await at("status", "--profile", "one")).toBe(one);
    expect((await run("bob", ["status"], { CLOUDPASS_PROFILE: "one" })).out).toContain(one);
    await run("bob", ["profiles", "use", "one"]);
    expect(await at("status")).toBe(one);
    await run("bob", ["logout"]);
    expect((await run("bob", ["token", "--target", "gx1"])).err).toContain(`not logged in at ${one}`);
    expect((await run("bob", ["token", "--target", "gx1", "--profile", "two"])).exitCode).toBe(0);
  });

  it("a file that cannot be written, or read, loses no login, and says so", async () => {
    const { issuer } = brokers[0];
    const folder = join(home, "full/.config/cloudpass");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "profiles.yaml.lock"), "");
    const { exitCode, err } = await logIn(issuer, "full");
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(/is not remembered as a profile: .*is being written by/),
    ]);
    // The only login there is, is meant.
    expect(err).toContain("See what you may do: cloudpass status\n");
    expect((await run("full", ["status"])).exitCode).toBe(0);
    await writeFile(join(folder, "profiles.yaml"), "profiles: [");
    const broken = await run("full", ["token", "--target", "gx1"]);
    expect([broken.exitCode, broken.err]).toEqual([1, expect.stringContaining("profiles.yaml:1:")]);
    expect(await readFile(join(folder, "profiles.yaml"), "utf8")).toBe("profiles: [");
  });
});
