import type { Command } from "commander";
import type { Environment } from "../../../config/index.ts";
import { systemRandom, type TenantName } from "../../../core/index.ts";
import type { Policy, Tenant } from "../../../policy/index.ts";
import { realmHoldingsOfTenant } from "../../../realms/index.ts";
import { cloudHoldingsOfTenant, clusterHoldingsOfTenant } from "../../../targets/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { confirmTyped } from "../broker-config.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { endAll, formatReachOf, lookEverywhere, type Place, reachAsJson, showProofs } from "../leaving.ts";
import { connectionOf } from "../policies/index.ts";

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
    .option("-p, --policies <path...>", "policy files and folders", ["policies"])
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

async function offboard(terminal: Terminal, name: string, options: Options): Promise<number> {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = readPolicy(options.policies, environment);
  const tenant = policy.tenants.get(name as TenantName);
  if (tenant === undefined) {
    throw new CommandFailure(`the policy has no tenant "${plain(name)}"`, {
      means: suggest(name, policy.tenants.keys()),
    });
  }
  const reach = await lookEverywhere(terminal, placesOfTenant(terminal, environment, policy, tenant, options.realm));
  const json = options.output === "json";
  const lines = [`${plain(tenant.displayName)} (${name}) loses:`, ...formatReachOf(reach)];
  const left = reach.holdings.filter((h) => !h.ended).length;
  if (options.dryRun === true) {
    notify(terminal, ...lines, "Only shown: nothing was done.");
    if (json) show(terminal, JSON.stringify({ tenant: name, ...reachAsJson(reach) }, undefined, 2));
    return reach.silent.length > 0 ? exitCodes.unreachable : exitCodes.ok;
  }
  if (left > 0) await confirmTyped(terminal, { lines, word: name, yes: options.yes === true });
  const proofs = await endAll(terminal, reach);
  if (json) show(terminal, JSON.stringify({ tenant: name, proofs, unread: reach.silent }, undefined, 2));
  return showProofs(terminal, proofs, reach, json);
}

function placesOfTenant(
  terminal: Terminal,
  environment: Environment,
  policy: Policy,
  tenant: Tenant,
  realms: readonly string[] = [],
): Place[] {
  const deps = { clock: terminal.clock, random: systemRandom };
  const atRealms = realms.map((named): Place => {
    const [keycloak = "", realm = ""] = named.split("/");
    const connection = environment.keycloaks[keycloak];
    if (connection === undefined || realm === "")
      throw new CommandFailure(`"${plain(named)}" is no realm of the environment file`, { fix: "give keycloak/realm" });
    return {
      where: `Keycloak, realm ${realm}`,
      look: () => realmHoldingsOfTenant(connection, realm, tenant.identityProviders, deps),
    };
  });
  const targets = [...tenant.domains.keys(), ...tenant.namespaces.keys()].map((target): Place => {
    const connection = connectionOf(policy, environment, target);
    const where = `${policy.targets.get(target)?.kind === "openstack" ? "cloud" : "cluster"} ${target}`;
    if (connection === undefined)
      throw new CommandFailure(`the environment file says no way to ${target}`, {
        fix: "a tenant is taken back everywhere",
      });
    const look = () =>
      "authUrl" in connection
        ? cloudHoldingsOfTenant(target, connection, tenant, deps)
        : clusterHoldingsOfTenant(target, connection, tenant.name, deps);
    return { where, look };
  });
  return [...atRealms, ...targets];
}
