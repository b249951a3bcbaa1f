import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addGive } from "./give.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";
import { addTakeBack } from "./take-back.ts";

/** `cloudpass tenant grants list|show|give|take-back` */
export function addGrants(tenant: Command, terminal: Terminal, finish: Finish): void {
  const grants = tenant.command("grants").description("who has what, and where");
  for (const add of [addList, addShow, addGive, addTakeBack]) add(grants, terminal, finish);
}
