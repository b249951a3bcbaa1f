import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addList } from "./list.ts";
import { addOwn } from "./own.ts";
import { addRequest } from "./request.ts";
import { addSets } from "./sets.ts";

/** `cloudpass access sets|request|list|show|withdraw` */
export function addAccess(program: Command, terminal: Terminal, finish: Finish): void {
  const access = program
    .command("access")
    .description("ask for rights for a time")
    .addHelpText(
      "after",
      `
Any login will do. What your tenant lets you ask for is said by “cloudpass access sets”; a manager of it decides.

Examples:
  cloudpass access sets
  cloudpass access request --set developer --at gx1 --for 8h --reason "the shop is down"
  cloudpass access list`,
    );
  for (const add of [addSets, addRequest, addList, addOwn]) add(access, terminal, finish);
}
