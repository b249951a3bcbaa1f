import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addCreate } from "./create.ts";
import { addDescribe } from "./describe.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";
import { addDisable, addEnable } from "./switch.ts";

/** `cloudpass tenant projects list|show|create|describe|disable|enable` */
export function addProjects(tenant: Command, terminal: Terminal, finish: Finish): void {
  const projects = tenant.command("projects").description("the projects of the tenant's domain on each cloud");
  for (const add of [addList, addShow, addCreate, addDescribe, addDisable, addEnable]) add(projects, terminal, finish);
}
