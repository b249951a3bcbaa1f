import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";
import { addUndo } from "./undo.ts";

/** `cloudpass tenant changes list|show|undo` */
export function addChanges(tenant: Command, terminal: Terminal, finish: Finish): void {
  const changes = tenant.command("changes").description("what was changed, and by whom");
  for (const add of [addList, addShow, addUndo]) add(changes, terminal, finish);
}
