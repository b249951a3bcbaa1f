import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Alice manages customer A at the command line, with a login of the browser of her machine. Somebody else has
// her address, too.

const people = demoPeople();
const twin = { name: "Zoe Zwei", email: "alice@a.example", groups: ["auditors"], password: "zoe" };
const broker = shared(() =>
  bootWithRepository({
    yaml: "device: {interval: 1s}",
    people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], zoe: twin } },
  }),
);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-tenant-"));
  await browserLogin(broker.issuer, join(home, "alice"), "alice@a.example");
  await browserLogin(broker.issuer, join(home, "bob"), "bob@a.example");
  await browserLogin(broker.issuer, join(home, "zoe"), "zoe@a.example");
});
afterAll(() => rm(home, { recursive: true }));

const run = (words: string, person = "alice") => {
  const folder = join(home, person);
  const env = { HOME: folder, XDG_STATE_HOME: join(folder, "state"), CLOUDPASS_ISSUER: broker.issuer };
  return runCommand(["tenant", ...words.split(" ")], { env });
};
/** Alice's login with a code: what she has in a browser rides on none. */
async function deviceLogin() {
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: join(home, "device/state") });
  const argv = ["login", "--device", "--json", "--issuer", broker.issuer];
  const ended = runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  await expect.poll(() => terminal.out(), { timeout: 5_000 }).toContain("\n");
  const link = String(JSON.parse(terminal.out().split("\n")[0] ?? "")["verification_uri_complete"]);
  await decideInBrowser(link, embeddedVisitor("alice@a.example"), "approve");
  expect(await ended).toBe(0);
}
const json = async (words: string) => JSON.parse((await run(`${words} --output json`)).out) as Record<string, unknown>;

describe("cloudpass tenant, reading", { timeout: 60_000 }, () => {
  it("list: the tenants that one reaches", async () => {
    expect(await run("list")).toEqual({
      exitCode: 0,
      err: "",
      out: "TENANT      NAME        YOU MAY\ncustomer-a  Customer A  manage\n",
    });
    expect(await json("list")).toMatchObject({ items: [{ tenant: "customer-a", may_manage: true }] });
  });

  it("people list: by name, and by a search over all of them", async () => {
    const { out, exitCode } = await run("people list");
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^NAME +USER NAME +ADDRESS +FROM +LAST LOGIN +SUB\nAlice Ahrens +alice +alice@a\.example +customer-a-idp +20.*p-[0-9a-f]{40}\nBob/,
    );
    expect((await run("people list --search behr")).out).not.toContain("Ahrens");
    expect((await run("people list --search nobody-like-this")).out).toBe("nobody\n");
    expect(await json("people list --search behr")).toMatchObject({
      tenant: "customer-a",
      people: [{ name: "Bob Behrens", email: "bob@a.example" }],
    });
  });

  it("people show: by user name, address or sub, with every right and its grant", async () => {
    const { out } = await run("people show BOB");
    expect(out).toMatch(/^person {5}Bob Behrens \(bob\), bob@a\.example\nsub {8}p-/);
    expect(out).toMatch(/^rights {5}gx1 {3}member on project customer-a\/dev {3}\(grant dev, policy\.yaml:\d+\)$/m);
    expect(out).toMatch(/^logins {5}cloudpass {3}since 20/m);
    const shown = await json("people show bob@a.example");
    expect(shown).toMatchObject({ name: "Bob Behrens" });
    expect(await json(`people show ${String(shown["sub"])}`)).toMatchObject({ name: "Bob Behrens" });
  });

  it("people show: who fits nobody, or several, is told what to do", async () => {
    expect(await run("people show nobody")).toMatchObject({
      exitCode: 1,
      err: "cloudpass: nobody who logged in lately has the user name or address nobody\n  → run: cloudpass tenant people list\n",
    });
    expect(await run("people show alice@a.example")).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(
        /2 people have the user name or address alice@a\.example\n {2}→ name one of: p-.*\(Alice Ahrens, customer-a-idp\), p-/,
      ),
    });
    expect((await run("people show alice")).exitCode).toBe(0);
    expect(await run(`people show p-${"0".repeat(40)}`)).toMatchObject({
      exitCode: 1,
      err: "cloudpass: there is no such person\n",
    });
  });

  it("grants list and show: to whom, what, where, and who holds it", async () => {
    expect((await run("grants list")).out).toMatch(
      /^GRANT +SET +PEOPLE +AT +UNTIL +HELD BY +LAST TOKEN\ndm +domain-manager +platform +gx1, gx2 +1\n/,
    );
    expect(await json("grants list")).toMatchObject({ grants: [{ id: "dm" }, { id: "dev" }, {}, {}, {}] });
    const { out } = await run("grants show dev");
    expect(out).toMatch(/^grant {6}dev {3}\(policy\.yaml:\d+\)\ngives {6}developer\nto {9}developers: /);
    expect(out).toMatch(/^held by {4}Alice Ahrens \(alice\)\n {11}Bob Behrens \(bob\)$/m);
    expect(await json("grants show dev")).toMatchObject({ id: "dev", commit: await broker.head() });
    expect(await run("grants show nothing")).toMatchObject({ exitCode: 1, err: "cloudpass: there is no such grant\n" });
  });

  it("places list and show: who has what, by project and namespace", async () => {
    expect((await run("places list --search gx1")).out).toMatch(
      /^TARGET +KIND +NAME +GRANTS +PEOPLE\ngx1 +project +dev +/,
    );
    const { out } = await run("places show gx1 project dev");
    expect(out).toMatch(
      /^PERSON +ROLE +GRANT +BY +GIVEN ON +UNTIL\nAlice Ahrens +member +dev +.* project customer-a\/dev$/m,
    );
    expect(await json("places show gx1 project dev --search behr")).toMatchObject({
      ...{ target: "gx1", kind: "project", name: "dev" },
      rights: [{ person: { name: "Bob Behrens" }, grant: "dev" }],
    });
    expect((await run("places show gx1 project none")).err).toContain("there is no such place");
  });

  it("changes show: what became of it on each target", async () => {
    const commit = await broker.head();
    const { out } = await run(`changes show ${commit.slice(0, 8)}`);
    expect(out).toMatch(/^change {5}a change of several tenants' files\nby {9}Maria Meier, 20/);
    expect(out).toMatch(/^in use {5}yes\nconsole {4}done\ngx1 {8}by-hand$/m);
    expect(await json(`changes show ${commit}`)).toMatchObject({ tenant: "customer-a", commit, in_use: true });
    expect((await run("changes show ffffffff")).err).toContain("there is no change whose commit begins with");
  });

  it("changes list: what was changed, and by whom", async () => {
    const commit = await broker.head();
    expect((await run("changes list")).out).toBe(
      `COMMIT        AT                    BY           WHAT\n${commit.slice(0, 12)}  ${String(((await json("changes list"))["changes"] as { at: string }[])[0]?.at)}  Maria Meier  a change of several tenants' files\n`,
    );
  });

  it("another tenant, and the console of somebody without a right to it, are not there", async () => {
    expect(await run("people list --tenant customer-b")).toMatchObject({
      exitCode: 1,
      err: 'cloudpass: there is no tenant "customer-b" for you\n  → name one of: customer-a\n',
    });
    const { exitCode, err } = await run("list", "bob");
    expect([exitCode, err]).toEqual([1, expect.stringContaining('there is no target "console" for you')]);
    await deviceLogin();
    expect(await run("list", "device")).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/there is no target "console" for you\n.*\n {2}→ run: cloudpass login --browser/),
    });
    expect((await run("list", "nobody")).err).toContain("you are not logged in");
  });

  it("shows what can be done, with examples", async () => {
    for (const words of [
      "--help",
      "people list --help",
      "people show --help",
      "grants list --help",
      "changes list --help",
      "changes show --help",
      "places list --help",
      "places show --help",
    ]) {
      const { exitCode, out } = await run(words);
      expect([exitCode, out]).toEqual([
        0,
        expect.stringMatching(/Usage: cloudpass tenant.*Examples:\n {2}cloudpass tenant /s),
      ]);
    }
  });
});
