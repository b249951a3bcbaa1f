import {
  type ApiProblem,
  err,
  Fault,
  type Instant,
  ok,
  type Result,
  refusal,
  type TargetName,
} from "../../../core/index.ts";
import type { CloudLimit, CloudProject } from "../../../targets/index.ts";
import { type Caller, reachTenant } from "../caller.ts";
import type { ConsoleDeps } from "../deps.ts";
import { type ListedPerson, listedPerson } from "../everybody.ts";
import { grantsReaching, type KeptBy, keptBy, type SeenCloud, seeClouds } from "./list.ts";
import { setsOf } from "./sets.ts";

/** One project on one cloud. */
export interface ProjectAt {
  readonly tenant: string;
  readonly cloud: string;
  /** Its id there. */
  readonly project: string;
}

/** Who has a role on a project by the policy, and by which grant. */
interface ProjectAccess {
  readonly grant: string;
  readonly set: string;
  readonly role: string;
  readonly people: readonly ListedPerson[];
}

/** All that a tenant's manager may know of a project. */
export interface ShownProject extends CloudProject {
  readonly cloud: TargetName;
  readonly domain: string;
  readonly keptBy: KeptBy;
  /** Whether whoever asks may change it. */
  readonly mayChange: boolean;
  readonly at: Instant;
  readonly access: readonly ProjectAccess[];
  /** The permission sets by which it can be given, and nothing else. */
  readonly sets: readonly string[];
  /** Absent: not readable here. */
  readonly limits?: readonly CloudLimit[];
}

/**
 * A project of the tenant's domain: an id of any other domain is answered as one that is not there (S-46). What is not known yet
 * is looked up, for somebody who manages the domain.
 */
export async function showProject(
  { tenant, cloud, project: id }: ProjectAt,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ShownProject, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { tenant: own, mayManage } = reached.value;
  const isIt = (seen: SeenCloud) => seen.cloud === cloud;
  const known = (await seeClouds(deps, caller, own)).find(isIt);
  const seen =
    known === undefined || known.projects.some((one) => one.id === id)
      ? known
      : (await seeClouds(deps, caller, own, known.cloud)).find(isIt);
  const project = seen?.projects.find((one) => one.id === id);
  // Of a cloud that does not answer it is not known what is there: that is no "not found".
  if (seen !== undefined && seen.at === undefined && seen.state !== "nobody looked" && seen.state !== "refused")
    throw new Fault(`keystone ${seen.cloud}`, "look for a project");
  if (seen?.at === undefined || project === undefined) return err(refusal("not_found", "there is no such project"));
  const { holders } = await deps.viewOf(own.name);
  const reaching = grantsReaching(deps.policy, own, { cloud: seen.cloud, project: project.name }, deps.clock.now());
  return ok({
    ...project,
    ...{ cloud: seen.cloud, domain: seen.domain, at: seen.at },
    keptBy: keptBy(own, project.name),
    mayChange: mayManage && seen.manages,
    sets: setsOf(deps.policy, own, project.name).map(({ name }) => name),
    access: reaching.map(({ grant, role }) => ({
      ...{ grant: grant.id, set: grant.set.name, role },
      people: (holders.get(grant.id) ?? []).map(listedPerson),
    })),
    ...(seen.limits && { limits: seen.limits.filter((limit) => limit.project === id) }),
  });
}
