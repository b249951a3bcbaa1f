import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addEnd } from "./end.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";

/** `cloudpass tenant people list|show|end` */
export function addPeople(tenant: Command, terminal: Terminal, finish: Finish): void {
  const people = tenant.command("people").description("who logged in lately");
  for (const add of [addList, addShow, addEnd]) add(people, terminal, finish);
}
