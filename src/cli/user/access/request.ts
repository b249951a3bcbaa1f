import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { askConsole } from "../tenant/console-api.ts";
import { requestSchema } from "./answers.ts";
import { formatRequest } from "./format-request.ts";

interface Options extends SettingOptions {
  readonly set: string;
  readonly at: string;
  readonly for: string;
  readonly reason: string;
  readonly output: string;
}

/** `cloudpass access request` */
export function addRequest(access: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(access.command("request")))
    .description("ask for a permission set somewhere for a time")
    .requiredOption("--set <name>", "the permission set; see cloudpass access sets")
    .requiredOption("--at <targets>", "clouds and clusters, with commas between them")
    .requiredOption("--for <time>", "how long, from the approval on: 90m, 12h or 3d")
    .requiredOption("--reason <text>", "why; whoever decides reads it")
    .addHelpText(
      "after",
      `
A manager of your tenant decides. Asked again while it waits it is the same request.

Examples:
  cloudpass access request --set developer --at gx1 --for 8h --reason "the shop is down"`,
    )
    .action(async ({ set, at, for: length, reason, output, ...options }: Options) => {
      const session = await openSession(options, terminal);
      const json = { set, at: at.split(",").map((target) => target.trim()), for: length, reason };
      const asked = {
        method: "POST",
        path: "/access-requests",
        json,
        forAnybody: true,
        answer: requestSchema,
      } as const;
      const { value } = await askConsole(session, asked);
      show(terminal, ...(output === "json" ? [JSON.stringify(value, undefined, 2)] : formatRequest(value)));
      finish(0);
    });
}
