import { mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFile } from "../../../src/files/index.ts";
import { lockedByAnother } from "../../support/locked-by-another.ts";

const newPath = () => join(mkdtempSync(join(tmpdir(), "cloudpass-lock-")), "file.lock");
const free = (path: string) => {
  const taken = lockFile(path, "me");
  if (taken.ok) taken.value.release();
  return taken.ok || taken.refusal;
};

test("S-82: one holds a lock, the others are told who; released, it is free", () => {
  const path = newPath();
  const first = lockFile(path, "the first");
  expect(lockFile(path, "the second")).toEqual({ ok: false, refusal: "the first" });
  if (first.ok) first.value.release();
  expect(free(path)).toBe(true);
});

test("S-82: another process holds it until it is killed, and then at once no more", async () => {
  const path = newPath();
  const other = await lockedByAnother(path);
  expect(free(path)).toBe("the other process");
  await other.kill();
  expect(free(path)).toBe(true);
});

test("a lock is private, like the file it stands for", () => {
  const path = newPath();
  free(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what is no lock, a folder that is not there: a fault that names the path, never a lock that is none", () => {
  const path = newPath();
  writeFileSync(path, "1700000000000 is what an older version wrote here\n");
  expect(() => lockFile(path, "me")).toThrow(/not a lock of cloudpass/);
  expect(() => lockFile(join(path, "inner.lock"), "me")).toThrow(/must be writable/);
  const folder = newPath();
  mkdirSync(folder);
  expect(() => lockFile(folder, "me")).toThrow(/must be writable/);
});
