import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { askConsole } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { changedSchema } from "./answers.ts";
import { formatChanged } from "./format-changed.ts";
import { projectNamed } from "./project-named.ts";

/** `cloudpass tenant projects describe` */
export function addDescribe(projects: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(projects.command("describe"))
    .description("describe a project otherwise, on every cloud that has it")
    .argument("<project>", "its name")
    .argument("<description>", "what it is for; “” for none")
    .option("--at <clouds>", "only there, with commas between them")
    .addHelpText("after", '\nExamples:\n  cloudpass tenant projects describe web "the new shop"')
    .action(async (name: string, description: string, { at, ...options }: TenantOptions & { readonly at?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const done = [];
      for (const { path, cloud } of await projectNamed(session, tenant, name, at)) {
        const asked = { method: "PUT", path: `${path}/description`, json: { description } } as const;
        const { value } = await askConsole(session, { ...asked, answer: changedSchema });
        notify(terminal, `${cloud}: described`);
        done.push(value);
      }
      show(terminal, ...formatChanged(tenant, done, options));
      finish(0);
    });
}
