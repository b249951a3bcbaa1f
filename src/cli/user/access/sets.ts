import type { Command } from "commander";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { formatColumns } from "../tenant/columns.ts";
import { askConsole } from "../tenant/console-api.ts";
import { requestableSchema } from "./answers.ts";

/** `cloudpass access sets` */
export function addSets(access: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(access.command("sets")))
    .description("what you may ask for, and where")
    .addHelpText("after", "\nExamples:\n  cloudpass access sets\n  cloudpass access sets --output json")
    .action(async ({ output, ...options }: SettingOptions & { readonly output: string }) => {
      const session = await openSession(options, terminal);
      const asked = { path: "/requestable", forAnybody: true, answer: requestableSchema } as const;
      const { value } = await askConsole(session, asked);
      const rows = value.sets.flatMap(({ set, at }) =>
        at.map(({ target, rights }) => [set, target, rights.join(", ")]),
      );
      if (output === "json") show(terminal, JSON.stringify(value, undefined, 2));
      else if (rows.length === 0) show(terminal, "nothing: your tenant lets nobody ask for anything");
      else show(terminal, ...formatColumns(["SET", "AT", "GIVES"], rows), plain(`for ${value.longest ?? ""} at most`));
      finish(0);
    });
}
