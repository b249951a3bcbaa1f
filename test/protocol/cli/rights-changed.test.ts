import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import type { Policy } from "../../../src/policy/index.ts";
import { boot } from "../../support/boot.ts";
import { claimsOf, decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { type FaultProxy, startFaultProxy } from "../../support/fault-proxy.ts";
import { shared } from "../../support/shared.ts";
import { startSmallKeystone } from "../../support/small-keystone.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";
import { examples, mustLoad } from "../../unit/policy/kit.ts";

const keystone = await startSmallKeystone("gx1");
const texts = examples.map(({ file, text }) => ({
  file,
  text: text.replace(/tests:\n.*$/s, "").replace("https://api.gx1.example:5000/v3", keystone.url),
}));
/** A right is given or taken while the command holds a token of minutes before. */
const without = mustLoad(texts);
const withAudit = mustLoad(
  texts.map(({ file, text }) => ({
    file,
    text: text.replace("- { id: audit, give: auditor, to: auditors", "- { id: audit, give: auditor, to: developers"),
  })),
);
let now: Policy = without;
const changing = new Proxy(without, { get: (_first, name) => Reflect.get(now, name) });

const [developer, auditor] = ["cp.customer-a.developer", "cp.customer-a.auditor"];
let proxy: FaultProxy;
const broker = shared(async () => {
  const booted = await boot({
    policy: changing,
    yaml: "device: {interval: 1s}",
    behind: async (address) => {
      proxy = await startFaultProxy(address);
      return proxy;
    },
  });
  return {
    ...booted,
    stop: async () => {
      await booted.stop();
      await proxy.stop();
    },
  };
});

let home: string;
const start = (argv: readonly string[]) => {
  const { PATH } = process.env;
  const terminal = fakeTerminal({ PATH, HOME: home, XDG_STATE_HOME: home, CLOUDPASS_ISSUER: broker.issuer });
  const deps = {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  };
  return { terminal, ended: runCli(argv, deps) };
};
const run = async (...argv: string[]) => {
  const { terminal, ended } = start(argv);
  return { exitCode: await ended, out: terminal.out(), err: terminal.err() };
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-rights-"));
  const { terminal, ended } = start(["login", "--json", "--device"]);
  await vi.waitFor(() => expect(terminal.out()).toContain("\n"), { timeout: 5_000 });
  const { verification_uri_complete: link } = JSON.parse(terminal.out().split("\n")[0] ?? "");
  await decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve");
  expect(await ended).toBe(0);
});
afterAll(async () => {
  await keystone.stop();
  await rm(home, { recursive: true });
});

const groupsIn = (token: string) => claimsOf(token)["groups"];
const ofToken = async (target: string) => groupsIn((await run("token", "--target", target)).out);
const ofKubectl = async () =>
  groupsIn(JSON.parse((await run("kube-credential", "--cluster", "prod1")).out).status.token as string);
/** The token by which a command run by `exec` has its own of the cloud's. */
async function ofExec() {
  const { exitCode } = await run("exec", "--cloud", "gx1", "--project", "dev", "--", "true");
  expect(exitCode).toBe(0);
  return groupsIn(keystone.presented.at(-1) ?? "");
}
const asked = (path: string) => proxy.seen.filter((r) => r.path === path).length;

beforeEach(async () => {
  now = without;
  await run("status");
  expect([await ofToken("gx1"), await ofToken("prod1")]).toEqual([[developer], [developer]]);
  proxy.trouble(() => undefined);
});

describe("a right that was added", { timeout: 30_000 }, () => {
  test("is in the token that exec uses right afterwards, at the price of one refresh", async () => {
    now = withAudit;
    expect(await ofExec()).toEqual([auditor, developer]);
    expect(asked("/token")).toBe(1);
    expect(await ofExec()).toEqual([auditor, developer]);
    expect([asked("/token"), asked("/targets")]).toEqual([1, 2]);
  });

  test("that status shows is in every token from then on, for kubectl too", async () => {
    now = withAudit;
    expect((await run("status")).out).toMatch(/view on namespace customer-a-dev/);
    expect(await ofKubectl()).toEqual([auditor, developer]);
    expect(await ofToken("gx1")).toEqual([auditor, developer]);
  });
});

describe("rights that did not change", { timeout: 30_000 }, () => {
  test("cost no refresh, and no write of the file", async () => {
    const folder = join(home, "cloudpass");
    const [name = ""] = await readdir(folder);
    const before = await readFile(join(folder, name), "utf8");
    for (let times = 0; times < 2; times++) await ofExec();
    await run("status");
    expect(asked("/token")).toBe(0);
    expect(await readFile(join(folder, name), "utf8")).toBe(before);
  });
});

describe("a right that was taken away", { timeout: 30_000 }, () => {
  test("is in no token that exec uses right afterwards", async () => {
    now = withAudit;
    expect(await ofExec()).toEqual([auditor, developer]);
    now = without;
    expect(await ofExec()).toEqual([developer]);
  });
});

describe("a command that fails, as openstack does when a cloud refuses", { timeout: 30_000 }, () => {
  const child = (code: number) => [process.execPath, "-e", `process.exit(${code})`];

  test("is followed by what its token carried, and of which moment", async () => {
    const { exitCode, err } = await run("exec", "--cloud", "gx1", "--", ...child(1));
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^cloudpass: if gx1 refused: the token is of 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ, \d+ s ago, and carries there: member on project customer-a\/dev\n$/,
    );
  });

  test.each([0, 2, 7])("and is not when it ends with %i, which says something else", async (code) => {
    expect(await run("exec", "--cloud", "gx1", "--", ...child(code))).toMatchObject({ exitCode: code, err: "" });
  });
});
