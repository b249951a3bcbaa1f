import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { writeRealmFiles } from "../../../src/cli/operator/realms/written-files.ts";

/** How many characters there is room for. */
const disk = vi.hoisted(() => ({ room: 0 }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeFileSync = (file: string, text: string, options: object) => {
    fs.writeFileSync(file, text.slice(0, disk.room), options);
    if (text.length > disk.room) {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write", path: file });
    }
    disk.room -= text.length;
  };
  return { ...fs, writeFileSync };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudpass-full-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const imported = { text: "kind: Realm\nrealm: x\n", parts: ["kind: RealmPart\nrealm: x\n"] };
const write = () => writeRealmFiles(join(folder, "x.yaml"), imported);

it.each([0, 5, 25])(
  "with room for %i characters nothing is left: half a realm would be taken for all of it",
  (room) => {
    disk.room = room;
    expect(write).toThrow(/x(-part-2)?\.yaml cannot be written \(ENOSPC\)/);
    expect(readdirSync(folder)).toEqual([]);
  },
);

it("is written whole as soon as there is room, also past what somebody who was killed left", () => {
  disk.room = 1000;
  writeFileSync(join(folder, "x.yaml.new"), "kind: Rea");
  expect(write()).toEqual([join(folder, "x.yaml"), join(folder, "x-part-2.yaml")]);
  expect(readdirSync(folder)).toEqual(["x-part-2.yaml", "x.yaml"]);
});
