import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import { readPrivate } from "../../../src/cli/user/session/private-file.ts";
import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { systemRandom } from "../../../src/core/index.ts";

let folder: string;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "cloudpass-tokens-")), "state");
});
afterAll(() => rm(join(folder, ".."), { recursive: true }));

const issuer = "https://login.example";
const open = (at = issuer, client = "cloudpass") => new TokenFile(folder, at, client, systemRandom);
const login = (refreshToken: string): Login => ({
  version: 1,
  issuer,
  clientId: "cloudpass",
  refreshToken,
  loggedInAt: 1_800_000_000,
  person: { sub: "p-1" },
  access: {},
});

describe("the token file", () => {
  it("S-14: is private, 0600 in a folder 0700, and nothing else is left beside it", async () => {
    const file = open();
    expect(await file.read()).toBeUndefined();
    await file.write(login("one"));
    await file.write(login("two"));
    expect(await file.read()).toEqual(login("two"));
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("S-14: one that others may read is made private again, and that is said once", async () => {
    const told: string[] = [];
    const file = new TokenFile(folder, "https://open.example", "cloudpass", systemRandom, (message) =>
      told.push(message),
    );
    await file.write({ ...login("one"), issuer: "https://open.example" });
    await chmod(file.path, 0o644);
    expect((await file.read())?.refreshToken).toBe("one");
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    await file.read();
    expect(told).toEqual([expect.stringMatching(/could be read by others .* cloudpass logout$/)]);
  });

  it("S-14: one that another user laid there is not used", async () => {
    const file = open("https://laid.example");
    await file.write({ ...login("one"), issuer: "https://laid.example" });
    if (process.getuid?.() === 0) await chown(file.path, 4242, 4242);
    const { uid } = await stat(file.path);
    const read = (me: number) => readPrivate(file.path, () => undefined, me);
    await expect(read(uid + 1)).rejects.toThrow(/belongs to another user/);
    expect(await read(uid)).toContain('"refreshToken":"one"');
  });

  it("is another for each issuer and client", () => {
    const paths = [open(), open("https://login.example:8443"), open("https://login.example/b"), open(issuer, "other")];
    expect(new Set(paths.map((file) => file.path)).size).toBe(4);
    for (const { path } of paths) expect(path.startsWith(`${folder}/login.example-`)).toBe(true);
  });

  it("counts as no login when damaged, or when it is of another issuer", async () => {
    const file = open("https://damaged.example");
    await writeFile(file.path, "{");
    expect(await file.read()).toBeUndefined();
    await writeFile(file.path, JSON.stringify(login("x")));
    expect(await file.read()).toBeUndefined();
  });

  it("lets one at a time through its lock, across processes", async () => {
    const file = open("https://locked.example");
    await file.write({ ...login("0"), issuer: "https://locked.example" });
    const script = fileURLToPath(new URL("./count-under-lock.ts", import.meta.url));
    const children = [1, 2].map(() => fork(script, [folder, "https://locked.example", "25"], { stdio: "inherit" }));
    for (let n = 0; n < 25; n++) {
      await file.locked(async () => {
        const found = await file.read();
        if (found) await file.write({ ...found, refreshToken: String(Number(found.refreshToken) + 1) });
      });
    }
    const codes = await Promise.all(children.map(async (child) => child.exitCode ?? (await once(child, "exit"))[0]));
    expect(codes).toEqual([0, 0]);
    expect((await file.read())?.refreshToken).toBe("75");
  });

  it("tells who has to wait for another", async () => {
    const [file, told] = [open(), Promise.withResolvers<string>()];
    const waiting = await file.locked(async () => {
      const second = open().locked(
        async () => "second",
        () => told.resolve("waiting"),
      );
      expect(await told.promise).toBe("waiting");
      return { second };
    });
    expect(await waiting.second).toBe("second");
  });

  it("frees the lock when the work fails", async () => {
    const file = open();
    await expect(
      file.locked(async () => {
        throw new Error("failed");
      }),
    ).rejects.toThrow("failed");
    expect(await file.locked(async () => "again")).toBe("again");
  });
});
