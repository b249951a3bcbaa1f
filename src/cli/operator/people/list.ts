import type { Command } from "commander";
import type { TenantName } from "../../../core/index.ts";
import { listPeopleByName } from "../../../operations/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { formatColumns } from "../../user/tenant/columns.ts";
import { configOption, type OnBroker, readSharedConfig } from "../broker.ts";
import { ownPolicy } from "./names.ts";

interface Options {
  readonly config: string;
  readonly tenant?: string;
  readonly output: string;
}

/** `cloudpass people list` */
export function addList(people: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  outputOption(configOption(people.command("list")))
    .description("who logged in lately: by name, and by the id that revoke, the audit and the clouds know")
    .option("--tenant <name>", "of this tenant only")
    .addHelpText(
      "after",
      `
Names are remembered where the policy has a console, for lifetimes.knownPerson or until people revoke.

Examples:
  cloudpass people list
  cloudpass people list --tenant acme --output json`,
    )
    .action((options: Options) =>
      onBroker(readSharedConfig(options.config, terminal), async (state) => {
        const policy = await ownPolicy(state);
        const wanted = [...policy.tenants.keys()].filter((t) => options.tenant === undefined || t === options.tenant);
        if (wanted.length === 0) throw noTenant(options.tenant, [...policy.tenants.keys()]);
        const found = await listPeopleByName({ tenants: wanted }, state);
        if (options.output === "json") show(terminal, JSON.stringify({ people: found.map(asJson) }, undefined, 2));
        else if (found.length > 0) {
          const rows = found.map((p) => [p.name, p.username, p.tenant, p.identityProvider, day(p.lastLogin), p.sub]);
          show(terminal, ...formatColumns(["NAME", "USER", "TENANT", "FROM", "LAST LOGIN", "ID"], rows));
        } else notify(terminal, ...nobody([...policy.targets.values()].some(({ kind }) => kind === "console")));
        finish(exitCodes.ok);
      }),
    );
}

const noTenant = (tenant = "", known: readonly TenantName[]): CommandFailure =>
  new CommandFailure(`the policy has no tenant "${plain(tenant)}"`, {
    means: `It has: ${known.join(", ") || "none"}.`,
  });

const nobody = (hasConsole: boolean): string[] =>
  hasConsole
    ? ["Nobody logged in lately."]
    : [
        "No name is remembered: the policy has no console, and only its managers see names.",
        "→ add to the Targets: console: {roles: [tenant-manager, tenant-auditor]}",
      ];

/** `2026-12-01 09:30`, in UTC as the audit is. */
const day = (iso: string): string => iso.slice(0, 16).replace("T", " ");

/** Names as the console's API has them. */
const asJson = ({ identityProvider, lastLogin, ...person }: Awaited<ReturnType<typeof listPeopleByName>>[number]) => ({
  ...person,
  identity_provider: identityProvider,
  last_login: lastLogin,
});
