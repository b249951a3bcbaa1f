import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../support/boot.ts";
import { decideInBrowser, embeddedVisitor } from "../support/device-login.ts";

// Another user of the same machine sees arguments and, at times, environments, and reads what is readable.

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

let broker: Booted;
let home: string;
beforeAll(async () => {
  broker = await boot({ yaml: "device: {interval: 1s}" });
  home = await mkdtemp(join(tmpdir(), "cloudpass-s14-"));
});
afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true, force: true });
});

function cloudpass(args: readonly string[], onText?: (text: string) => void) {
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    XDG_STATE_HOME: join(home, "state"),
    CLOUDPASS_ISSUER: broker.issuer,
  };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += String(text);
  });
  child.stderr.on("data", (text) => {
    err += String(text);
    onText?.(err);
  });
  return new Promise<{ out: string; err: string }>((resolve) => child.on("close", () => resolve({ out, err })));
}

describe("S-14: the command keeps its secrets", () => {
  test("it shows the code and a warning, and keeps tokens in files that only the person can read", async () => {
    let approving: Promise<unknown> | undefined;
    const { err } = await cloudpass(["login", "--device", "--no-qr"], (text) => {
      const link = /open\s+(\S+user_code=\S+)\s/.exec(text)?.[1];
      if (link !== undefined) approving ??= decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve");
    });
    await approving;
    expect(err).toMatch(/code\s+[A-Z]{4}-[A-Z]{4}-[A-Z]{4}/);
    expect(err).toContain("Approve only a login that you started yourself");
    expect(err).not.toMatch(/eyJ/);
    expect(err, "the device code (RFC 8628 section 3.3)").not.toMatch(/(?<![\w-])[\w-]{43}(?![\w-])/);
    for (const name of await readdir(home, { recursive: true })) {
      const path = join(home, name);
      expect((await stat(path)).mode & 0o077, name).toBe(0);
    }
  });

  test("a child of exec finds no token in its arguments or environment", async () => {
    const notify =
      'process.stdout.write(JSON.stringify([process.argv, process.env, require("fs").readFileSync("/proc/" + process.ppid + "/cmdline", "utf8")]))';
    const { out, err } = await cloudpass(["exec", "--cloud", "gx1", "--", process.execPath, "-e", notify]);
    expect(out, err).toContain("OS_CLIENT_CONFIG_FILE");
    expect(out).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
    const { OS_CLIENT_CONFIG_FILE: file } = (JSON.parse(out) as [unknown, Record<string, string>])[1];
    await expect(readFile(file ?? "", "utf8"), "removed when the command ends").rejects.toThrow("ENOENT");
  });
});
