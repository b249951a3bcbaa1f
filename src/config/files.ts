import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../core/index.ts";
import type { Lookup, Problem } from "../yaml/index.ts";

/** A file and its text. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** Reads files, and the `*.yaml` and `*.yml` files of folders, sorted by name. A missing one is a problem, not an empty answer. */
export function readYamlFiles(paths: readonly string[]): Result<TextFile[], Problem[]> {
  const files: TextFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      for (const file of filesOf(path)) files.push({ file, text: readFileSync(file, "utf8") });
    } catch {
      problems.push({
        file: path,
        line: 1,
        column: 1,
        path: "",
        message: "cannot be read",
        fix: "check the path and its permissions",
      });
    }
  }
  return problems.length > 0 ? err(problems) : ok(files);
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Looks references up in these environment variables and in files. An empty variable counts as unset. */
export const lookupIn =
  (env: Readonly<Record<string, string | undefined>>): Lookup =>
  (reference) => {
    if ("env" in reference) return env[reference.env]?.trim() === "" ? undefined : env[reference.env];
    try {
      return readFileSync(reference.file, "utf8");
    } catch {
      return undefined; // the caller says which reference and what to do
    }
  };
