import { createHash } from "node:crypto";
import { ok, type Result } from "../core/index.ts";
import type { Problem } from "./problem.ts";

/**
 * Reads files again whenever it is asked, and makes something of them only when they have changed. A change counts when
 * it was read twice the same: half a file that an editor is still writing must not take rights away. Of files that
 * cannot be used the problems are answered once; then what was made last goes on, at the beginning `first`.
 */
export function rereading<File, Made>(
  read: () => Result<readonly File[], Problem[]>,
  make: (files: readonly File[]) => Result<Made, Problem[]>,
  first: Made,
): () => Result<Made, Problem[]> {
  let known: string | undefined;
  let pending: string | undefined;
  let made = first;
  return () => {
    const files = read();
    const seen = digestOf(files);
    const isFirst = known === undefined;
    if (seen === known) pending = undefined;
    if (seen === known || (!isFirst && seen !== pending)) {
      if (seen !== known) pending = seen;
      return ok(made);
    }
    known = seen;
    const result = files.ok ? make(files.value) : files;
    if (result.ok) made = result.value;
    return result;
  };
}

const digestOf = (files: Result<readonly unknown[], Problem[]>): string =>
  createHash("sha256")
    .update(JSON.stringify(files.ok ? files.value : files.refusal))
    .digest("base64");
