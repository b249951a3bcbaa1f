import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";

/** `cloudpass tenant places list|show` */
export function addPlaces(tenant: Command, terminal: Terminal, finish: Finish): void {
  const places = tenant.command("places").description("who has what, by project and by namespace");
  for (const add of [addList, addShow]) add(places, terminal, finish);
}
