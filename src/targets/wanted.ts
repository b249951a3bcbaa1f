import { createHash } from "node:crypto";
import type { Instant, TargetName, TenantName } from "../core/index.ts";
import type { Policy } from "../policy/index.ts";
import { compileKubernetes, tenantLabel } from "./kubernetes/compile.ts";
import { compileOpenStack } from "./openstack/compile.ts";

/** What a policy wants of a target, as short texts that are the same when it wants the same. */
export interface Wanted {
  /** Of all tenants, and of the target itself. */
  readonly whole: string;
  /** Of each tenant that has anything there. */
  readonly ofTenant: ReadonlyMap<TenantName, string>;
}

/** What `policy` wants of a cloud or a cluster at a moment. Asks no server. */
export function wantedOn(policy: Policy, target: TargetName, at: Instant): Wanted {
  const { self, parts } = policy.targets.get(target)?.kind === "openstack" ? onCloud() : onCluster();
  const ofTenant = new Map([...parts].map(([tenant, part]) => [tenant, digestOf(part)]));
  return { whole: digestOf([self, [...ofTenant]]), ofTenant };

  function onCloud() {
    const { cloud, tenants } = compileOpenStack(policy, target, at);
    const { source: _, ...self } = cloud;
    return { self, parts: new Map<TenantName, unknown>(tenants.map((one) => [one.tenant, one])) };
  }

  function onCluster() {
    const { cluster, namespaces, bindings, labelled } = compileKubernetes(policy, target, at);
    const { source: _, ...self } = cluster;
    const parts = new Map<TenantName, unknown[]>();
    const add = (tenant: TenantName, part: unknown) => {
      const known = parts.get(tenant);
      if (known) known.push(part);
      else parts.set(tenant, [part]);
    };
    for (const one of [...namespaces, ...labelled]) add(one.tenant, one);
    for (const binding of bindings) add(binding.metadata.labels[tenantLabel] as TenantName, binding);
    return { self, parts };
  }
}

/** Long enough to tell two states of one policy apart; nobody gains anything by two that are alike. */
const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
