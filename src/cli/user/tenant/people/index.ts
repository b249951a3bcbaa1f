import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addEnd } from "./end.ts";
import { addGroups } from "./groups.ts";
import { addImport } from "./import.ts";
import { addCreate, addInvite } from "./invite.ts";
import { addList } from "./list.ts";
import { addMemberActs, addMembers } from "./members.ts";
import { addShow } from "./show.ts";

/** `cloudpass tenant people list|show|end|members|invite|create|import|disable|join-group|…` */
export function addPeople(tenant: Command, terminal: Terminal, finish: Finish): void {
  const people = tenant
    .command("people")
    .description("all people of the tenant, and members without an identity provider");
  for (const add of [addList, addShow, addEnd, addMembers, addInvite, addCreate, addImport, addMemberActs, addGroups])
    add(people, terminal, finish);
}
