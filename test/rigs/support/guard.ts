import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { EndOptions, ProcessIdentity } from "./process-identity.ts";

let reaper: ChildProcess | undefined;

/**
 * From now on the process dies with this one, however this one ends. An exit handler would not do: it does not run
 * on SIGKILL, and a test runner kills its workers. So a small process of its own watches the far end of a pipe.
 */
export function guard(identity: ProcessIdentity, options: EndOptions = {}): void {
  tell({ guard: identity, options });
}

/** The process was stopped in an orderly way. */
export function unguard(identity: ProcessIdentity): void {
  tell({ unguard: identity });
}

/** From now on the folder goes when this process does; for what lies outside a test's own folder. */
export function guardFolder(folder: string): void {
  tell({ guardFolder: folder });
}

/** The folder was removed in an orderly way, or shall stay. */
export function unguardFolder(folder: string): void {
  tell({ unguardFolder: folder });
}

function tell(message: object): void {
  reaper ??= startReaper();
  reaper.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startReaper(): ChildProcess {
  const file = join(import.meta.dirname, "reaper.ts");
  const child = spawn(process.execPath, [file], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {} });
  child.stdin?.on("error", () => {
    // It can only break when the watcher itself was killed; then there is nobody left to tell.
  });
  child.unref();
  // Else the open pipe would keep a finished program waiting.
  if (child.stdin !== null && "unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  return child;
}
