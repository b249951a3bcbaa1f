import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process id with its start time: ids are reused, and a stranger must never be stopped in our child's place. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
}

/** How a process wants to be stopped. */
export interface EndOptions {
  /** How long it may take after SIGTERM before SIGKILL; 20 s if not given. */
  readonly graceMs?: number;
  /** Send a second SIGTERM at once: Go servers of the Kubernetes family then leave without their long farewell. */
  readonly hurry?: boolean;
}

/** Reads who the process is now; undefined if it is gone (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the command in parentheses and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTicks = fields[19];
  return startTicks === undefined || state === "Z" || state === "X" ? undefined : { pid, startTicks };
}

/** True while this very process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

/** SIGTERM, wait till gone, SIGKILL after the grace; then whatever is left of its process group. */
export async function end(identity: ProcessIdentity, options: EndOptions = {}): Promise<void> {
  if (!isAlive(identity)) return;
  signal(identity.pid, "SIGTERM");
  if (options.hurry === true) {
    await sleep(100);
    if (isAlive(identity)) signal(identity.pid, "SIGTERM");
  }
  const deadline = Date.now() + (options.graceMs ?? 20_000);
  while (isAlive(identity) && Date.now() < deadline) await sleep(20);
  await endNow(identity);
}

/** SIGKILL to the whole process group, and wait till the process is gone. */
export async function endNow(identity: ProcessIdentity): Promise<void> {
  // Each server leads a group of its own, so its workers go with it.
  signal(-identity.pid, "SIGKILL");
  while (isAlive(identity)) await sleep(10);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone, which is what was wanted.
  }
}
