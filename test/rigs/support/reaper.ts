// Run as a process of its own by guard.ts: remembers processes told on standard input, and ends those that are left,
// latest first, when the pipe closes because the teller is gone.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { type EndOptions, end, type ProcessIdentity } from "./process-identity.ts";

interface Message {
  readonly guard?: ProcessIdentity;
  readonly options?: EndOptions;
  readonly unguard?: ProcessIdentity;
  readonly guardFolder?: string;
  readonly unguardFolder?: string;
}

// A Ctrl-C is meant for the program in the foreground; this process is needed just then.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.on("SIGHUP", () => {});

const left = new Map<number, { readonly identity: ProcessIdentity; readonly options: EndOptions }>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.guard !== undefined) {
    left.set(message.guard.pid, { identity: message.guard, options: message.options ?? {} });
  }
  if (message.unguard !== undefined) left.delete(message.unguard.pid);
  if (message.guardFolder !== undefined) folders.add(message.guardFolder);
  if (message.unguardFolder !== undefined) folders.delete(message.unguardFolder);
}
for (const { identity, options } of [...left.values()].reverse()) await end(identity, { graceMs: 10_000, ...options });
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
