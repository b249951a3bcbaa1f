import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { tenantsSchema } from "./answers.ts";
import { formatColumns } from "./columns.ts";
import { askConsole } from "./console-api.ts";

/** `cloudpass tenant list` */
export function addList(tenant: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(tenant.command("list")))
    .description("the tenants that you may see")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant list\n  cloudpass tenant list --output json")
    .action(async ({ output, ...options }: SettingOptions & { readonly output: string }) => {
      const session = await openSession(options, terminal);
      const { value } = await askConsole(session, { path: "/tenants", answer: tenantsSchema });
      const rows = value.items.map((one) => [one.tenant, one.display_name, one.may_manage ? "manage" : "see"]);
      if (output === "json") show(terminal, JSON.stringify(value, undefined, 2));
      else show(terminal, ...formatColumns(["TENANT", "NAME", "YOU MAY"], rows));
      finish(0);
    });
}
