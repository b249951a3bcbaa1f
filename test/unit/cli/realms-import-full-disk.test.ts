import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeRealmFiles } from "../../../src/cli/operator/realms/written-files.ts";

/** A disk with room for so many characters. */
function diskWith(room: number) {
  let left = room;
  return (file: string, text: string) => {
    writeFileSync(file, text.slice(0, left));
    if (text.length > left) {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write", path: file });
    }
    left -= text.length;
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudpass-full-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const imported = { text: "kind: Realm\nrealm: x\n", parts: ["kind: RealmPart\nrealm: x\n"] };
const write = (room: number) => writeRealmFiles(join(folder, "x.yaml"), imported, diskWith(room));

it.each([0, 5, 25])(
  "with room for %i characters nothing is left: half a realm would be taken for all of it",
  (room) => {
    expect(() => write(room)).toThrow(/x(-part-2)?\.yaml cannot be written \(ENOSPC\)/);
    expect(readdirSync(folder)).toEqual([]);
  },
);

it("is written whole as soon as there is room, also past what somebody who was killed left", () => {
  writeFileSync(join(folder, "x.yaml.new"), "kind: Rea");
  expect(write(1000)).toEqual([join(folder, "x.yaml"), join(folder, "x-part-2.yaml")]);
  expect(readdirSync(folder)).toEqual(["x-part-2.yaml", "x.yaml"]);
});
