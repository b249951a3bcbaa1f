import type { Files } from "./objects.ts";
import type { TextProblem } from "./paths.ts";

/** What must not come into the branch, and why. */
export interface Verdict {
  /** Folders, by the first part of a path, that stay as they are. */
  readonly unsound: ReadonlySet<string>;
  readonly problems: readonly TextProblem[];
}

/** Judges what a remote has: the files as they are, and as they would be with it. */
export type Vet = (before: Files, after: Files) => Promise<Verdict>;

/** The folder that a file is in, or the file itself where it is in none. */
export const topOf = (file: string): string => file.split("/", 1)[0] ?? "";

/** The files that change, without those that must not: by path, a new text or none. */
export function soundChanges(
  before: Files,
  after: Files,
  { unsound }: Verdict,
): ReadonlyMap<string, string | undefined> {
  const [old, fresh] = [textsOf(before), textsOf(after)];
  const odd = new Set([...before.problems, ...after.problems].map(({ file }) => file));
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (path) => !unsound.has(topOf(path)) && !odd.has(path) && old.get(path) !== fresh.get(path),
  );
  return new Map(paths.map((path) => [path, fresh.get(path)]));
}

const textsOf = ({ files }: Files): ReadonlyMap<string, string> => new Map(files.map(({ file, text }) => [file, text]));
