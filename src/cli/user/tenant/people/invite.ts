import type { Command } from "commander";
import { z } from "zod";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

const invitedSchema = z.object({
  outcome: z.enum(["invited", "there already"]),
  member: z.object({ email: z.string(), name: z.string(), sub: z.string(), state: z.string() }),
  first_password: z.string().optional(),
});

interface Names extends TenantOptions {
  readonly firstName: string;
  readonly lastName: string;
}

const named = (command: Command): Command =>
  tenantOptions(command)
    .argument("<address>", "the e-mail address; by it the account is named")
    .requiredOption("--first-name <name>", "the first name")
    .requiredOption("--last-name <name>", "the last name");

/** `cloudpass tenant people invite` */
export function addInvite(people: Command, terminal: Terminal, finish: Finish): void {
  named(people.command("invite"))
    .description("invite somebody without an identity provider, by a mail of Keycloak's with a link that ends")
    .addHelpText(
      "after",
      `
Who is a member or invited already gets no second mail.

Examples:
  cloudpass tenant people invite zoe@c.example --first-name Zoe --last-name Zahn`,
    )
    .action((address: string, options: Names) => invite(terminal, finish, address, { ...options, by: "mail" }));
}

/** `cloudpass tenant people create` */
export function addCreate(people: Command, terminal: Terminal, finish: Finish): void {
  named(people.command("create"))
    .description("make an account without a mail, and show a password for one sign-in")
    .addHelpText(
      "after",
      `
The password is shown this once and kept nowhere. Who is a member or invited already gets none: send the invitation again, or take it
back first. Needs a sign-in of the last 15 minutes (cloudpass login --fresh).

Examples:
  cloudpass tenant people create zoe@c.example --first-name Zoe --last-name Zahn`,
    )
    .action((address: string, options: Names) => invite(terminal, finish, address, { ...options, by: "password" }));
}

async function invite(
  terminal: Terminal,
  finish: Finish,
  email: string,
  { firstName, lastName, by, ...options }: Names & { readonly by: "mail" | "password" },
): Promise<void> {
  const { session, tenant } = await openTenant(options, terminal);
  const json = { email, first_name: firstName, last_name: lastName, by };
  const path = pathTo(tenant, "members");
  const { value } = await askConsole(session, { method: "POST", path, json, answer: invitedSchema });
  const { member, outcome, first_password: password } = value;
  const isNew = outcome === "invited" ? "Invited" : "There already, and no mail was sent";
  if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
  else {
    show(terminal, plain(`${isNew}: ${member.name} (${member.email}), ${member.state}, ${member.sub}`));
    if (password !== undefined) show(terminal, `Password for one sign-in: ${password}`);
  }
  if (password !== undefined)
    notify(terminal, "Hand the password over in person or by telephone: it is shown this once.");
  finish(0);
}
