import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CommitId } from "../../src/core/index.ts";
import type { WriterOrder, WriterReport } from "./repository-writer.ts";

const script = fileURLToPath(new URL("./repository-writer.ts", import.meta.url));

/**
 * Kills writers and all git that they started at that moment, without a chance to clean up. Answers the commits that were said to be
 * saved before.
 */
export async function killedWriters(order: WriterOrder, afterMs: number): Promise<readonly CommitId[]> {
  const told = JSON.stringify({ ...order, announce: true });
  const child = spawn(process.execPath, [script, told], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await sleep(afterMs);
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await ended;
  return said.split("\n").filter((line) => /^[0-9a-f]{40}$/.test(line)) as CommitId[];
}

/** Runs writers in a process of their own. Answers what it reported, or the signal that ended it. Throws what it complained of. */
export async function writerProcess(order: WriterOrder): Promise<WriterReport | NodeJS.Signals> {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.error += chunk.toString();
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...how) => resolve(how)),
  );
  if (signal !== null) return signal;
  if (code !== 0) throw new Error(said.error);
  return JSON.parse(said.out) as WriterReport;
}
