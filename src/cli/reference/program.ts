import { PassThrough } from "node:stream";
import { systemClock } from "../../core/index.ts";
import { wholeProgram } from "../run-cli.ts";
import { type CommandFacts, readProgram } from "./facts.ts";

/** All commands of this program, for whoever writes about them without running one. */
export async function programFacts(): Promise<CommandFacts> {
  const nobody = () => new PassThrough().resume();
  const terminal = { stdin: nobody(), stdout: nobody(), stderr: nobody(), env: {}, clock: systemClock };
  return readProgram(await wholeProgram({ version: "", self: ["cloudpass"], serve: async () => 0, terminal }));
}
