import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addCreateToken } from "./create-token.ts";
import { addList } from "./list.ts";
import { addRevoke } from "./revoke.ts";

/** `cloudpass tenant scim create-token|list|revoke` */
export function addScim(tenant: Command, terminal: Terminal, finish: Finish): void {
  const scim = tenant.command("scim").description("tokens by which identity providers push their people (SCIM)");
  for (const add of [addCreateToken, addList, addRevoke]) add(scim, terminal, finish);
}
