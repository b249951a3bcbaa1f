import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addEnd } from "./end.ts";
import { addList } from "./list.ts";

/** `cloudpass sessions list|end` */
export function addSessions(program: Command, terminal: Terminal, finish: Finish): void {
  const sessions = program
    .command("sessions")
    .description("your own logins and browsers, on all your devices")
    .addHelpText(
      "after",
      `
The same as the page /account of the broker. Only yours are shown, and only
yours can be ended.

Examples:
  cloudpass sessions list
  cloudpass sessions end --all`,
    );
  for (const add of [addList, addEnd]) add(sessions, terminal, finish);
}
