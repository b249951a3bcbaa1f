import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StrictServer, startStrictServer } from "../protocol/cli/strict-server.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { exampleBroker, exampleEnvironment, finish, layExample, root, untilReady } from "./installed.ts";

// A strange machine: a root of its own with the C library, the executable out of its archive, and nothing else: no Node, no
// shell, no authority, no /proc. It is entered by chroot where the tests run as root, else by a user namespace.

let place: string;
let machine: string;
let server: StrictServer;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "cloudpass-executable-"));
  const release = join(place, "release");
  execFileSync(process.execPath, [join(root, "scripts/build.ts"), "--executable", "--to", release], { cwd: root });
  machine = join(place, "machine");
  lay(release, machine);
  server = await startStrictServer();
}, 180_000);
afterAll(async () => {
  await server?.stop();
  rmSync(place, { recursive: true, force: true });
});

/** Checks and unpacks the archive as its reader would, and lays the libraries that the executable names beside it. */
function lay(release: string, at: string): void {
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: release });
  const archive = readdirSync(release).find((name) => name.endsWith(".tar.gz")) ?? "";
  for (const folder of ["opt", "person", "dev", "tmp", "etc/ssl/certs"])
    mkdirSync(join(at, folder), { recursive: true });
  execFileSync("tar", ["-xzf", join(release, archive), "-C", join(at, "opt"), "--strip-components=1"]);
  const libraries = execFileSync("ldd", [join(at, "opt/cloudpass")], { encoding: "utf8" }).match(/\/\S+\.so\S*/g) ?? [];
  for (const library of libraries) {
    mkdirSync(join(at, dirname(library)), { recursive: true });
    copyFileSync(library, join(at, library));
  }
  writeFileSync(join(at, "dev/null"), "");
}

const enter = process.getuid?.() === 0 ? ["chroot"] : ["unshare", "--map-root-user", "--root"];

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [way = "", ...more] = enter;
  return spawn(way, [...more, machine, "/opt/cloudpass", ...args], {
    env: { PATH: process.env["PATH"], HOME: "/person", ...env },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
const cloudpass = (...args: string[]) => finish(start(args));

describe("the executable, where there is no Node", () => {
  test("there is nothing there to run but it", () => {
    expect(existsSync(join(machine, "usr/bin"))).toBe(false);
    expect(readdirSync(join(machine, "opt")).sort()).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "THIRD-PARTY-LICENCES.txt",
        "cloudpass",
        "completions",
        "man",
        "sbom.cdx.json",
      ]),
    );
  });

  test("logs in, keeps the login, and gives tokens from it", async () => {
    const login = start(["login", "--json", "--issuer", server.issuer]);
    const ended = finish(login);
    const verification = await new Promise<{ user_code: string }>((resolve, reject) => {
      login.stdout?.once("data", (line) => resolve(JSON.parse(String(line))));
      void ended.then(({ stderr }) => reject(new Error(stderr)));
    });
    await server.decide(verification.user_code, "approve");
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Logged in at") });

    const first = await cloudpass("token", "--target", "gx1");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const forms = server.forms.length;
    server.out = true;
    try {
      expect(await cloudpass("token", "--target", "gx1"), "kept, and nobody is asked").toEqual(first);
      const credential = await cloudpass("kube-credential", "--cluster", "gx1");
      expect(JSON.parse(credential.stdout).status.token).toBe(first.stdout.trim());
      expect(server.forms).toHaveLength(forms);
    } finally {
      server.out = false;
    }
    expect((await cloudpass("logout")).code).toBe(0);
  });

  test("its advice and a kubeconfig name it, and not a Node beside it", async () => {
    const help = await cloudpass("--help");
    expect(help.code).toBe(0);
    for (const name of ["login", "kube-credential", "realms", "serve"])
      expect(help.stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    expect((await cloudpass("token", "--target", "gx1")).stderr).toMatch(/→ .*cloudpass login/);
  });

  test("NODE_OPTIONS, which a person may have for other programs, change nothing", async () => {
    const run = await finish(start(["--version"], { NODE_OPTIONS: "--require /nowhere.js" }));
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });

  test("runs a broker, and leaves with exit code 0 on SIGTERM", async () => {
    await layExample(join(machine, "person"));
    expect((await cloudpass("keys", "create", "/person/etc/keys.json")).code).toBe(0);
    const url = `http://127.0.0.1:${await freePort()}`;
    writeFileSync(join(machine, "person/etc/serve.yaml"), exampleBroker(url));
    const broker = start(["serve", "--config", "/person/etc/serve.yaml"], exampleEnvironment);
    let ended: string | undefined;
    const end = finish(broker).then((finished) => {
      ended = `exit code ${finished.code}\n${finished.stderr}${finished.stdout}`;
      return finished;
    });
    try {
      await untilReady(url, () => ended);
      broker.kill("SIGTERM");
      expect((await end).code).toBe(0);
    } finally {
      broker.kill("SIGKILL");
      await end;
    }
  });
});
