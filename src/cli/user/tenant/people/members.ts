import type { Command } from "commander";
import { z } from "zod";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { endedSchema } from "../answers.ts";
import { type ChangeOptions, confirm } from "../change.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

const memberSchema = z.object({
  email: z.string(),
  name: z.string(),
  sub: z.string(),
  state: z.string(),
  second_factor: z.boolean(),
  groups: z.array(z.string()).default([]),
  last_login: z.string().optional(),
});

/** `cloudpass tenant people members` */
export function addMembers(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("members"))
    .description("people without an identity provider, also who is invited and who never logged in")
    .option("--search <text>", "part of a name, address, sub or group")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant people members\n  cloudpass tenant people members --search zoe",
    )
    .action(async ({ search, ...options }: TenantOptions & { readonly search?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items } = await askForAll(session, pathTo(tenant, "members"), { item: memberSchema, search });
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, members: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "nobody");
      else {
        const rows = items.map((m) => [
          m.name,
          m.email,
          m.state,
          m.last_login ?? "not logged in yet",
          m.groups.join(", "),
          m.sub,
        ]);
        show(terminal, ...formatColumns(["NAME", "ADDRESS", "STATE", "LAST LOGIN", "GROUPS", "SUB"], rows));
      }
      finish(0);
    });
}

/** What is done to one member: the command, and the call that it is. */
interface MemberAct {
  readonly command: string;
  readonly description: string;
  readonly method: "POST" | "DELETE";
  /** Below the member's path. */
  readonly path: readonly string[];
  /** Asked before; absent: it shuts nobody out. */
  readonly question?: string;
  readonly done: string;
}

const acts: readonly MemberAct[] = [
  {
    ...{ command: "invite-again", method: "POST", path: ["invite-again"], done: "The invitation was sent again" },
    description: "send an invitation again; the account and its rights stay",
  },
  {
    ...{ command: "disable", method: "POST", path: ["disable"], done: "Disabled, and everything was ended" },
    description: "keep a member out, and end all logins and sessions at once",
    question: "Disable this account?",
  },
  {
    ...{ command: "enable", method: "POST", path: ["enable"], done: "Enabled" },
    description: "let a disabled member in again",
  },
  {
    ...{ command: "remove", method: "DELETE", path: [], done: "Removed, and everything was ended" },
    description: "take a member out of the tenant, or an invitation back, and end all logins and sessions at once",
    question: "Remove this account?",
  },
  {
    ...{ command: "reset-second-factor", method: "POST", path: ["reset-second-factor"] },
    description: "have a member set up another second factor at the next sign-in",
    question: "Reset the second factor?",
    done: "At the next sign-in another second factor is set up",
  },
];

/** Of what is answered, whether Keycloak's own sessions ended, too. */
const answerSchema = z.union([endedSchema, z.object({})]);

/** `cloudpass tenant people disable`, `enable`, `remove` and the like */
export function addMemberActs(people: Command, terminal: Terminal, finish: Finish): void {
  for (const act of acts) {
    tenantOptions(people.command(act.command))
      .description(act.description)
      .argument("<address>", "the e-mail address of a member; see cloudpass tenant people members")
      .option("-y, --yes", "do not ask")
      .addHelpText("after", `\nExamples:\n  cloudpass tenant people ${act.command} zoe@c.example`)
      .action(async (address: string, options: ChangeOptions) => {
        const { session, tenant } = await openTenant(options, terminal);
        const { question } = act;
        if (question !== undefined) {
          const asked = { question: `${address}: ${question} Only “yes” does it: `, undone: "nothing was done" };
          await confirm(terminal, options.yes === true, asked);
        }
        const path = pathTo(tenant, "members", address, ...act.path);
        const { value } = await askConsole(session, { method: act.method, path, answer: answerSchema });
        const isSilent = "realm" in value && value.realm !== "ended";
        if (options.output === "json")
          show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
        else show(terminal, plain(`${act.done}: ${address}`));
        finish(isSilent ? 3 : 0);
      });
  }
}
