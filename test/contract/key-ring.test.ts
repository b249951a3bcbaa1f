import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StrictServer, startStrictServer } from "../protocol/cli/strict-server.ts";
import { ensureSystemPackages } from "../rigs/support/system-packages.ts";
import { waitUntil } from "../rigs/support/wait-until.ts";
import { runCommand } from "../support/command.ts";

// A real Secret Service, GNOME's, on a bus of its own: as on a desktop, without one.

let home: string;
let server: StrictServer;
const running: ChildProcess[] = [];
const env: Record<string, string | undefined> = {};
beforeAll(async () => {
  await ensureSystemPackages(["key-ring"]);
  home = mkdtempSync(join(tmpdir(), "cloudpass-key-ring-"));
  mkdirSync(join(home, "run"), { mode: 0o700 });
  Object.assign(env, { HOME: home, XDG_STATE_HOME: join(home, "state"), XDG_RUNTIME_DIR: join(home, "run") });
  const bus = start("dbus-daemon", ["--session", "--nofork", "--print-address"]);
  const [address] = await once(bus.stdout ?? bus, "data");
  env["DBUS_SESSION_BUS_ADDRESS"] = String(address).trim();
  await unlock();
  server = await startStrictServer();
}, 300_000);
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { env: { PATH: process.env["PATH"], ...env }, stdio: ["pipe", "pipe", "ignore"] });
  running.push(child);
  return child;
}

/** Starts GNOME's key ring; with the password of its owner it is open. */
async function unlock(password = "of alice"): Promise<ChildProcess> {
  const ring = start("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"]);
  ring.stdin?.end(password);
  const wait = { what: "a Secret Service is on the bus", servers: [], timeoutMs: 20_000 };
  await waitUntil(wait, async () => (await listNames()).includes("org.freedesktop.secrets"));
  return ring;
}

async function listNames(): Promise<string> {
  const call = "org.freedesktop.DBus.ListNames";
  const child = start("dbus-send", ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", call]);
  let said = "";
  child.stdout?.on("data", (text) => {
    said += String(text);
  });
  await once(child, "close");
  return said;
}

const cloudpass = (...args: string[]) => runCommand(args, { env });

async function login(...more: string[]) {
  const asked = new Set<string>();
  return runCommand(["login", "--device", "--no-qr", "--issuer", server.issuer, ...more], {
    env,
    onText: (err) => {
      const code = /\b[A-Z]{4}-[A-Z]{4}\b/.exec(err)?.[0];
      if (code === undefined || asked.has(code)) return;
      asked.add(code);
      void server.decide(code, "approve");
    },
  });
}

const stateText = () =>
  readdirSync(join(home, "state/cloudpass"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(home, "state/cloudpass", name), "utf8"))
    .join();

describe("a login in the key ring of the system", () => {
  test("is kept there, used by every command, and leaves nothing when it ends", async () => {
    const done = await login("--keep-in", "keyring");
    expect(done.err).toContain("The key of this login is in the key ring of the system.");
    expect(done.exitCode).toBe(0);
    expect(stateText()).not.toMatch(/refreshToken|proofKey/);

    const first = await cloudpass("token", "--target", "gx1");
    expect([first.exitCode, first.err]).toEqual([0, ""]);
    expect((await cloudpass("token", "--target", "gx1")).out).toBe(first.out);

    expect((await login()).err, "the next login is kept as the one before").toContain("key ring of the system");
    expect((await cloudpass("logout")).exitCode).toBe(0);
    expect((await cloudpass("token", "--target", "gx1")).err).toContain("you are not logged in");
  });

  test("fifty processes at once refresh it once", async () => {
    await login("--keep-in", "keyring");
    const before = server.forms.length;
    const runs = await Promise.all(
      Array.from({ length: 50 }, () => cloudpass("kube-credential", "--cluster", "prod1")),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    expect(new Set(runs.map(({ out }) => JSON.parse(out).status.token)).size).toBe(1);
    const refreshes = server.forms.slice(before).filter(({ form }) => form.get("grant_type") === "refresh_token");
    expect(refreshes).toHaveLength(1);
  }, 120_000);

  test("a key ring that is away: what is kept is still given, a refresh says what to do, no other place is taken", async () => {
    await login("--keep-in", "keyring");
    const kept = await cloudpass("token", "--target", "gx1");
    expect(kept.exitCode).toBe(0);
    for (const child of running.splice(0)) {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    }
    expect((await cloudpass("token", "--target", "gx1")).out).toBe(kept.out);
    const refused = await cloudpass("token", "--target", "prod1");
    expect(refused).toMatchObject({ exitCode: 1, out: "" });
    expect(refused.err).toMatch(/key ring of the system .*\n {2}→ .*cloudpass login --keep-in file/);
    const again = await login();
    expect([again.exitCode, again.err]).toEqual([1, expect.stringContaining("cloudpass login --keep-in file")]);
    expect((await login("--keep-in", "file")).exitCode).toBe(0);
    expect((await cloudpass("token", "--target", "prod1")).exitCode).toBe(0);
  });
});
