import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Bob, a developer with a login by a code, asks; Alice, who manages customer A, decides, and so does the API.

const broker = shared(() => bootWithRepository({ yaml: "device: {interval: 1s}", people: { ...demoPeople() } }));
const file = "customer-a/policy.yaml";
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-access-"));
  await broker.push(file, `${await broker.textOf(file)}requestable: { sets: [auditor], longest: 3d }\n`);
  await browserLogin(broker.issuer, join(home, "alice"), "alice@a.example");
  for (const name of ["alice", "bob"]) await deviceLogin(name);
});
afterAll(() => rm(home, { recursive: true }));

const envOf = (login: string) => {
  const folder = join(home, login);
  return { HOME: folder, XDG_STATE_HOME: join(folder, "state"), CLOUDPASS_ISSUER: broker.issuer };
};
/** The command in this process: a start of one for each question would take most of the time. */
async function run(login: string, ...words: string[]) {
  const terminal = fakeTerminal(envOf(login));
  const exitCode = await runCli(words, { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const jsonOf = async (login: string, ...words: string[]) =>
  JSON.parse((await run(login, ...words, "--output", "json")).out) as Record<string, unknown>;

/** A login with a code, in a home of its own: `alice-by-code`. */
async function deviceLogin(name: string): Promise<void> {
  const terminal = fakeTerminal(envOf(`${name}-by-code`));
  const running = runCli(["login", "--device", "--json"], { version: "0.0.0", serve: async () => 0, terminal });
  while (!terminal.out().includes("\n")) await new Promise((resolve) => setImmediate(resolve));
  const { verification_uri_complete: link } = JSON.parse(terminal.out().split("\n")[0] ?? "") as Record<string, string>;
  await decideInBrowser(link ?? "", embeddedVisitor(`${name}@a.example`), "approve");
  expect(await running).toBe(0);
}

const ask = (reason: string) => [
  ...["access", "request", "--set", "auditor", "--at", "gx1", "--for", "8h", "--reason", reason],
];
const asked = async (reason: string) => String((await jsonOf("bob-by-code", ...ask(reason)))["id"]);

describe("cloudpass access", { timeout: 60_000 }, () => {
  it("says what may be asked for, asks, and shows what became of it; any login will do", async () => {
    expect((await run("bob-by-code", "access", "sets")).out).toBe(
      [
        "SET      AT     GIVES",
        "auditor  gx1    reader: projects-of customer-a",
        "auditor  gx2    reader: projects-of d000001",
        "auditor  prod1  view: namespace customer-a-dev",
        "for 3d at most\n",
      ].join("\n"),
    );
    const made = await run("bob-by-code", ...ask("the books of May"));
    const [, id = ""] = /^request {4}(\S+)$/m.exec(made.out) ?? [];
    expect([made.exitCode, made.out]).toEqual([0, expect.stringMatching(/^state {6}waits until /m)]);
    expect((await run("bob-by-code", ...ask("the books of May"))).out).toBe(made.out);
    expect((await run("bob-by-code", "access", "list")).out).toContain(id);
    expect((await run("bob-by-code", "access", "withdraw", id)).out).toMatch(/^state {6}withdrawn$/m);
    expect((await run("bob-by-code", "access", "show", id)).out).toMatch(/^state {6}withdrawn$/m);
  });

  it("says what is wrong with a wish", async () => {
    const { exitCode, err } = await run("bob-by-code", ...ask("x"), "--for", "4d");
    expect([exitCode, err]).toEqual([1, "cloudpass: at most 3d can be asked for\n"]);
    expect((await run("bob-by-code", "access", "show", "request-0")).err).toBe("cloudpass: there is no such request\n");
  });
});

describe("cloudpass tenant requests", { timeout: 60_000 }, () => {
  it("lists, shows, tries, approves for less, and denies with why", async () => {
    const [yes, no] = [await asked("yes"), await asked("no")];
    expect((await run("alice", "tenant", "requests", "list", "--waiting")).out).toMatch(
      new RegExp(`^${yes} +Bob Behrens +auditor +gx1 +8h +waits until`, "m"),
    );
    const approve = ["tenant", "requests", "approve", yes];
    const tried = await run("alice", ...approve, "--dry-run");
    expect(tried.out).toContain("gains Bob Behrens (bob)");
    expect(await jsonOf("alice", ...approve, "--dry-run")).toMatchObject({
      ...{ tenant: "customer-a", saved: false, dry_run: true, grant: yes },
      sentences: expect.arrayContaining([`grant ${yes} added`]),
    });
    expect((await run("alice", ...approve)).err).toContain("nothing was saved: nobody could be asked");
    const done = await run("alice", ...approve, "--for", "2h", "--yes");
    expect(done.out).toMatch(/^given {6}gx1, until /m);
    expect(await broker.textOf(file)).toMatch(new RegExp(`id: ${yes}.*valid: `));
    const denied = await run("alice", "tenant", "requests", "deny", no, "--reason", "ask in June");
    expect(denied.out).toMatch(/^because {4}ask in June$/m);
    const { out: rights } = await run("bob-by-code", "access");
    expect(rights).toContain(`  auditor at gx1 for 8h\n      denied: ask in June (${no})\n`);
    expect(rights).toMatch(/\n\nAsked for, and not given:\n/);
    expect(rights).not.toContain("withdrawn");
    expect((await run("bob-by-code", "access", "show", no)).out).toMatch(/^decided {4}\S+ by Alice Ahrens$/m);
    expect((await run("alice", "tenant", "requests", "show", no)).out).toMatch(/^by {9}Bob Behrens \(bob\)$/m);
    const status = await run("bob-by-code", "status");
    expect(status.out).toContain(yes);
  });

  it("are not decided with a login by a code (S-12), nor one's own", async () => {
    const id = await asked("by code");
    const { exitCode, err } = await run("alice-by-code", "tenant", "requests", "approve", id, "--yes");
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/browser/)]);
    const mine = String((await jsonOf("alice-by-code", ...ask("my own")))["id"]);
    expect((await run("alice", "tenant", "requests", "approve", mine, "--yes")).err).toBe(
      "cloudpass: it is your own request\n  → somebody else decides it\n",
    );
  });
});

describe("the API", { timeout: 60_000 }, () => {
  it("answers who decides as its document says, twice the same", async () => {
    const [token, breaks] = [await consoleToken(broker.issuer, "alice@a.example"), await readDocument(broker.issuer)];
    const call = async (method: string, rest: string, body?: unknown) => {
      const path = `/tenants/customer-a/requests${rest}`;
      const answer = await askConsole(broker.issuer, token, path, { method, ...(body !== undefined && { body }) });
      expect(breaks({ ...answer, method, path })).toEqual([]);
      return answer;
    };
    const id = await asked("by the API");
    // Two that were asked for in one second stand in either order.
    const waiting = (await call("GET", "?waiting=true&limit=100")).body["items"] as { readonly id: string }[];
    expect(waiting.find((one) => one.id === id)).toMatchObject({ login: "device", may_decide: true });
    const tried = await call("POST", `/${id}/approve?dry_run=true`, {});
    expect(tried.body).toMatchObject({ dry_run: true, grant: id, sentences: [`grant ${id} added`] });
    expect((await call("POST", `/${id}/approve`, { for: "9h" })).status).toBe(422);
    expect((await call("POST", `/${id}/approve`, { for: "soon" })).status).toBe(422);
    const [first, again] = [await call("POST", `/${id}/approve`, {}), await call("POST", `/${id}/approve`, {})];
    expect([first.status, first.body]).toMatchObject([
      200,
      { state: "approved", for: "8h", approved: { at: ["gx1"] } },
    ]);
    expect(again).toEqual(first);
    expect((await call("POST", `/${id}/deny`, { reason: "no" })).status).toBe(409);
    expect((await call("GET", `/${id}`)).body).toMatchObject({ decided_by: "Alice Ahrens", may_decide: false });
    expect((await call("GET", "/request-0")).status).toBe(404);
  });

  it("lets nobody ask with a token for the console, nor with one of another program", async () => {
    const request = codeRequest(broker.issuer, "console-tool", {});
    const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve");
    const { body } = await redeemCode(broker.issuer, "console-tool", request, callback);
    for (const token of [String(body["access_token"]), await consoleToken(broker.issuer, "alice@a.example")])
      for (const path of ["/access-requests", "/requestable"])
        expect((await askConsole(broker.issuer, token, path)).status).toBe(401);
  });
});
