import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { CommandFailure } from "../../failure.ts";

/** Bytes of a file's name that every system takes, with room for what is put behind it. */
const longestName = 200;

/** A realm may be called anything; a file is called by what every system takes, and no two realms' alike. */
export function realmFileIn(folder: string, realm: string): string {
  const odd = /[^A-Za-z0-9._-]|^[.]/gu;
  const name = realm.toWellFormed().replace(odd, (one) => (one === "." ? "%2E" : encodeURIComponent(one)));
  const digest = createHash("sha256").update(realm).digest("hex").slice(0, 8);
  const short = name.length <= longestName ? name : `${name.slice(0, longestName)}-${digest}`;
  return join(folder, `${short}.yaml`);
}

/**
 * Writes a realm's file, and beside it those of its parts; answers their names. Throws `CommandFailure`, and then none of
 * them is there: half a realm would be taken for all of it. A file that was there before is not touched.
 */
export function writeRealmFiles(
  file: string,
  { text, parts }: { readonly text: string; readonly parts: readonly string[] },
  write: (file: string, text: string) => void = writeFileSync,
): string[] {
  const files = [{ file, text }, ...parts.map((part, i) => ({ file: partFile(file, i + 2), text: part }))];
  for (const one of files) refuseTaken(one.file);
  const made: string[] = [];
  let [now] = files;
  try {
    for (now of files) write(`${now.file}.new`, now.text);
    // The realm's own comes last: parts alone describe nothing.
    for (now of files.toReversed()) {
      closeSync(openSync(now.file, "wx"));
      made.push(now.file);
      renameSync(`${now.file}.new`, now.file);
    }
  } catch (cause) {
    for (const one of made) rmSync(one, { force: true });
    for (const one of files) rmSync(`${one.file}.new`, { force: true });
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") throw alreadyThere(now?.file ?? file);
    const fix = "check folder, permissions and free space";
    throw new CommandFailure(`${now?.file ?? file} cannot be written (${code})`, { fix, cause });
  }
  return files.map((one) => one.file);
}

/** Up to its first dot a file may be called after a customer, and would then be that customer's alone. */
function partFile(file: string, number: number): string {
  const { dir, base } = parse(file);
  const dot = base.indexOf(".", 1);
  const [name, rest] = dot === -1 ? [base, ""] : [base.slice(0, dot), base.slice(dot)];
  return join(dir, `${name}-part-${number}${rest}`);
}

/** Throws `CommandFailure` when there is such a file. */
export function refuseTaken(file: string): void {
  if (existsSync(file)) throw alreadyThere(file);
}

/** The failure of a file that nobody may overwrite. */
export const alreadyThere = (file: string): CommandFailure =>
  new CommandFailure(`${file} is there already`, { fix: "choose another name, or move it away" });
