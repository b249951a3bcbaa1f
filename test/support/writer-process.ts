import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WriterOrder, WriterReport } from "./repository-writer.ts";

const script = fileURLToPath(new URL("./repository-writer.ts", import.meta.url));

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
