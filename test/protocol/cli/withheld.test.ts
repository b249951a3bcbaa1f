import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser, plainText } from "../../support/browser.ts";
import { startBrowserLogin } from "../../support/browser-login.ts";
import { toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor, toConfirmation } from "../../support/device-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";
import { examples, mustLoad } from "../../unit/policy/kit.ts";

// A domain manager logs in with a code: the right is there, and this login does not carry it. That is said wherever it is missed.

const policy = mustLoad(
  examples.map(({ file, text }) => ({
    file,
    text: text
      .replace(/tests:\n.*$/s, "")
      .replace(/allow: \[.*\]/, "allow: []")
      // On gx2 a manager has nothing else.
      .replace(
        "- { id: dev, give: developer, to: developers, at: [gx1, gx2, prod1] }",
        "- { id: dev, give: developer, to: developers, at: [gx1, prod1] }",
      ),
  })),
);
const people = demoPeople();
Object.assign(people["customer-a-idp"] ?? {}, {
  carol: { name: "Carol Clemens", email: "carol@a.example", groups: ["platform"], password: "carol" },
});
const broker = shared(() => boot({ policy, people, yaml: "device: {interval: 1s}" }));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-withheld-"));
});
afterAll(() => rm(home, { recursive: true }));

const start = (person: string, argv: readonly string[]) => {
  const folder = join(home, person);
  const { PATH } = process.env;
  const terminal = fakeTerminal({ PATH, HOME: folder, XDG_STATE_HOME: folder, CLOUDPASS_ISSUER: broker.issuer });
  const ended = runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  return { terminal, ended };
};
const run = async (person: string, ...argv: string[]) => {
  const { terminal, ended } = start(person, argv);
  return { exitCode: await ended, out: terminal.out(), err: terminal.err() };
};

/** A login with a code; answers what the confirmation page said, and the command. */
async function withCode(person: string) {
  const { terminal, ended } = start(person, ["login", "--device", "--json"]);
  await expect.poll(() => terminal.out(), { timeout: 5_000 }).toContain("\n");
  const link = String(JSON.parse(terminal.out().split("\n")[0] ?? "")["verification_uri_complete"]);
  const browser = new Browser();
  const page = await toConfirmation(browser, link, embeddedVisitor(`${person}@a.example`));
  await browser.submit(page, { decision: "approve" });
  return { page: plainText(page), exitCode: await ended, err: terminal.err() };
}

const manager = "manager on domain customer-a of gx1: a login with a code does not carry it";
const way = "→ run: cloudpass login --browser; if this machine has no browser, ask your operator";

test("the confirmation page names the rights that come, those that do not, and the way to them", {
  timeout: 20_000,
}, async () => {
  const { page, exitCode } = await withCode("alice");
  expect(page).toMatch(/With your rights: member on gx1, project customer-a\/dev/);
  expect(page).toMatch(
    /You have these rights, too, but a login with a code does not carry them: manager on gx1, domain customer-a manager on gx2/,
  );
  expect(page).toContain("For them, log in in a browser on the machine of the program: cloudpass login");
  expect(exitCode).toBe(0);
});

test("status names them with the reason and the way, and tells programs", async () => {
  const { out } = await run("alice", "status");
  expect(out).toContain(`withheld   ${manager}`);
  expect(out).toContain(way);
  const json = JSON.parse((await run("alice", "status", "--output", "json")).out);
  expect(json.withheld).toMatchObject([
    { target: "gx1", role: "manager", scope: { kind: "domain", domain: "customer-a" }, grant: "dm", flow: "device" },
    { target: "gx2", role: "manager" },
  ]);
});

test("exec --domain says so, and so does exec for a cloud on which there is nothing else", async () => {
  const domain = await run("alice", "exec", "--cloud", "gx1", "--domain", "--", "true");
  expect(domain.exitCode).toBe(1);
  expect(domain.err).toContain(`no single domain of gx1 to act on\n  You have ${manager}.\n  ${way}`);
  const cloud = await run("alice", "exec", "--cloud", "gx2", "--", "true");
  expect(cloud.err).toContain("this login carries no right on gx2\n  You have manager on domain d000001 of gx2");
  const token = await run("alice", "token", "--target", "gx2");
  expect(token.err).toContain("only a login in a browser beside the program carries");
  expect(token.err).toContain(way);
  const project = await run("alice", "exec", "--cloud", "gx1", "--project", "theirs", "--", "true");
  expect(project.err, "what was not missed is not spoken of").toContain("You may choose");
});

test("who has nothing else gets no login, and is told why, on the page and in the terminal", {
  timeout: 20_000,
}, async () => {
  const { page, exitCode, err } = await withCode("carol");
  expect(page).toContain("This login would carry no right there; confirming will not help. You have these rights, too");
  expect(exitCode).toBe(1);
  expect(err).toContain("this login would carry none of your rights");
  expect(err).toContain("cloudpass login --browser");
});

test("a login in the browser beside the program carries them, and nothing is said to be missing", {
  timeout: 20_000,
}, async () => {
  const { url, end } = await startBrowserLogin(broker.issuer, join(home, "browser"));
  const browser = new Browser();
  const visitor = embeddedVisitor("alice@a.example");
  const page = await toCodeConfirmation({ url: url.href }, visitor, browser, "http://nowhere");
  expect(plainText(page)).not.toContain("does not carry");
  await browser.submit(page, { decision: "approve" });
  expect((await end).exitCode).toBe(0);
});
