import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addList } from "./list.ts";
import { addOwn } from "./own.ts";
import { addRequest } from "./request.ts";
import { addRights } from "./rights.ts";
import { addSets } from "./sets.ts";

/** `cloudpass access rights|sets|request|list|show|withdraw` */
export function addAccess(program: Command, terminal: Terminal, finish: Finish): void {
  const access = program
    .command("access")
    .description("your rights and why you have them; ask for others for a time")
    .addHelpText(
      "after",
      `
Without more it shows your rights. To ask, any login will do. What your tenant
lets you ask for is said by “cloudpass access sets”; a manager of it decides.

Examples:
  cloudpass access
  cloudpass access sets
  cloudpass access request --set developer --at gx1 --for 8h --reason "the shop is down"
  cloudpass access list`,
    );
  for (const add of [addRights, addSets, addRequest, addList, addOwn]) add(access, terminal, finish);
}
