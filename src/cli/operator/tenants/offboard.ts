import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { lookAtTenant, offboardTenant } from "../../../operations/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { confirmTyped } from "../confirm.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { formatHoldings, holdingsAsJson, showProofs } from "../format-holdings.ts";
import { listenerOf } from "../progress.ts";

interface Options {
  readonly environment: string;
  readonly policies: readonly string[];
  readonly realm?: readonly string[];
  readonly output: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `cloudpass tenants offboard` */
export function addTenants(program: Command, terminal: Terminal, finish: Finish): void {
  const tenants = program.command("tenants").description("customers");
  outputOption(tenants.command("offboard"))
    .description("take everything back from a customer: at Keycloak, on every cloud and every cluster")
    .argument("<tenant>", "customer of the policy")
    .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
    .option("-p, --policies <path...>", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .option("--realm <keycloak/realm...>", "also there: name of the Keycloak in the environment file, and the realm")
    .option("--dry-run", "only show what would end")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Disables identity providers, organization and people at Keycloak; domain, identity provider and people on every cloud, which
ends their tokens, and deletes their application credentials; removes the bindings on every cluster. Domains, projects,
namespaces and what runs in them stay. Everything is read back; run again, it carries on. Take the tenant out of the policy
and realm files too: applying them would let it in again.

Example:
  cloudpass tenants offboard customer-a --environment production.yaml --realm main/scs --dry-run`,
    )
    .action(async (tenant: string, options: Options) => finish(await offboard(terminal, tenant, options)));
}

async function offboard(terminal: Terminal, tenant: string, options: Options): Promise<number> {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = await readPolicy(terminal, options.policies, environment);
  const deps = { clock: terminal.clock, random: systemRandom, listener: listenerOf(terminal) };
  const question = { tenant, policy, environment, ...(options.realm !== undefined && { realms: options.realm }) };
  const reach = await lookAtTenant(question, deps);
  const { holdings, silent } = reach.holdings;
  const json = options.output === "json";
  const lines = [`${plain(reach.tenant.displayName)} (${tenant}) loses:`, ...formatHoldings(reach.holdings)];
  if (options.dryRun === true) {
    notify(terminal, ...lines, "Only shown: nothing was done.");
    if (json) show(terminal, JSON.stringify({ tenant, ...holdingsAsJson(reach.holdings) }, undefined, 2));
    return silent.length > 0 ? exitCodes.unreachable : exitCodes.ok;
  }
  if (holdings.some(({ ended }) => !ended)) {
    await confirmTyped(terminal, { lines, word: tenant, yes: options.yes === true });
  }
  const proofs = await offboardTenant(reach, deps);
  if (json) show(terminal, JSON.stringify({ tenant, proofs, unread: silent }, undefined, 2));
  return showProofs(terminal, proofs, reach.holdings, json);
}
