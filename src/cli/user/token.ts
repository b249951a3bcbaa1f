import type { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { outputOption } from "../output.ts";
import type { SettingOptions } from "../settings.ts";
import { show, type Terminal } from "../terminal.ts";
import { openSession, personOptions } from "./open-session.ts";
import { payloadOf } from "./session/carried.ts";

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
      const access = await session.access(target);
      if (output === "json") {
        const told = { target, token: access.token, expires_at: access.expiresAt, claims: claimsOf(access.token) };
        show(terminal, JSON.stringify(told, undefined, 2));
      } else show(terminal, access.token);
      finish(0);
    });
}

/** The claims of a JWT, for display: the target verifies them, we do not. */
function claimsOf(token: string): unknown {
  const claims = payloadOf(token);
  if (claims !== undefined) return claims;
  throw new CommandFailure("the access token is not a JWT", { means: "Its claims cannot be shown." });
}
