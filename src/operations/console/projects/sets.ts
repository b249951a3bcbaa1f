import { type ApiProblem, type InputError, ok, type Result, refusal } from "../../../core/index.ts";
import { type Change, type PermissionSet, type Policy, rolesManagersGive, type Tenant } from "../../../policy/index.ts";
import type { Caller } from "../caller.ts";
import { saveChange } from "../change.ts";
import type { ConsoleDeps } from "../deps.ts";
import { freeName } from "../give.ts";
import { errorAt } from "../sentences.ts";
import type { TenantCloud } from "./clouds.ts";

/** The roles that a manager may give on a project wherever the tenant has a domain. */
export const rolesOffered = (policy: Policy, tenant: Tenant, clouds: readonly TenantCloud[]): readonly string[] => {
  const [first = [], ...others] = clouds.map(({ cloud }) => rolesManagersGive(policy, tenant, cloud));
  return first.filter((role) => others.every((roles) => roles.includes(role)));
};

/** Roles that a manager may not give on one of the clouds, in words. The list is one of what may be (S-44). */
export function rolesBeyond(
  roles: readonly string[],
  policy: Policy,
  tenant: Tenant,
  clouds: readonly TenantCloud[],
): ApiProblem | undefined {
  const offered = rolesOffered(policy, tenant, clouds);
  const errors = roles.flatMap((role, i): InputError[] =>
    offered.includes(role) ? [] : [errorAt(`/body/roles/${i}`, "roleBeyond", { role })],
  );
  return errors[0] && { ...refusal("invalid_input", errors[0].detail), errors };
}

/** The sets of a tenant that hold nothing but a role on this project. */
export const setsOf = (policy: Policy, { name }: Tenant, project: string): readonly PermissionSet[] =>
  [...(policy.rules.get(name)?.sets.values() ?? [])].filter(({ items: [only, ...others] }) => {
    if (only?.kind !== "openstack" || others.length > 0) return false;
    return only.on.kind === "project" && only.on.project === project;
  });

/** Puts a set for each role into the tenant's policy, unless there is one that says just this. Answers their names. */
export async function saveSets(
  { name: project, roles }: { readonly name: string; readonly roles: readonly string[] },
  tenant: Tenant,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly string[], ApiProblem>> {
  const from = roles.length === 0 ? undefined : await deps.policyFiles?.repository?.head();
  if (from === undefined) return ok([]);
  // What was saved a moment ago counts, or a second set would be made of the same.
  await deps.policyFiles?.take();
  const known = setsOf(deps.policy, tenant, project);
  const changes: Change[] = [];
  const names: string[] = [];
  const on = tenant.projects.includes(project) ? { project } : { ownProject: project };
  for (const role of new Set(roles)) {
    const found = known.find(({ items }) => items[0]?.role === role);
    const isTaken = (one: string) =>
      (deps.policy.rules.get(tenant.name)?.sets.has(one) ?? false) || names.includes(one);
    const name = found?.name ?? (await freeName(`${project}-${role}`, isTaken));
    names.push(name);
    if (found === undefined) changes.push({ section: "sets", name, value: [{ openstack: { role, on } }], add: true });
  }
  if (changes.length === 0) return ok(names);
  const subject = `${tenant.name}: project ${project} may be given`;
  const saved = await saveChange({ tenant: tenant.name, from, changes, subject }, deps, caller);
  return saved.ok ? ok(names) : saved;
}
