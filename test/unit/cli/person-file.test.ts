import { spawnSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPersonFile, replacePersonFile } from "../../../src/cli/user/person-file/person-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-person-"));
  path = join(folder, "config");
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (of: string) => (await stat(of)).mode & 0o777;

describe("a file of the person's", () => {
  test("that is not there is empty; it is made private, with its folder", async () => {
    const deep = join(folder, "deep/er/config");
    const file = await readPersonFile(deep);
    expect(file.text).toBe("");
    await replacePersonFile(file, "new\n");
    expect([await readFile(deep, "utf8"), await modeOf(deep), await modeOf(join(folder, "deep"))]).toEqual([
      "new\n",
      0o600,
      0o700,
    ]);
  });

  test("keeps its mode, and nothing is left beside it", async () => {
    await writeFile(path, "old\n");
    await chmod(path, 0o640);
    await replacePersonFile(await readPersonFile(path), "new\n");
    expect([await readFile(path, "utf8"), await modeOf(path), await readdir(folder)]).toEqual([
      "new\n",
      0o640,
      ["config"],
    ]);
  });

  test("behind a symbolic link is replaced there; the link stays one", async () => {
    await mkdir(join(folder, "dotfiles"));
    await writeFile(join(folder, "dotfiles/kube"), "old\n");
    await symlink(join(folder, "dotfiles/kube"), path);
    await replacePersonFile(await readPersonFile(path), "new\n");
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "dotfiles/kube"), "utf8")).toBe("new\n");
  });

  test("that somebody changed meanwhile is left as that one made it", async () => {
    const file = await readPersonFile(path);
    await writeFile(path, "of somebody else\n");
    await expect(replacePersonFile(file, "new\n")).rejects.toThrow(/was changed by another program meanwhile/);
    expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["of somebody else\n", ["config"]]);
  });

  test("that kubectl is writing is left alone, and its lock named", async () => {
    await writeFile(`${path}.lock`, "");
    await expect(replacePersonFile(await readPersonFile(path), "new\n")).rejects.toMatchObject({
      message: `${path} is being written by another program`,
      fix: expect.stringContaining(`remove ${path}.lock`),
    });
    expect(await readdir(folder)).toEqual(["config.lock"]);
  });

  test("is taken over from a cloudpass that was killed: its lock and its draft hold up nobody", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(`${path}.lock`, `cloudpass ${gone} ${hostname()}\n`);
    await writeFile(join(folder, ".config.cloudpass"), "half");
    await replacePersonFile(await readPersonFile(path), "new\n");
    expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["new\n", ["config"]]);
  });

  test("is left to a cloudpass that still runs, here or on another machine", async () => {
    for (const holder of [`${process.pid} ${hostname()}`, `1 another-machine`]) {
      await writeFile(`${path}.lock`, `cloudpass ${holder}\n`);
      await expect(replacePersonFile(await readPersonFile(path), "new\n")).rejects.toThrow(
        /is being written by another/,
      );
    }
  });

  test("with a secret is nobody else's to read from then on", async () => {
    await writeFile(path, "old\n");
    await chmod(path, 0o664);
    await replacePersonFile(await readPersonFile(path), "new\n", { isSecret: true });
    expect(await modeOf(path)).toBe(0o600);
  });

  test("that is none is said to be none", async () => {
    await mkdir(path);
    await expect(readPersonFile(path)).rejects.toThrow(`${path} cannot be used (EISDIR)`);
  });
});
