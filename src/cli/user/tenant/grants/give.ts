import type { Command } from "commander";
import { z } from "zod";
import { CommandFailure, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import type { Session } from "../../session/session.ts";
import { pageSchema } from "../answers.ts";
import { type ChangeOptions, tryAndSave } from "../change.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";
import { personNamed } from "../people/person-named.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";

interface Options extends ChangeOptions {
  readonly set: string;
  readonly people?: string;
  readonly group?: string;
  readonly idp?: string;
  readonly person?: string;
  readonly at: string;
  readonly until?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
}

/** `cloudpass tenant grants give` */
export function addGive(grants: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(grants.command("give"))
    .description("give a permission set to people of the policy, to a group, or to one person")
    .requiredOption("--set <name>", "the permission set")
    .option("--people <name>", "people that the policy names")
    .option("--group <name>", "a group, as the identity provider names it")
    .option("--idp <alias>", "whose group it is, where the tenant has several identity providers")
    .option("--person <person>", "the sub (p-…), user name or address of somebody who logged in lately")
    .requiredOption("--at <targets>", "clouds and clusters, with commas between them")
    .option("--until <time>", "the end: 2027-01-31, or 2027-01-31T18:00:00+01:00; a bare date is its first moment")
    .option("--reason <text>", "kept with the grant")
    .option("--dry-run", "only show who would gain and lose what")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first who gains and loses what, and asks. It is a commit of yours in the tenant's policy, and holds at once.

Examples:
  cloudpass tenant grants give --set developer --group developers --at gx1,gx2
  cloudpass tenant grants give --set auditor --person bob@a.example --at gx1 --until 2027-01-31 --reason "audit 2026"
  cloudpass tenant grants give --set developer --people platform --at prod1 --dry-run`,
    )
    .action(async (options: Options) => {
      if ([options.people, options.group, options.person].filter((one) => one !== undefined).length !== 1)
        throw new CommandFailure("to whom is not clear", { fix: "give one of --people, --group and --person" });
      if (options.idp !== undefined && options.group === undefined)
        throw new CommandFailure("--idp says whose group it is, and there is none", {
          fix: "give --group, or no --idp",
        });
      const place = await openTenant(options, terminal);
      const path = pathTo(place.tenant, "grants");
      // The state that the person decides with: before anything else is looked up.
      const { tag } = await askConsole(place.session, { path: `${path}?limit=1`, answer: pageSchema(z.unknown()) });
      const json = await wantedBy(options, place);
      await tryAndSave(terminal, place, { method: "POST", path, json, tag }, options);
      finish(0);
    });
}

interface Place {
  readonly session: Session;
  readonly tenant: ReachedTenant;
}

/** The grant as the API takes it. */
async function wantedBy(options: Options, place: Place): Promise<Readonly<Record<string, unknown>>> {
  const { set, at, until, reason } = options;
  return {
    set,
    to: await toWhom(options, place),
    at: at.split(",").map((target) => target.trim()),
    ...(until !== undefined && { until }),
    ...(reason !== undefined && { reason }),
  };
}

async function toWhom({ people, group, idp, person }: Options, { session, tenant }: Place): Promise<object> {
  if (people !== undefined) return { people };
  if (person !== undefined) return { person: await personNamed(session, tenant, person) };
  const [only, ...others] = tenant.identity_providers;
  if (idp === undefined && (only === undefined || others.length > 0)) {
    throw new CommandFailure(`${plain(tenant.tenant)} has ${tenant.identity_providers.length} identity providers`, {
      fix: `give --idp with one of: ${tenant.identity_providers.map(plain).join(", ")}`,
    });
  }
  return { group, identity_provider: idp ?? only };
}
