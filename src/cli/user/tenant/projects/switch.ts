import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { type ChangeOptions, confirm } from "../change.ts";
import { askConsole } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";
import { changedSchema, shownProjectSchema } from "./answers.ts";
import { formatChanged } from "./format-changed.ts";
import { projectNamed } from "./project-named.ts";

interface Options extends ChangeOptions {
  readonly at?: string;
}

/** `cloudpass tenant projects disable` */
export function addDisable(projects: Command, terminal: Terminal, finish: Finish): void {
  addSwitch(projects, terminal, finish, {
    name: "disable",
    description: "end all work in a project: nobody gets a token for it any more",
    more: "What runs there runs on, and nothing is deleted.",
  });
}

/** `cloudpass tenant projects enable` */
export function addEnable(projects: Command, terminal: Terminal, finish: Finish): void {
  addSwitch(projects, terminal, finish, {
    name: "enable",
    description: "let people work in a project again",
    more: "",
  });
}

interface Switch {
  readonly name: "disable" | "enable";
  readonly description: string;
  readonly more: string;
}

function addSwitch(projects: Command, terminal: Terminal, finish: Finish, { name, description, more }: Switch): void {
  tenantOptions(projects.command(name))
    .description(description)
    .argument("<project>", "its name")
    .option("--at <clouds>", "only there, with commas between them; default: every cloud that has it")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first who has access by the policy, and asks. ${more}
Needs a sign-in of the last 15 minutes (cloudpass login --fresh).

Examples:
  cloudpass tenant projects ${name} web
  cloudpass tenant projects ${name} web --at gx1 --yes`,
    )
    .action(async (project: string, { at, ...options }: Options) => {
      const { session, tenant } = await openTenant(options, terminal);
      const places = await projectNamed(session, tenant, project, at);
      for (const { path } of places) {
        const { value } = await askConsole(session, { path, answer: shownProjectSchema });
        const people = value.access.flatMap((a) => a.people.map((p) => `${p.name} (${p.preferred_username})`));
        const named = people.length === 0 ? "nobody who logged in lately" : [...new Set(people)].join(", ");
        notify(terminal, plain(`${value.name} on ${value.cloud}: ${named} has access by the policy`));
      }
      const question = `${name === "disable" ? "Disable" : "Enable"} it there? Only “yes” does it: `;
      await confirm(terminal, options.yes === true, { question, undone: "nothing was changed" });
      const done = [];
      for (const { path } of places)
        done.push(
          (await askConsole(session, { method: "POST", path: `${path}/${name}`, answer: changedSchema })).value,
        );
      show(terminal, ...formatChanged(tenant, done, options));
      finish(0);
    });
}
