import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { runCli } from "../../../src/cli/index.ts";
import { type Clock, systemClock } from "../../../src/core/index.ts";
import { boot, examplePolicy } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { shared } from "../../support/shared.ts";
import { type SmallKeystone, startSmallKeystone } from "../../support/small-keystone.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// What `exec` and `env` give the tools of a shell: a file with Keystone's token, and no secret in any variable.

let gx1: SmallKeystone;
const broker = shared(async () => {
  gx1 = await startSmallKeystone("gx1");
  return boot({ policy: await examplePolicy({ gx1: gx1.url, gx2: "https://gone.invalid/v3" }) });
});
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-tools-"));
  await browserLogin(broker.issuer, home, "bob@a.example");
});
afterAll(async () => {
  await gx1.stop();
  await rm(home, { recursive: true });
});

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}, clock: Clock = systemClock) {
  const { PATH } = process.env;
  const own = { PATH, HOME: home, XDG_STATE_HOME: join(home, "state"), XDG_RUNTIME_DIR: join(home, "run"), ...env };
  const terminal = fakeTerminal({ ...own, CLOUDPASS_ISSUER: broker.issuer }, { clock });
  return { terminal, ended: runCli(argv, { version: "0.0.0", serve: async () => 0, terminal }) };
}
const run = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { terminal, ended } = start(argv, env);
  return { exitCode: await ended, out: terminal.out(), err: terminal.err() };
};

/** What a shell has after it did what was printed. */
function inShell(printed: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { stdout } = spawnSync("sh", ["-c", `${printed}\nenv`], { env, encoding: "utf8" });
  return Object.fromEntries(stdout.split("\n").flatMap((line) => (line.startsWith("OS_") ? [line.split("=")] : [])));
}

describe("cloudpass exec", { timeout: 30_000 }, () => {
  it("renews the token in the file while the command runs: whatever it starts then has the new one", async () => {
    const pauses: (() => void)[] = [];
    const sleep: Clock["sleep"] = (_ms, signal) =>
      new Promise((resolve) => {
        pauses.push(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    const seen = join(home, "seen");
    // Ends when the file says something else than at its start.
    const child = `const fs = require("node:fs"), file = process.env.OS_CLIENT_CONFIG_FILE, first = fs.readFileSync(file, "utf8");
      fs.writeFileSync(process.argv[1], first);
      setInterval(() => { const now = fs.readFileSync(file, "utf8"); if (now !== first) { fs.writeFileSync(process.argv[1], now); process.exit(0); } }, 10);`;
    const { terminal, ended } = start(
      ["exec", "--cloud", "gx1", "--", process.execPath, "-e", child, seen],
      {},
      {
        ...systemClock,
        sleep,
      },
    );
    const tokenSeen = async () => parse(await readFile(seen, "utf8").catch(() => "")).clouds.gx1.auth.token;
    await vi.waitFor(tokenSeen, { timeout: 10_000 });
    const first = await tokenSeen();
    pauses[0]?.();
    expect([await ended, terminal.err()]).toEqual([0, ""]);
    expect(await tokenSeen()).not.toBe(first);
  });

  it("leaves a cloud that only the tool can reach to the tool, and says which tools cannot", async () => {
    const { exitCode, err } = await run([
      "exec",
      "--cloud",
      "gx2",
      "--",
      "sh",
      "-c",
      "grep -q v3oidcaccesstoken $OS_CLIENT_CONFIG_FILE",
    ]);
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(
        /^cloudpass: the cloud gx2 cannot be reached \(.*\); the command logs in by itself, as Python's/,
      ),
    ]);
  });
});

describe("cloudpass logout", { timeout: 30_000 }, () => {
  it("takes the secrets back and has the cloud end them; entries stay, and so does what is the person's", async () => {
    const person = join(home, "gone");
    await browserLogin(broker.issuer, person, "bob@a.example");
    const env = { HOME: person, XDG_STATE_HOME: join(person, "state"), XDG_RUNTIME_DIR: join(person, "run") };
    const [clouds, secure] = ["clouds.yaml", "secure.yaml"].map((name) => join(person, ".config/openstack", name));
    await mkdir(join(person, ".config/openstack"), { recursive: true });
    await writeFile(secure ?? "", "clouds: { mine: { auth: { password: x } } }\n");
    await run(["clouds", "write"], env);
    const shell = inShell((await run(["env", "--cloud", "gx1"], env)).out);
    const tokens = await Promise.all(
      [secure, shell["OS_CLIENT_CONFIG_FILE"]].map(
        async (file = "") => /[0-9a-f]{32}/.exec(await readFile(file, "utf8"))?.[0] ?? "",
      ),
    );
    const entries = await readFile(clouds ?? "", "utf8");
    expect(tokens.map((token) => gx1.knows(token))).toEqual([true, true]);
    const { exitCode, err } = await run(["logout"], env);
    expect([exitCode, err]).toEqual([
      0,
      `Ended: a token of ${gx1.url}.\nLeft for the next login: gx1-dev, gx2-dev in ${clouds}; or run: cloudpass clouds undo\n` +
        `Logged out at ${broker.issuer}. Tokens already handed out end by themselves within minutes.\n`,
    ]);
    expect(tokens.map((token) => gx1.knows(token))).toEqual([false, false]);
    expect([await readFile(clouds ?? "", "utf8"), await readFile(secure ?? "", "utf8")]).toEqual([
      entries,
      "clouds: { mine: { auth: { password: x } } }\n",
    ]);
    await expect(stat(shell["OS_CLIENT_CONFIG_FILE"] ?? "")).rejects.toThrow("ENOENT");
  });

  it("names what it could not end, and ends the login all the same", async () => {
    const person = join(home, "away");
    await browserLogin(broker.issuer, person, "bob@a.example");
    const env = { HOME: person, XDG_STATE_HOME: join(person, "state"), XDG_RUNTIME_DIR: join(person, "run") };
    await run(["env", "--cloud", "gx1"], env);
    gx1.silent = true;
    const { exitCode, err } = await run(["logout"], env);
    gx1.silent = false;
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(/^Not ended: a token of http.* \(\w+\)\. It ends by itself\.\nLogged out at /),
    ]);
  });
});

describe("cloudpass env", { timeout: 30_000 }, () => {
  it("gives a shell a cloud, with no secret in a variable; the same again renews it; --unset takes both back", async () => {
    const { exitCode, out, err } = await run(["env", "--cloud", "gx1"], { OS_PASSWORD: "other" });
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(
        /^cloudpass: gx1, project customer-a\/dev, for (1 h|59 min.*); renew it with the same command\n/,
      ),
    ]);
    const has = inShell(out, { OS_PASSWORD: "other" });
    expect(Object.keys(has).sort()).toEqual(["OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD"]);
    const file = has["OS_CLIENT_CONFIG_FILE"] ?? "";
    expect(file.startsWith(join(home, "run/cloudpass/shells/"))).toBe(true);
    const before = await readFile(file, "utf8");
    expect(parse(before).clouds.gx1).toMatchObject({ auth_type: "v3token", auth: { project_name: "dev" } });
    expect([(await stat(file)).mode & 0o777, (await stat(dirname(file))).mode & 0o777]).toEqual([0o600, 0o700]);
    expect((await run(["env", "--cloud", "gx1"], has)).out).toBe(out.replace("unset OS_PASSWORD;\n", ""));
    expect(await readFile(file, "utf8")).not.toBe(before);
    const back = await run(["env", "--unset"], has);
    expect(inShell(back.out, has)).toEqual({});
    await expect(stat(dirname(file))).rejects.toThrow("ENOENT");
    // A file of somebody else's is left alone.
    expect((await run(["env", "--unset"], { OS_CLIENT_CONFIG_FILE: join(home, "mine.yaml") })).out).toBe("");
  });

  it("speaks fish, and asks which cloud", async () => {
    const { out } = await run(["env", "--cloud", "gx1"], { SHELL: "/usr/bin/fish" });
    expect(out).toMatch(
      /^set -gx OS_CLIENT_CONFIG_FILE \S+;\nset -gx OS_CLIENT_SECURE_FILE \S+;\nset -gx OS_CLOUD gx1;\n$/,
    );
    expect(await run(["env"])).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^cloudpass: which cloud\?\n/),
    });
  });
});
