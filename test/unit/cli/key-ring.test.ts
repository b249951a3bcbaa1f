import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import { type KeyRing, systemKeyRing } from "../../../src/cli/user/session/key-ring.ts";
import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { instant, manualClock, systemRandom } from "../../../src/core/index.ts";
import { fakeTerminal } from "./fake-terminal.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-key-ring-"));
});
afterAll(() => rm(home, { recursive: true }));

/** A key ring in memory, which can be locked. */
function ringInMemory(): KeyRing & { readonly entries: Map<string, string>; locked: boolean } {
  const entries = new Map<string, string>();
  const ring = {
    entries,
    locked: false,
    hangs: false,
    read: async (name: string) => open().get(name),
    write: async (name: string, secret: string) => void open().set(name, secret),
    remove: async (name: string) => void open().delete(name),
    probe: async () => void open(),
  };
  const open = () => {
    if (ring.locked) throw new Error("locked");
    return entries;
  };
  return ring;
}

const issuer = "https://login.example";
const proofKey = { kty: "EC", crv: "P-256", x: "x-of-key", y: "y-of-key", d: "d-of-key" } as const;
const login = (refreshToken: string): Login => ({
  version: 1,
  issuer,
  clientId: "cloudpass",
  refreshToken,
  proofKey,
  loggedInAt: 1_800_000_000,
  person: { sub: "p-1" },
  access: { "": { token: "access", expiresAt: 1_800_000_600 } },
});
const fileWith = (ring: KeyRing, folder: string) =>
  new TokenFile(join(home, folder), issuer, "cloudpass", systemRandom, () => {}, ring);

describe("a login whose key is in the key ring", () => {
  it("S-14: its file holds neither the refresh token nor the proof key, also after a refresh", async () => {
    const ring = ringInMemory();
    const file = fileWith(ring, "sealed");
    await file.replace(login("refresh-one"), "keyring");
    expect(await fileWith(ring, "sealed").read()).toEqual(login("refresh-one"));
    const again = fileWith(ring, "sealed");
    await again.read();
    await again.write(login("refresh-two"));
    const text = await readFile(file.path, "utf8");
    expect(text).not.toMatch(/refresh-|of-key/);
    expect(await fileWith(ring, "sealed").read()).toEqual(login("refresh-two"));
    expect([...ring.entries.values()]).toHaveLength(1);
    expect([...ring.entries.values()].join()).not.toMatch(/refresh-|of-key/);
  });

  it("gives a kept access token without asking the key ring", async () => {
    const ring = ringInMemory();
    await fileWith(ring, "peek").replace(login("one"), "keyring");
    ring.locked = true;
    expect((await fileWith(ring, "peek").peek())?.access[""]?.token).toBe("access");
    await expect(fileWith(ring, "peek").read()).rejects.toThrow("locked");
  });

  it("does not open when its file was changed, is another's, or its key is gone", async () => {
    const ring = ringInMemory();
    const file = fileWith(ring, "changed");
    await file.replace(login("one"), "keyring");
    const kept = JSON.parse(await readFile(file.path, "utf8"));
    const flip = kept.sealed.endsWith("A") ? "B" : "A";
    await writeFile(
      file.path,
      JSON.stringify({ ...kept, sealed: kept.sealed.slice(0, -3) + flip + kept.sealed.slice(-2) }),
    );
    await expect(file.read()).rejects.toThrow("the key of your login is not in the key ring");
    await writeFile(file.path, JSON.stringify({ ...kept, sealed: "" }));
    await expect(file.read()).rejects.toThrow("the key of your login is not in the key ring");
    await writeFile(file.path, JSON.stringify(kept));
    ring.entries.clear();
    await expect(file.read()).rejects.toThrow("the key of your login is not in the key ring");
  });

  it("leaves no key behind: at a new login, at one that goes into a file, at the end", async () => {
    const ring = ringInMemory();
    const file = fileWith(ring, "keys");
    await file.replace(login("one"), "keyring");
    expect(await file.replace(login("two"), "keyring")).toEqual(login("one"));
    expect(ring.entries.size).toBe(1);
    expect(await file.replace(login("three"), "file")).toEqual(login("two"));
    expect(ring.entries.size).toBe(0);
    expect(JSON.parse(await readFile(file.path, "utf8"))).toEqual(login("three"));
    await file.replace(login("four"), "keyring");
    await file.remove();
    expect([ring.entries.size, await readdir(join(home, "keys"))]).toEqual([0, []]);
  });

  it("can be replaced by one in a file although its key ring is away", async () => {
    const ring = ringInMemory();
    await fileWith(ring, "away").replace(login("one"), "keyring");
    ring.locked = true;
    const file = fileWith(ring, "away");
    expect(await file.replace(login("two"), "file")).toBeUndefined();
    expect(await file.read()).toEqual(login("two"));
  });

  it("keeps the login before when the new key cannot be written", async () => {
    const ring = ringInMemory();
    await fileWith(ring, "full").replace(login("one"), "keyring");
    const write = vi.spyOn(ring, "write").mockRejectedValue(new Error("full"));
    await expect(fileWith(ring, "full").replace(login("two"), "keyring")).rejects.toThrow("full");
    write.mockRestore();
    expect(await fileWith(ring, "full").read()).toEqual(login("one"));
  });
});

describe("cloudpass login --keep-in keyring", () => {
  const run = async (keyRing: KeyRing, ...args: string[]) => {
    const terminal = { ...fakeTerminal({ HOME: home, XDG_STATE_HOME: join(home, "state") }), keyRing };
    const exitCode = await runCli(["login", "--device", "--issuer", "http://127.0.0.1:9", ...args], {
      version: "0",
      serve: async () => 0,
      terminal,
    });
    return { exitCode, err: terminal.err() };
  };

  it("asks nobody for a login that could not be kept", async () => {
    const none = systemKeyRing(() => Promise.reject(new Error("not there")));
    expect(await run(none, "--keep-in", "keyring")).toEqual({
      exitCode: 1,
      err: expect.stringMatching(/cannot use the key ring of the system\n {2}→ .*cloudpass login --keep-in file\n$/),
    });
    expect((await run(none)).err, "a file needs none").toMatch(/127\.0\.0\.1:9/);
  });

  it("does not wait for one that never answers", async () => {
    const never = () => new Promise<never>(() => {});
    const library = async () => ({
      AsyncEntry: class {
        getPassword = never;
        setPassword = never;
        deletePassword = never;
      },
    });
    const ring = systemKeyRing(library, manualClock(instant(0)));
    await expect(ring.read("x")).rejects.toThrow("does not answer");
    expect(ring.hangs).toBe(true);
  });
});
