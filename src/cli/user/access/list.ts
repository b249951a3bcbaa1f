import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { formatColumns } from "../tenant/columns.ts";
import { askForAll } from "../tenant/console-api.ts";
import { requestSchema } from "./answers.ts";
import { stateOf } from "./format-request.ts";

/** `cloudpass access list` */
export function addList(access: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(access.command("list")))
    .description("what you asked for, the newest first, and what became of it")
    .addHelpText("after", "\nExamples:\n  cloudpass access list\n  cloudpass access list --output json")
    .action(async ({ output, ...options }: SettingOptions & { readonly output: string }) => {
      const session = await openSession(options, terminal);
      const { items } = await askForAll(session, "/access-requests", { item: requestSchema, forAnybody: true });
      if (output === "json") show(terminal, JSON.stringify({ requests: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "none");
      else {
        const rows = items.map((r) => [r.id, r.set, r.at.join(", "), r.for, stateOf(r)]);
        show(terminal, ...formatColumns(["REQUEST", "SET", "AT", "FOR", "STATE"], rows));
      }
      finish(0);
    });
}
