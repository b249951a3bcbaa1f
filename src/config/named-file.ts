import { readFileSync, type Stats, statSync } from "node:fs";
import { getuid } from "node:process";

/** What is wrong with a file, after its name, and what to do. */
export type Complaint = readonly [message: string, fix: string];

/** Reads a file that a configuration names, or says why it cannot be. */
export function readNamedFile(file: string): { readonly text: string } | { readonly complaint: Complaint } {
  try {
    if (statSync(file).isDirectory()) return { complaint: ["is a folder", "name the file in it"] };
    return { text: readFileSync(file, "utf8") };
  } catch (problem) {
    return { complaint: unreadable(problem) };
  }
}

function unreadable(problem: unknown): Complaint {
  const code = problem instanceof Error && "code" in problem ? problem.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return ["is not there", "check the path"];
  if (code === "EACCES" || code === "EPERM")
    return ["may not be read by this user", "run this as the broker's user, or change its owner"];
  return [`cannot be read (${String(code)})`, "check the path and the disk"];
}

const writableByOthers = 0o002;
const readableByOthers = 0o004;

/**
 * What is wrong with who may get at a file that holds a secret (decision 0055). Whoever may write it chooses the secret:
 * `refused`. Whoever may read it has the secret; but containers are given theirs like that, where nobody else is.
 * Nothing where files have no owner, or the file is not there.
 */
export function checkPrivacy(
  file: string,
  me = getuid?.(),
  look: (file: string) => Pick<Stats, "mode" | "uid"> = statSync,
): { readonly complaint: Complaint; readonly refused: boolean } | undefined {
  const found = me === undefined ? undefined : statOrNothing(file, look);
  if (found === undefined) return undefined;
  const { mode, uid } = found;
  const fix = `use chmod 600 ${file}`;
  if (mode & writableByOthers)
    return { complaint: ["may be written by everybody on this machine", fix], refused: true };
  if (uid !== me && uid !== 0 && me !== 0) {
    return {
      complaint: [`belongs to another user (uid ${uid}), who may change it`, `use chown ${me} ${file}`],
      refused: false,
    };
  }
  if (mode & readableByOthers) return { complaint: ["may be read by everybody on this machine", fix], refused: false };
  return undefined;
}

function statOrNothing(file: string, look: (file: string) => Pick<Stats, "mode" | "uid">) {
  try {
    return look(file);
  } catch {
    return undefined; // whoever reads it says so
  }
}
