import { type ApiProblem, err, Fault, ok, type Result, refusal, type TargetName } from "../../../core/index.ts";
import type { CloudProject, CloudRefusal } from "../../../targets/index.ts";
import { type Caller, reachToManage } from "../caller.ts";
import type { ConsoleDeps } from "../deps.ts";
import { cloudsNo, cloudsOf, managesNothing } from "./clouds.ts";
import { keyOf } from "./list.ts";
import { describes } from "./make.ts";
import type { ProjectAt } from "./show.ts";

/** What is to become of a project: another description, or the end or beginning of all work in it. */
export type ProjectChange = { readonly description: string } | { readonly enabled: boolean };

/**
 * Changes a project of the tenant's domain with the caller's own rights. The id is looked up with the caller's token and its
 * domain compared before anything is written: one of another domain is not there (S-46). Throws `Fault` when the cloud is away.
 */
export async function changeProject(
  { change, ...at }: ProjectAt & { readonly change: ProjectChange },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<CloudProject & { readonly cloud: TargetName }, ApiProblem>> {
  const reached = reachToManage(deps, caller, at.tenant);
  if (!reached.ok) return reached;
  const { tenant } = reached.value;
  const place = cloudsOf(deps, caller, tenant).find(({ cloud }) => cloud.name === at.cloud);
  if (place === undefined || deps.clouds === undefined) return err(notThere);
  const cloud = place.cloud.name;
  if (!place.manages) return err(managesNothing(cloud));
  const wrong = "description" in change ? describes(change.description) : [];
  if (wrong[0]) return err({ ...refusal("invalid_input", wrong[0].detail), errors: wrong });
  const entered = await deps.clouds.enter(caller, tenant, place);
  if (!entered.ok) return entered;
  const domain = entered.value;
  const found = await domain.project(at.project);
  if (!found.ok) return err(cloudsNo(cloud, found.refusal));
  if (found.value === undefined) return err(notThere);
  const project = found.value;
  if (isSo(project, change)) return ok({ ...project, cloud });
  const detail = "description" in change ? "described" : change.enabled ? "enabled" : "disabled";
  const said = { tenant: tenant.name, sub: caller.person.sub, target: cloud, project: project.name, detail };
  const changed = await deps.audit.before(
    [["project.changed", said]],
    () => orFault(domain.change(project.id, change)),
    (done) => ("fault" in done ? "the cloud did not say whether it was done" : done.ok || refusedBy(done.refusal)),
  );
  deps.clouds.readings.forget(keyOf(tenant, place));
  if ("fault" in changed) throw changed.fault;
  return changed.ok ? ok({ ...changed.value, cloud }) : err(cloudsNo(cloud, changed.refusal));
}

const notThere = refusal("not_found", "there is no such project");

const isSo = (project: CloudProject, change: ProjectChange): boolean =>
  "description" in change ? project.description === change.description : project.enabled === change.enabled;

const refusedBy = ({ status }: CloudRefusal): string => `the cloud refused it (${status})`;

/** A fault as a value, so that the audit can say of it what is true of a cloud. */
const orFault = <T>(work: Promise<T>): Promise<T | { readonly fault: Fault }> =>
  work.catch((fault: unknown) => {
    if (fault instanceof Fault) return { fault };
    throw fault;
  });
