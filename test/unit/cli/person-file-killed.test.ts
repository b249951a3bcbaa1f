import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPersonFile, replacePersonFile } from "../../../src/cli/user/person-file/person-file.ts";

// Whoever writes a file of the person's may be ended at any moment, or find no room: the old text is there, or the new one.

const source = fileURLToPath(new URL("../../../src/cli/user/person-file/person-file.ts", import.meta.url));
const size = 200_000;
const whole = /^(?:a{200000}|b{200000}|old)$/;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-killed-"));
  path = join(folder, "config");
  await writeFile(path, "old");
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that does nothing but write the file, as often as it can. */
async function writer(): Promise<ChildProcess> {
  const program = `const { readPersonFile, replacePersonFile } = await import(${JSON.stringify(source)});
    for (let i = 0; ; i++) {
      await replacePersonFile(await readPersonFile(${JSON.stringify(path)}), (i % 2 ? "a" : "b").repeat(${size}));
      if (i === 0) process.stdout.write("begun");
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return child;
}

describe("a file of the person's", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "is whole after %s, and nothing is left beside it",
    async (signal) => {
      for (let times = 0; times < 1; times++) {
        const child = await writer();
        child.kill(signal);
        expect(await once(child, "exit")).toEqual([null, signal]);
        expect([whole.test(await readFile(path, "utf8")), await readdir(folder)]).toEqual([true, ["config"]]);
      }
    },
  );

  test("is whole after a kill, and the next write goes on with what is there", async () => {
    for (let times = 0; times < 3; times++) {
      const child = await writer();
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(whole.test(await readFile(path, "utf8"))).toBe(true);
      await replacePersonFile(await readPersonFile(path), "old");
      expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["old", ["config"]]);
    }
  });

  test("is what it was where there is no room for more, and the space is named", () => {
    const program = `const { readPersonFile, replacePersonFile } = await import(${JSON.stringify(source)});
      await replacePersonFile(await readPersonFile(${JSON.stringify(path)}), "a".repeat(${size})).catch((e) => console.log(e.message, e.fix));`;
    const limited = `ulimit -f 8; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = spawnSync("sh", ["-c", limited, process.execPath, program], { encoding: "utf8" });
    expect(stdout).toMatch(
      /config cannot be used \(EFBIG\) check its owner, its permissions and the space on the disk/,
    );
    return expect(Promise.all([readFile(path, "utf8"), readdir(folder)])).resolves.toEqual(["old", ["config"]]);
  });
});
