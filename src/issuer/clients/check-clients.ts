import { Fault, type TargetName, type TenantName, type UpstreamAlias } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";

/** What a client of the configuration names. */
interface Naming {
  readonly id: string;
  readonly target?: string | undefined;
  readonly targets: readonly string[];
  readonly introspects?: readonly string[] | undefined;
  readonly machine?: { readonly tenant: string; readonly upstream: string } | undefined;
}

/**
 * Names in the clients that only the policy can resolve. A mistyped one would silently give a robot nothing, or let a
 * client reach nothing, so the broker does not start. Throws `Fault`.
 */
export function checkClients(policy: Policy, configured: readonly Naming[]): void {
  for (const client of configured) {
    const says = problemOf(policy, client);
    if (says !== undefined) throw new Fault("configuration", `client ${client.id}`, { retryable: false, says });
  }
}

function problemOf(policy: Policy, client: Naming): string | undefined {
  const { machine, target } = client;
  const named = [...client.targets, ...(client.introspects ?? []), ...(target === undefined ? [] : [target])];
  const unknown = named.find((name) => !policy.targets.has(name as TargetName));
  if (unknown !== undefined) return `the policy knows no cloud or cluster "${unknown}"`;
  if (!machine) return undefined;
  const tenant = policy.tenants.get(machine.tenant as TenantName);
  if (!tenant) return `the policy knows no tenant "${machine.tenant}"`;
  if (tenant.upstreams.includes(machine.upstream as UpstreamAlias)) return undefined;
  return `"${machine.upstream}" is none of the upstreams of tenant ${machine.tenant}: list it there`;
}
