import { spawn } from "node:child_process";

/** How a tool ended. */
export interface ToolEnd {
  readonly output: string;
  /** `null`: it was ended by a signal, as after the time limit. */
  readonly code: number | null;
}

/** Runs a tool beside the broker, which answers in this process; what it leaves behind is left in the folder. */
export function runTool(
  program: string,
  args: readonly string[],
  { folder, seconds }: { readonly folder: string; readonly seconds: number },
): Promise<ToolEnd> {
  const env = { ...process.env, NO_COLOR: "1", PYTHONWARNINGS: "ignore" };
  const child = spawn(program, args, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: seconds * 1000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ output, code }));
  });
}

/** What a scan says. */
export interface Scanned {
  readonly summary: string;
  readonly findings: readonly string[];
  /** All that the tool said, and the broker's log. */
  readonly output: string;
  readonly lines: readonly string[];
}
