import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";

/** `cloudpass tenant projects list|show` */
export function addProjects(tenant: Command, terminal: Terminal, finish: Finish): void {
  const projects = tenant.command("projects").description("the projects of the tenant's domain on each cloud");
  for (const add of [addList, addShow]) add(projects, terminal, finish);
}
