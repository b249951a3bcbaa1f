import { z } from "zod";
import { formatKey } from "../../reconcile/index.ts";
import type { KeystoneClient } from "./client.ts";
import type { GroupAssignment, OpenStackDesired } from "./compile.ts";
import { within } from "./desired.ts";

const domain = z.object({ id: z.string(), name: z.string() });
const project = domain.extend({ domain_id: z.string().nullish() });

/** What a policy wants on projects that are there or that we make, and in words what has to wait. */
interface Postponed {
  readonly desired: OpenStackDesired;
  readonly waiting: readonly string[];
}

/**
 * Takes out what is to hold on projects that the tenant's managers make themselves and that are not there yet. The broker does not
 * make them: its account would give a tenant what the cloud would perhaps refuse the tenant's own managers. Throws `Fault`.
 */
export async function postponeMissing(keystone: KeystoneClient, desired: OpenStackDesired): Promise<Postponed> {
  const isOwn = (tenant: OpenStackDesired["tenants"][number]) => {
    const ours = new Set(tenant.projects.map(({ name }) => name));
    return ({ scope }: GroupAssignment) => scope.kind === "project" && !ours.has(scope.project);
  };
  // Where no tenant has any, nothing more is asked than before.
  if (!desired.tenants.some((tenant) => tenant.assignments.some(isOwn(tenant)))) return { desired, waiting: [] };
  const [domains, projects] = await Promise.all([
    keystone.list("list domains", "/domains", "domains", domain),
    keystone.list("list projects", "/projects", "projects", project),
  ]);
  const names = new Map(domains.map(({ id, name }) => [id, name]));
  const there = new Set(projects.map((p) => formatKey(within(names.get(p.domain_id ?? "") ?? "", p.name))));
  const missing = new Set<string>();
  const tenants = desired.tenants.map((tenant) => {
    const own = isOwn(tenant);
    const assignments = tenant.assignments.filter((assignment) => {
      const { scope } = assignment;
      if (!own(assignment) || scope.kind !== "project") return true;
      const key = formatKey(within(scope.domain, scope.project));
      if (!there.has(key)) missing.add(key);
      return there.has(key);
    });
    return { ...tenant, assignments };
  });
  const waiting = [...missing].map(
    (key) => `project ${key} is not there, and what is given on it waits: a manager of the domain makes it`,
  );
  return { desired: { ...desired, tenants }, waiting };
}
