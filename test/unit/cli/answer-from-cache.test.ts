import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { answerFromCache } from "../../../src/cli/answer-from-cache.ts";
import { runCli } from "../../../src/cli/index.ts";
import { runProgram } from "../../../src/cli/run-cli.ts";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { instant, manualClock, systemRandom } from "../../../src/core/index.ts";
import { type SourceFile, sourcesOf, target } from "../../house/source.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const now = 1_800_000_000;
const clock = manualClock(instant(now));
const jwt = (claims: object) =>
  ["{}", JSON.stringify(claims), "s"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const good = jwt({ iat: now - 60, exp: now + 540, groups: ["r"], aud: "urn:cloudpass:target:gx1" });

let home: string;
let asked = 0;
const server = createServer((_request, response) => {
  asked++;
  response.writeHead(503).end();
});
let issuer: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-cached-"));
  issuer = `http://${await listen(server)}`;
  await keep({});
});
afterAll(async () => {
  await stopServer(server);
  await rm(home, { recursive: true });
});

const state = () => join(home, "cloudpass");
const env = (more = {}) => ({ HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: join(home, "etc"), ...more });

/** Lays a login whose access tokens are these and some that every test knows. */
async function keep(access: Login["access"]): Promise<TokenFile> {
  const file = new TokenFile(state(), issuer, "cloudpass", systemRandom);
  await file.write({
    version: 1,
    issuer,
    clientId: "cloudpass",
    refreshToken: "one",
    loggedInAt: now - 3600,
    person: { sub: "p-1" },
    access: {
      "urn:cloudpass:target:gx1": { token: good, expiresAt: now + 540 },
      "urn:cloudpass:target:opaque": { token: "opaque", expiresAt: now + 540 },
      "urn:cloudpass:target:late": { token: good, expiresAt: now + 29 },
      "urn:cloudpass:target:older": { token: good, expiresAt: now + 3600 },
      ...access,
    },
  });
  return file;
}

/** What a way of running the command says. */
async function said(run: typeof runCli, argv: readonly string[], more = {}) {
  const terminal = fakeTerminal(env(more), { clock });
  const exitCode = await run(argv, { version: "0.0.0", serve: async () => 9, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

const fromCache = (argv: readonly string[], more = {}) => answerFromCache(argv, fakeTerminal(env(more), { clock }));
const info = (apiVersion: string) => ({ KUBERNETES_EXEC_INFO: JSON.stringify({ kind: "ExecCredential", apiVersion }) });

describe("a kept token", () => {
  const answered: [argv: string[], more?: object][] = [
    [["token", "--target", "gx1"]],
    [["token", "--target=gx1", "-o", "json"]],
    [["token", "--output=text", "--target", "late", "--target", "gx1"]],
    [["token", "--target", "opaque"]],
    [["token", "--target", "gx1", "--ca-file", "nowhere.pem"]],
    [["kube-credential", "--cluster", "gx1"]],
    [["kube-credential", "--cluster=gx1"], info("client.authentication.k8s.io/v1beta1")],
    [["kube-credential", "--cluster", "gx1"], { KUBERNETES_EXEC_INFO: " " }],
  ];
  test.each(answered)("%j is answered as the whole command answers it, and nobody is asked", async (argv, more) => {
    asked = 0;
    expect(await fromCache(argv, more)).toBe(true);
    const [quick, whole] = [await said(runCli, argv, more), await said(runProgram, argv, more)];
    expect(quick).toEqual(whole);
    expect(quick).toMatchObject({ exitCode: 0, err: "" });
    expect(asked).toBe(0);
  });

  const left: [argv: string[], more?: object][] = [
    [["token"]],
    [["token", "--target", ""]],
    [["token", "--target", "late"]],
    [["token", "--target", "older"]],
    [["token", "--target", "none"]],
    [["token", "--target", "__proto__"]],
    [["token", "--target", "opaque", "--output", "json"]],
    [["token", "--target", "gx1", "--output", "xml"]],
    [["token", "--target", "gx1", "--help"]],
    [["token", "--target", "gx1", "more"]],
    [["token", "--target", "gx1", "--unknown"]],
    [["token", "--target", "gx1", "--issuer", "http://login.example"]],
    [["token", "--target", "gx1", "--issuer", "https://another.example"]],
    [["kube-credential"]],
    [["kube-credential", "--cluster", "gx1"], info("client.authentication.k8s.io/v1alpha1")],
    [["kube-credential", "--cluster", "gx1"], { KUBERNETES_EXEC_INFO: "null" }],
    [["kube-credential", "--cluster", "gx1"], { HOME: "", XDG_STATE_HOME: "relative", CLOUDPASS_ISSUER: "x" }],
    [["status", "--help"]],
    [["--version"]],
  ];
  test.each(left)("%j is left to the whole command, with its words", async (argv, more) => {
    expect(await fromCache(argv, more)).toBe(false);
    expect(await said(runCli, argv, more)).toEqual(await said(runProgram, argv, more));
  });

  it("is given a thousand times without a question to anybody", async () => {
    asked = 0;
    for (let n = 0; n < 1000; n++) {
      const { exitCode, out } = await said(runCli, ["kube-credential", "--cluster", "gx1"]);
      expect([exitCode, JSON.parse(out).status.token]).toEqual([0, good]);
    }
    expect(asked).toBe(0);
  });

  it("is found by the settings file's issuer, by the profile in use, and by the only login that there is", async () => {
    const folder = join(home, "etc/cloudpass");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.yaml"), `issuer: ${issuer} # mine\n`);
    expect(await fromCache(["token", "--target", "gx1"])).toBe(true);
    await writeFile(join(folder, "config.yaml"), "issuer: [\n");
    expect(await fromCache(["token", "--target", "gx1"])).toBe(false);
    await writeFile(join(folder, "config.yaml"), "issuer: https://another.example\n");
    const profiles = `profiles:\n  here:\n    issuer: ${issuer}\n  other:\n    issuer: https://other.example\n`;
    await writeFile(join(folder, "profiles.yaml"), `${profiles}current: here\n`);
    expect(await fromCache(["token", "--target", "gx1"])).toBe(true);
    expect(await fromCache(["token", "--target", "gx1", "--profile", "other"])).toBe(false);
    await writeFile(join(folder, "profiles.yaml"), `${profiles}current: other\n`);
    expect(await fromCache(["token", "--target", "gx1"])).toBe(false);
    expect(await fromCache(["kube-credential", "--profile=here", "--cluster=gx1"])).toBe(true);
    await rm(join(home, "etc"), { recursive: true });
    expect(await fromCache(["token", "--target", "gx1"])).toBe(true);
  });

  it("S-14: the file's mode is looked at here, too", async () => {
    const { path } = await keep({});
    await chmod(path, 0o644);
    const quick = await said(runCli, ["token", "--target", "gx1"]);
    expect(quick.err).toContain("could be read by others on this machine, and is private again");
    expect((await said(runCli, ["token", "--target", "gx1"])).err).toBe("");
  });
});

describe("the start of the command", () => {
  const files = new Map(sourcesOf("src").map((file) => [file.path, file]));

  /** All that a file loads when it is loaded: files of ours, and packages and modules of Node's by name. */
  function loadedBy(path: string, seen = new Set<string>()): Set<string> {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const from of staticImportsOf(files.get(path) as SourceFile)) {
      if (from.startsWith(".")) loadedBy(target(files.get(path) as SourceFile, from), seen);
      else seen.add(from);
    }
    return seen;
  }

  const staticImportsOf = ({ lines, imports }: SourceFile) =>
    imports
      .filter(({ line }) => !/\bimport\(|^(import|export) type\b/.test(lines[line - 1] ?? ""))
      .map(({ from }) => from);

  it("loads no package, and of Node nothing that takes long, before a kept token is given", () => {
    const loaded = [...loadedBy("src/cli/index.ts")];
    const others = loaded.filter((name) => !name.endsWith(".ts"));
    expect(others.filter((name) => !isBuiltin(name))).toEqual([]);
    // node:tls and what stands on it take half as long as Node itself.
    expect(others.filter((name) => /^node:(tls|https?|http2|net|dns|child_process|readline)\b/.test(name))).toEqual([]);
    expect(loaded.filter((name) => /^src\/(?!cli|core)/.test(name))).toEqual([]);
    expect(loaded).toContain("src/cli/user/session/token-file.ts");
  });
});
