import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { claimsOf, embeddedVisitor, signIn } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// A person's own browsers and logins at the command line: the same as on the page /account, and nobody else's.

/** What clouds were told: which, and with which groups. */
const told: unknown[] = [];
const broker = shared(() =>
  boot({
    notifyCloud: async ({ target, accessToken }) => {
      told.push([target, claimsOf(accessToken)["groups"]]);
      return true;
    },
  }),
);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-sessions-"));
  for (const [place, name] of [
    ["bob", "bob"],
    ["laptop", "bob"],
    ["alice", "alice"],
  ] as const)
    await browserLogin(broker.issuer, join(home, place), `${name}@a.example`);
});
afterAll(() => rm(home, { recursive: true }));

async function run(place: string, ...words: readonly string[]) {
  const folder = join(home, place);
  const terminal = fakeTerminal({ HOME: folder, XDG_STATE_HOME: join(folder, "state") });
  const exitCode = await runCli(words, { version: "7.8.9", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const list = async (place: string) => JSON.parse((await run(place, "sessions", "list", "-o", "json")).out);
const others = async (place: string) =>
  (await list(place)).logins.filter((one: { this: boolean }) => !one.this) as { id: string; client: string }[];
/** A login of another program of bob's. */
const program = () => logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { email: "bob@a.example" });
const still = async (body: Readonly<Record<string, unknown>>) =>
  outcome(await refresh(broker.issuer, body["refresh_token"], { client_id: "console-tool" }));
const audited = (event: string) => broker.lines.filter((line) => line.includes(`"event":"${event}"`)).length;

describe("cloudpass sessions", { timeout: 60_000 }, () => {
  it("list shows one's own logins and browsers, and which this one is", async () => {
    await signIn(
      new Browser({ "user-agent": "Desk browser" }),
      `${broker.issuer}/device`,
      embeddedVisitor("bob@a.example"),
    );
    const { logins, browsers } = await list("bob");
    expect(logins.map((one: { client: string; this: boolean }) => `${one.client} ${one.this}`).sort()).toEqual([
      "cloudpass false",
      "cloudpass true",
    ]);
    expect(browsers.some((one: { user_agent: string }) => one.user_agent === "Desk browser")).toBe(true);
    const { out } = await run("bob", "sessions", "list");
    expect(out).toMatch(
      /^\* login \S+\n {4}.*, this one\n {4}from 127\.0\.0\.1, calls itself cloudpass\/0\.0\.0\n {4}since 20.* ago; .*; until 20.*, in 1[12] h/m,
    );
    expect(out).toMatch(/^ {2}browser \S+\n {4}from 127\.0\.0\.1, calls itself Desk browser$/m);
    expect(out).not.toMatch(/eyJ/);
  });

  it("end ends the one that is named, at once, and no other", async () => {
    const [first, second] = [await program(), await program()];
    const found = (await others("bob")).filter(({ client }) => client === "console-tool");
    const before = audited("login.disowned");
    expect((await run("bob", "sessions", "end", found[0]?.id ?? "", "--not-me")).out).toMatch(/^Ended: 1\./);
    const left = [await still(first.body), await still(second.body)].sort();
    expect([left, audited("login.disowned")]).toEqual([["200", "400 invalid_grant"], before + 1]);
  });

  it("end takes the beginning of an id, and ends nothing where a name is not clear", async () => {
    await program();
    const [one] = (await others("bob")).filter(({ client }) => client === "console-tool");
    const before = await others("bob");
    const wrong = await run("bob", "sessions", "end", one?.id ?? "", "nowhere");
    expect([wrong.exitCode, wrong.err]).toEqual([1, expect.stringContaining('you have no session "nowhere"')]);
    expect(await others("bob")).toEqual(before);
    expect((await run("bob", "sessions", "end", one?.id.slice(0, 10) ?? "")).exitCode).toBe(0);
    const own = (await list("bob")).logins.find((login: { this: boolean }) => login.this).id;
    expect((await run("bob", "sessions", "end", own)).err).toContain("that is the login of this very command");
    expect((await run("bob", "sessions", "end")).err).toContain("no session is named");
  });

  it("nobody sees, or ends, what is another person's", async () => {
    const [theirs] = (await list("alice")).logins;
    expect((await run("bob", "sessions", "end", theirs.id)).err).toContain("you have no session");
    expect(JSON.stringify(await list("bob"))).not.toContain(theirs.id);
    expect((await list("alice")).logins).toHaveLength(1);
  });

  it("another program's token, a copy of the command's own without its key, and none open nothing", async () => {
    const folder = join(home, "bob/state/cloudpass");
    const [name = ""] = await readdir(folder);
    const copied = JSON.parse(await readFile(join(folder, name), "utf8")).access[""].token as string;
    const foreign = String((await program()).body["access_token"]);
    const statusOf = async (method: string, token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(`${broker.issuer}/sessions`, { method, headers })).status;
    };
    for (const method of ["GET", "DELETE"]) {
      expect([await statusOf(method, foreign), await statusOf(method, copied), await statusOf(method)]).toEqual([
        403, 401, 401,
      ]);
    }
    expect((await others("bob")).length).toBeGreaterThan(0);
  });

  it("--all leaves this login and nothing else: the other device is told to log in", async () => {
    expect((await run("bob", "sessions", "end", "--all")).out).toMatch(/^Ended: \d+\./);
    expect(await list("bob")).toMatchObject({ logins: [{ this: true }], browsers: [] });
    expect((await run("bob", "sessions", "end", "--all")).out).toBe("There was nothing to end.\n");
    expect((await run("laptop", "status")).err).toMatch(/no longer accepts your login|your login has ended/);
    expect((await run("bob", "status")).exitCode).toBe(0);
  });
});

describe("cloudpass logout --everywhere", { timeout: 60_000 }, () => {
  it("ends every device and browser and the sign-ins at the realm, says so, and has the clouds told", async () => {
    for (const place of ["bob", "laptop"]) await browserLogin(broker.issuer, join(home, place), "bob@a.example");
    const other = await program();
    await run("laptop", "token", "--target", "gx1");
    const { exitCode, err } = await run("bob", "logout", "--everywhere");
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(
        /^Ended at http.*: \d+ logins and browsers of yours, this one too; [1-9] sign-ins? at Keycloak\.\nWhat your/,
      ),
    ]);
    await vi.waitFor(() => expect(told).toContainEqual(["gx1", []]), { timeout: 5_000 });
    expect(await still(other.body)).toBe("400 invalid_grant");
    for (const place of ["bob", "laptop"])
      expect((await run(place, "status")).err).toMatch(
        /you are not logged in|no longer accepts your login|your login has ended/,
      );
    expect((await list("alice")).logins).toHaveLength(1);
  });

  it("forgets this machine's login although the broker is away, and says what was not reached", async () => {
    const { exitCode, err } = await run("bob", "logout", "--everywhere");
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(
        /^cloudpass: you are not logged in at http.*\n {2}This machine has forgotten.*\n {2}→ end it at http.*\/account/,
      ),
    ]);
  });
});
