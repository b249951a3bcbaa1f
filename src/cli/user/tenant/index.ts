import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addChanges } from "./changes/index.ts";
import { addGrants } from "./grants/index.ts";
import { addList } from "./list.ts";
import { addNamespaces } from "./namespaces/index.ts";
import { addPeople } from "./people/index.ts";
import { addPlaces } from "./places/index.ts";
import { addProjects } from "./projects/index.ts";
import { addRequests } from "./requests/index.ts";
import { addReview } from "./review/index.ts";
import { addScim } from "./scim/index.ts";

/** `cloudpass tenant list|people|grants|places|requests|projects|namespaces|review|scim|changes` */
export function addTenant(program: Command, terminal: Terminal, finish: Finish): void {
  const tenant = program
    .command("tenant")
    .description("people and rights of the tenant that you manage")
    .addHelpText(
      "after",
      `
Needs a login with the browser of this machine (cloudpass login --browser): no login with a code opens the console.

Examples:
  cloudpass tenant people list --search ahrens
  cloudpass tenant grants give --set developer --group developers --at gx1,gx2 --until 2027-01-31
  cloudpass tenant changes list`,
    );
  for (const add of [
    addList,
    addPeople,
    addGrants,
    addPlaces,
    addRequests,
    addProjects,
    addNamespaces,
    addReview,
    addScim,
    addChanges,
  ])
    add(tenant, terminal, finish);
}
