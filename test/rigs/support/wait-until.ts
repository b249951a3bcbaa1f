import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "./last-lines.ts";
import type { ServerProcess } from "./server-process.ts";

/** What is waited for, and whose death makes waiting pointless. */
export interface Wait {
  readonly what: string;
  readonly servers: readonly ServerProcess[];
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** Polls a condition till it holds. A condition that throws does not hold yet. */
export async function waitUntil(wait: Wait, holds: () => Promise<boolean>): Promise<void> {
  const started = Date.now();
  let last: unknown;
  while (Date.now() - started < wait.timeoutMs) {
    for (const server of wait.servers) {
      if (!server.alive()) throw new Error(`${server.name} ended before ${wait.what}.\n${logOf(server)}`);
    }
    try {
      if (await holds()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(wait.intervalMs ?? 50);
  }
  const seconds = Math.round(wait.timeoutMs / 1000);
  const logs = wait.servers.map(logOf).join("\n");
  throw new Error(`Waited ${seconds} s in vain till ${wait.what}.\n${logs}`, { cause: last });
}

function logOf(server: ServerProcess): string {
  const lines = lastLines(server.logFile, 15).map((line) => `  ${line}`);
  return `Last lines of ${server.logFile}:\n${lines.join("\n")}`;
}
