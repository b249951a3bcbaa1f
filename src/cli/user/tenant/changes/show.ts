import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { outcomeSchema, type ShownOutcome } from "../answers.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { changeNamed } from "./change-named.ts";

/** `cloudpass tenant changes show` */
export function addShow(changes: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(changes.command("show"))
    .description("what became of a change on each cloud and cluster")
    .argument("<commit>", "the change, or the beginning of it; see cloudpass tenant changes list")
    .addHelpText(
      "after",
      `
Each cloud and cluster is done, waiting, away (tried again), person (waits for the operator), or by-hand (the operator does it).

Examples:
  cloudpass tenant changes show 3f2a91c0
  cloudpass tenant changes show 3f2a91c0 --output json`,
    )
    .action(async (named: string, options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { commit } = await changeNamed(session, tenant, named);
      const { value } = await askConsole(session, { path: pathTo(tenant, "changes", commit), answer: outcomeSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, ...formatOutcome(value).map(plain));
      finish(0);
    });
}

function formatOutcome({ commit, subject, author, at, in_use: inUse, targets }: ShownOutcome): string[] {
  const line = (word: string, text: string) => `${word.padEnd(11)}${text}`;
  return [
    line("change", subject),
    line("by", `${author}, ${at}`),
    line("commit", commit),
    line("in use", inUse ? "yes" : "not yet"),
    ...targets.map(({ target, state, detail }) => line(target, detail === undefined ? state : `${state}: ${detail}`)),
    ...(targets.length === 0 ? [line("targets", "it changes nothing that a cloud or a cluster has to know")] : []),
  ];
}
