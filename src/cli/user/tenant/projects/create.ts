import type { Command } from "commander";
import { exitCodes, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { madeSchema } from "./answers.ts";

interface Options extends TenantOptions {
  readonly at: string;
  readonly description?: string;
  readonly roles?: string;
}

/** `cloudpass tenant projects create` */
export function addCreate(projects: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(projects.command("create"))
    .description("make a project on one or several clouds, with your own rights there")
    .argument("<name>", "letters, digits, dot, dash and underscore, at most 64")
    .requiredOption("--at <clouds>", "where, with commas between them")
    .option("--description <text>", "what it is for")
    .option("--roles <roles>", "what may be given on it from now on: each gets a permission set in the tenant's policy")
    .addHelpText(
      "after",
      `
Says for each cloud what became of it; a cloud that is away keeps no other one from having it. Run again it makes no second
project. Exit code 3: a cloud did not answer; 1: one has it not.

Examples:
  cloudpass tenant projects create web --at gx1,gx2 --description "the new shop" --roles member,reader
  cloudpass tenant grants give --set web-member --person bob@a.example --at gx1,gx2`,
    )
    .action(async (name: string, { at, description, roles, ...options }: Options) => {
      const { session, tenant } = await openTenant(options, terminal);
      const json = {
        name,
        at: listed(at),
        ...(description !== undefined && { description }),
        ...(roles !== undefined && { roles: listed(roles) }),
      };
      const path = pathTo(tenant, "projects");
      const { value } = await askConsole(session, { method: "POST", path, json, answer: madeSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else {
        const rows = value.at.map((one) => [one.cloud, one.outcome, one.project ?? "", one.message ?? ""]);
        show(terminal, ...formatColumns(["CLOUD", "OUTCOME", "PROJECT", ""], rows));
        if (value.sets.length > 0) show(terminal, plain(`It can be given as ${value.sets.join(", ")}.`));
        if (value.not_givable !== undefined) notify(terminal, plain(`It cannot be given yet: ${value.not_givable}`));
      }
      const outcomes = value.at.map(({ outcome }) => outcome);
      const isSilent = outcomes.includes("no answer");
      finish(
        outcomes.every((one) => one === "there") && value.not_givable === undefined
          ? 0
          : isSilent
            ? exitCodes.unreachable
            : exitCodes.error,
      );
    });
}

const listed = (text: string): string[] => text.split(",").map((one) => one.trim());
