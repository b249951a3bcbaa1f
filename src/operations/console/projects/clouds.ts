import {
  type ApiProblem,
  type Clock,
  err,
  ok,
  type Random,
  type Result,
  refusal,
  type TargetName,
} from "../../../core/index.ts";
import { type AtConsole, decideFor } from "../../../issuer/index.ts";
import type { CloudTarget, Policy, Tenant } from "../../../policy/index.ts";
import {
  type CloudLimit,
  type CloudProject,
  type CloudRefusal,
  enterDomain,
  type OwnDomain,
} from "../../../targets/index.ts";
import { createReadings, type Readings } from "../readings.ts";
import { refuse } from "../sentences.ts";
import type { TargetWays } from "./clusters.ts";

/** The clouds of tenants, as whoever stands in the console reaches them: in the own name, and with no account of ours. */
export interface TenantClouds {
  /** Judges by the policy, and only then asks the cloud, which judges by its own. Throws `Fault` when it does not answer. */
  enter(caller: AtConsole, tenant: Tenant, at: TenantCloud): Promise<Result<OwnDomain, ApiProblem>>;
  /** What managers read of the domains, kept for a moment. */
  readonly readings: Readings<DomainReading>;
}

/** What a domain held when somebody looked. */
export interface DomainReading {
  /** Keystone's id of the domain. */
  readonly domainId: string;
  readonly projects: readonly CloudProject[];
  /** By the cloud's own limits; absent: it has none that can be read. */
  readonly limits?: readonly CloudLimit[];
}

/** A cloud where a tenant has a domain, and whether somebody manages it there. */
export interface TenantCloud {
  readonly cloud: CloudTarget;
  readonly domain: string;
  readonly manages: boolean;
}

/** What reaching clouds takes. */
interface CloudParts extends Pick<TargetWays, "trustOf"> {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly random: Random;
  /** A token with which we act at a cloud in a caller's name. */
  readonly actingToken: (who: AtConsole, cloud: TargetName) => Result<string, ApiProblem>;
}

/** The role by which a cloud lets somebody rule a domain (scs-0302). */
const manager = "manager";

/** The clouds where a tenant has a domain, in the order of the policy. */
export function cloudsOf(deps: Pick<CloudParts, "policy" | "clock">, caller: AtConsole, tenant: Tenant): TenantCloud[] {
  return [...deps.policy.targets.values()].flatMap((cloud) => {
    const domain = cloud.kind === "openstack" ? tenant.domains.get(cloud.name) : undefined;
    if (cloud.kind !== "openstack" || domain === undefined) return [];
    return [{ cloud, domain, manages: isManager(deps, caller, tenant, cloud.name, domain) }];
  });
}

/** Whether the policy gives somebody the role on this very domain. Who runs the broker has none by that. */
function isManager(
  deps: Pick<CloudParts, "policy" | "clock">,
  caller: AtConsole,
  tenant: Tenant,
  cloud: TargetName,
  domain: string,
): boolean {
  if (caller.person.tenant !== tenant.name) return false;
  const decision = decideFor(deps, caller, cloud);
  if (decision.kind === "unknown") return false;
  return decision.entitlements.some(
    ({ role, scope }) => role === manager && scope.kind === "domain" && scope.domain === domain,
  );
}

/** Makes the way to the clouds. */
export function createTenantClouds(parts: CloudParts): TenantClouds {
  return {
    readings: createReadings(parts),
    enter: async (caller, tenant, { cloud, domain }) => {
      // Looked at here too, whoever called: nothing is sent for somebody who manages nothing there.
      if (!isManager(parts, caller, tenant, cloud.name, domain)) return err(managesNothing(cloud.name));
      const token = parts.actingToken(caller, cloud.name);
      if (!token.ok) return token;
      const connection = { authUrl: cloud.authUrl, ...parts.trustOf?.(cloud.name) };
      const place = { cloud: cloud.name, connection, tenant: tenant.name, domain };
      const entered = await enterDomain(place, token.value, parts);
      return entered.ok ? ok(entered.value) : err(cloudsNo(cloud.name, entered.refusal));
    },
  };
}

/** Somebody who may see the tenant, and is no manager of its domain on this cloud. */
export const managesNothing = (cloud: TargetName) => refuse("forbidden", "managesNothing", { cloud });

/** What a cloud refuses, as whoever asked is told. */
export function cloudsNo(cloud: TargetName, { status }: CloudRefusal): ApiProblem {
  if (status === 409) return refuse("conflict", "projectNameTaken", { cloud });
  if (status === 400) return refuse("invalid_input", "projectNotTaken", { cloud });
  if (status === 404) return refusal("not_found", "there is no such project");
  return refuse("forbidden", "refusedByCloud", { cloud, status: String(status) });
}
