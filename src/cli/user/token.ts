import type { Command } from "commander";
import type { Finish } from "../finish.ts";
import { outputOption } from "../output.ts";
import type { SettingOptions } from "../settings.ts";
import { show, type Terminal } from "../terminal.ts";
import { formatToken } from "./format-token.ts";
import { openSession, personOptions } from "./open-session.ts";

/** `cloudpass token` */
export function addToken(program: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(program.command("token")))
    .description("print an access token for one target, and nothing else")
    .requiredOption("--target <name>", "the cloud or cluster; see cloudpass status")
    .addHelpText(
      "after",
      `
The token is good for this target only, and for some minutes. Keep it out of arguments and files.

Examples:
  cloudpass token --target gx1
  cloudpass token --target gx1 --output json    with its claims and its end`,
    )
    .action(async ({ target, output, ...options }: SettingOptions & { target: string; output: string }) => {
      const session = await openSession(options, terminal);
      show(terminal, formatToken(output, target, await session.access(target)));
      finish(0);
    });
}
