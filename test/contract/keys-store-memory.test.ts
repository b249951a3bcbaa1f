import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { instant, makeSeal, manualClock, Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import {
  createKeyFile,
  documentAfter,
  firstKeys,
  keyFileHome,
  rotateKeys,
  sharedKeyHome,
} from "../../src/issuer/index.ts";
import { createMemoryStore, defineKind, type Store } from "../../src/store/index.ts";
import { lockedByAnother } from "../support/locked-by-another.ts";
import { describeKeyHome } from "./key-home-contract.ts";

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);

describeKeyHome("the memory store", async () => {
  const clock = manualClock(instant(1_800_000_000));
  const make = () => createMemoryStore({ clock, random: systemRandom });
  let store = make();
  const now = (): Store => ({
    ...store,
    get: (...a) => store.get(...a),
    put: (...a) => store.put(...a),
    advance: (...a) => store.advance(...a),
  });
  const home = () => sharedKeyHome({ store: now(), seal });
  return {
    peers: [home(), home()],
    lose: async () => {
      await store.close();
      store = make();
    },
    close: () => store.close(),
  };
});

describeKeyHome("a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const path = join(folder, "inner", "keys.json");
  return {
    peers: [keyFileHome(path, systemClock), keyFileHome(path, systemClock), keyFileHome(path, systemClock)],
    lose: () => rm(path),
    close: () => rm(folder, { recursive: true }),
  };
});

it("a key file is replaced as a whole, readable by its owner only, and leaves nothing beside it but its lock", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const path = join(folder, "keys.json");
  await createKeyFile(path, systemClock);
  const { ino } = await stat(path);
  await rotateKeys({ home: keyFileHome(path, systemClock), clock: systemClock }, ["token", "client"]);
  expect((await stat(path)).ino).not.toBe(ino);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["keys.json", "keys.json.lock"]);
  await rm(folder, { recursive: true });
});

it("S-82: a change that is under way is waited for; what a killed process had is free at once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const path = join(folder, "keys.json");
  const clock = manualClock(instant(1_800_000_000));
  await createKeyFile(path, clock);
  const other = await lockedByAnother(`${path}.lock`);
  const before = clock.millis();
  const rotate = () => rotateKeys({ home: keyFileHome(path, clock), clock }, ["token"]);
  await expect(rotate()).rejects.toThrow(/the other process has it/);
  expect(clock.millis() - before).toBeGreaterThan(10_000);
  await other.kill();
  const free = clock.millis();
  expect((await rotate()).made).toHaveLength(1);
  expect(clock.millis()).toBe(free);
  await rm(folder, { recursive: true });
});

it("S-82: of sixteen that make the first key file at once, one does, and nobody ever reads half of one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const path = join(folder, "keys.json");
  const made = await Promise.allSettled(Array.from({ length: 16 }, () => createKeyFile(path, systemClock)));
  expect(made.filter((m) => m.status === "fulfilled")).toHaveLength(1);
  expect((await keyFileHome(path, systemClock).read()).keys).toHaveLength(2);
  await rm(folder, { recursive: true });
});

it("a file that is no key set is an outage and is left alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const path = join(folder, "keys.json");
  await writeFile(path, '{"version":1,"keys":[]}');
  const home = keyFileHome(path, systemClock);
  await expect(home.read()).rejects.toThrow(/not a key file/);
  await expect(createKeyFile(path, systemClock)).rejects.toThrow(/is there one already/);
  await rm(folder, { recursive: true });
});

it("a key set in the store is an outage under another master key, and when its record was changed", async () => {
  const store = createMemoryStore({ clock: systemClock, random: systemRandom });
  const home = sharedKeyHome({ store, seal });
  await home.create(documentAfter(undefined, await firstKeys(systemClock), systemClock.now()));
  const other = makeSeal(new Secret("n".repeat(48)), systemRandom);
  await expect(sharedKeyHome({ store, seal: other }).read()).rejects.toThrow(/another master key/);
  const kind = defineKind<{ state: string; sealed: string }>()("key-set", ["state", "sealed"]);
  const { revision } = await home.read();
  await store.advance(kind, "issuer", [String(revision)], { state: String(revision + 1) });
  await expect(home.read()).rejects.toThrow(/not a key set/);
  await store.close();
});
