import { chmodSync, lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock, Random } from "../../core/index.ts";
import { OperationRefused, orRefuse } from "../refused.ts";
import { checkFirstFiles } from "./check.ts";
import { checkFederation, type Federation } from "./federation.ts";
import { type FirstFiles, makeFirstFiles, namedFrom } from "./files.ts";

/** Where the files of a new broker go. */
interface FirstFilesWanted {
  readonly federation: Federation;
  /** By its absolute path; it need not be there. */
  readonly folder: string;
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Makes everything that a new broker needs for Keycloak, clouds and clusters that are there, and checks it as its commands
 * would. Writes nothing. Refuses a folder that has one of the files, and answers that cannot stand in a file.
 */
export async function lookAtFirstFiles({ federation, folder }: FirstFilesWanted, deps: Deps): Promise<FirstFiles> {
  checkFederation(federation);
  const made = await makeFirstFiles(federation, namedFrom(folder), deps.random);
  const there = made.files.map(({ file }) => file).filter((file) => isThere(join(folder, file)));
  if (there.length > 0) {
    throw new OperationRefused(`the folder has ${there.join(", ")} already`, {
      meaning: "Nothing is ever overwritten, and nothing was written.",
      remedy: "name another folder, or change these files by hand",
    });
  }
  // As they will stand, but for files that are named from where they will stand.
  const absolute = await makeFirstFiles(federation, (path) => path, deps.random);
  const problems = await checkFirstFiles(absolute.files, deps);
  orRefuse(problems.length === 0 ? { ok: true, value: undefined } : { ok: false, refusal: problems }, "these answers");
  return made;
}

/**
 * Writes what was looked at: all of it or, when one cannot be written, nothing. A file that came there meanwhile is not
 * overwritten. Throws errors of the file system.
 */
export function writeFirstFiles({ files }: FirstFiles, folder: string): void {
  const undo: (() => void)[] = [];
  try {
    for (const { file, text, isSecret } of files) {
      const path = join(folder, file);
      const made = mkdirSync(dirname(path), { recursive: true });
      if (made !== undefined) undo.push(() => rmdirSync(made));
      // "wx": never into a file that is there, nor through a link of that name.
      writeFileSync(path, text, { flag: "wx", mode: isSecret ? 0o600 : 0o644 });
      undo.push(() => rmSync(path));
      if (isSecret) chmodSync(path, 0o600);
    }
  } catch (problem) {
    for (const step of undo.reverse()) attempt(step);
    throw problem;
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first problem is the one to tell; a folder that got other files meanwhile stays.
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
