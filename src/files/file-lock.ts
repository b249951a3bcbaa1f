import { chownSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { err, Fault, ok, type Result } from "../core/index.ts";

/*
 * One writer of a file (S-82). Node has no call for a lock of the operating system, but the SQLite it brings takes one:
 * who is killed loses it at once, nobody has to guess whether a lock is stale, and it holds between containers, whose
 * process numbers mean nothing to each other (decision 0054).
 */

/** A lock that is held. */
export interface FileLock {
  release(): void;
}

/** SQLite's result codes (https://www.sqlite.org/rescode.html). */
const busy = 5;
const notADatabase = 26;

/**
 * Takes the lock at `path`, which is a file of its own and stays there. `holder` is what others are told meanwhile. When
 * somebody else has it, answers that one's words. Throws `Fault` when the disk gives no locks.
 */
export function lockFile(path: string, holder: string): Result<FileLock, string> {
  const database = open(path);
  try {
    database.exec("BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (says TEXT); DELETE FROM holder");
    database.prepare("INSERT INTO holder VALUES (?)").run(holder);
    // Somebody may come in between: then it is theirs. Who only reads is not kept out.
    database.exec("COMMIT; BEGIN IMMEDIATE");
    return ok({ release: () => database.close() });
  } catch (problem) {
    const held = codeOf(problem) === busy ? holderOf(database) : undefined;
    database.close();
    if (held !== undefined) return err(held);
    throw cannot(path, problem);
  }
}

function open(path: string): DatabaseSync {
  try {
    if (!existsSync(path)) create(path);
    return new DatabaseSync(path);
  } catch (problem) {
    throw cannot(path, problem);
  }
}

/** Who keeps the folder keeps the lock: root's command must not lock the broker out. */
function create(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  const [folder, made] = [statSync(dirname(path)), statSync(path)];
  if (made.uid === 0 && (folder.uid !== 0 || folder.gid !== made.gid)) chownSync(path, folder.uid, folder.gid);
}

function holderOf(database: DatabaseSync): string {
  try {
    const row = database.prepare("SELECT says FROM holder").get();
    return typeof row?.["says"] === "string" ? row["says"] : "somebody else";
  } catch {
    return "somebody else"; // who is just taking it
  }
}

const codeOf = (problem: unknown): unknown =>
  problem instanceof Error && "errcode" in problem ? problem.errcode : undefined;

function cannot(path: string, cause: unknown): Fault {
  const message =
    codeOf(cause) === notADatabase
      ? "it is not a lock of cloudpass; take it away if nothing uses it"
      : "its folder must be writable, and on a disk that can lock files";
  return new Fault("file lock", `taking ${path}`, { cause, retryable: false, message });
}
