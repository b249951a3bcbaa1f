import { answerFromCache } from "./answer-from-cache.ts";
import { exitCodes } from "./failure.ts";
import type { CliDeps } from "./run-cli.ts";
import { processTerminal } from "./terminal.ts";

/**
 * Runs the `cloudpass` command with its arguments (without `node` and script) and answers the exit code. What the kept login
 * answers needs none of the rest of the program.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  const { version } = deps;
  const terminal = deps.terminal === undefined ? processTerminal(version) : { ...deps.terminal, version };
  if (await answerFromCache(argv, terminal)) return exitCodes.ok;
  const { runProgram } = await import("./run-cli.ts");
  const exitCode = await runProgram(argv, { ...deps, terminal });
  // What waits for a key ring that does not answer would keep the process for as long.
  if (terminal.keyRing?.hangs) process.exit(exitCode);
  return exitCode;
}
