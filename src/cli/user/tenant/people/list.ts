import type { Command } from "commander";
import type { z } from "zod";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { peoplePageSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askPages, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

const headings = ["NAME", "USER NAME", "ADDRESS", "FROM", "LAST LOGIN", "SUB"];

const rowOf = (p: z.infer<typeof peoplePageSchema>["items"][number]): string[] => {
  const state = p.state === undefined ? "" : `, ${p.state}`;
  const from = p.kind === "member" ? `member${state}` : p.identity_provider;
  return [p.name, p.preferred_username, p.email ?? "", from, p.last_login ?? "not logged in yet", p.sub];
};

/** Who may be missing, and why. */
const howFar = (members: string | undefined, notLookedAt: readonly string[]): readonly string[] => [
  ...(members === "no answer" ? ["Keycloak does not answer: members who have not logged in may be missing."] : []),
  ...(members === "being read" ? ["The members are being read: run the command again in a moment."] : []),
  ...notLookedAt.map((cloud) => `By a Keystone user id nobody could be looked for at ${plain(cloud)}.`),
];

/** `cloudpass tenant people list` */
export function addList(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("list"))
    .description("all people of the tenant, by name: who logged in lately, and members of its organization")
    .option(
      "--search <text>",
      "part of a name, user name, address or sub; a whole Keystone user id or id of an access request",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant people list\n  cloudpass tenant people list --search ahrens --output json",
    )
    .action(async ({ search, ...options }: TenantOptions & { readonly search?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const pages = await askPages(session, pathTo(tenant, "people"), { answer: peoplePageSchema, search });
      const items = pages.flatMap(({ value }) => value.items);
      const { members, not_looked_at: notLookedAt = [] } = pages[0].value;
      if (options.output === "json") {
        const known = { members: members?.state, not_looked_at: notLookedAt };
        show(terminal, JSON.stringify({ tenant: tenant.tenant, people: items, ...known }, undefined, 2));
      } else if (items.length === 0) show(terminal, "nobody");
      else show(terminal, ...formatColumns(headings, items.map(rowOf)));
      if (options.output !== "json") notify(terminal, ...howFar(members?.state, notLookedAt));
      finish(0);
    });
}
