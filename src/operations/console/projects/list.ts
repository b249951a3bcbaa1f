import { type ApiProblem, type Instant, ok, type Result, type TargetName } from "../../../core/index.ts";
import type { Policy, Tenant } from "../../../policy/index.ts";
import type { CloudLimit, CloudProject } from "../../../targets/index.ts";
import { type Caller, reachTenant } from "../caller.ts";
import type { ConsoleDeps } from "../deps.ts";
import { type PageOf, pageOf } from "../page-of.ts";
import type { Known } from "../readings.ts";
import { cloudsOf, type DomainReading, type TenantCloud } from "./clouds.ts";
import { rolesOffered } from "./sets.ts";

/** How a cloud's projects are known. `nobody looked`: whoever asks may not look, and no manager has. */
export type CloudState = "read" | "no answer" | "refused" | "being read" | "nobody looked";

/** A cloud of the tenant, and as of when its projects are known. */
export interface ListedCloud {
  readonly cloud: TargetName;
  readonly domain: string;
  /** Whether whoever asks manages the domain there. */
  readonly manages: boolean;
  readonly state: CloudState;
  /** When the projects were read; absent: they are not known. */
  readonly at?: Instant;
}

/**
 * Who keeps a project: `operator` = it stands in the operator's Targets and the broker makes it on every cloud; `hand` = a
 * manager made it, here or elsewhere.
 */
export type KeptBy = "operator" | "hand";

/** A project by its name, on each cloud where it is. */
export interface ListedProject {
  readonly name: string;
  readonly keptBy: KeptBy;
  readonly at: readonly (CloudProject & { readonly cloud: TargetName })[];
}

/** The projects of a tenant, and how each cloud is known. */
export interface TenantProjects extends PageOf<ListedProject> {
  readonly clouds: readonly ListedCloud[];
  /** The roles that may be given on a project, wherever it is; none where nothing can be saved. */
  readonly roles: readonly string[];
}

/** A cloud with what is known of the domain there. */
export interface SeenCloud extends ListedCloud {
  readonly projects: readonly CloudProject[];
  readonly limits?: readonly CloudLimit[];
  /** Keystone's id of the domain, once somebody looked. */
  readonly domainId?: string;
}

/** The projects of the tenant's domain on every cloud. What is not known there keeps nothing else from being shown. */
export async function listProjects(
  { tenant, ...page }: { readonly tenant: string; readonly after?: string | undefined; readonly limit: number },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<TenantProjects, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const own = reached.value.tenant;
  const clouds = await seeClouds(deps, caller, own);
  const canSave = deps.policyFiles?.repository !== undefined;
  return ok({
    ...pageOf(byName(own, clouds), ({ name }) => name, page),
    clouds: clouds.map(({ projects: _, limits: _l, domainId: _d, ...cloud }) => cloud),
    roles: canSave && reached.value.mayManage ? rolesOffered(deps.policy, own, cloudsOf(deps, caller, own)) : [],
  });
}

/** Looks at every cloud of a tenant side by side. `anew`: at this one whatever is known of it already. */
export function seeClouds(
  deps: ConsoleDeps,
  caller: Caller,
  tenant: Tenant,
  anew?: TargetName,
): Promise<readonly SeenCloud[]> {
  return Promise.all(
    cloudsOf(deps, caller, tenant).map(async (at): Promise<SeenCloud> => {
      const known = await see(deps, caller, tenant, at, at.cloud.name === anew);
      const { reading } = known;
      return {
        ...{ cloud: at.cloud.name, domain: at.domain, manages: at.manages, state: stateOf(known) },
        ...(reading && { at: reading.at, domainId: reading.domainId }),
        ...(reading?.limits && { limits: reading.limits }),
        projects: reading?.projects ?? [],
      };
    }),
  );
}

/** The ids of a tenant's domain as somebody read them, cloud by cloud. Nothing is asked of any. */
export async function knownDomains(
  { clouds, ...deps }: Pick<ConsoleDeps, "clouds" | "policy" | "clock">,
  caller: Caller,
  tenant: Tenant,
): Promise<readonly { readonly cloud: TargetName; readonly id: string }[]> {
  const looked = cloudsOf(deps, caller, tenant).map(async (at) => {
    const known = await clouds?.readings.look(keyOf(tenant, at), undefined);
    return known?.reading === undefined ? [] : [{ cloud: at.cloud.name, id: known.reading.domainId }];
  });
  return (await Promise.all(looked)).flat();
}

/** How a cloud is known, by what was read and what went wrong. */
export const stateOf = ({ reading, trouble, beingRead }: Known<object>): CloudState =>
  trouble ?? (reading !== undefined ? "read" : beingRead ? "being read" : "nobody looked");

async function see(
  { clouds }: ConsoleDeps,
  caller: Caller,
  tenant: Tenant,
  at: TenantCloud,
  anew: boolean,
): Promise<Known<DomainReading>> {
  if (clouds === undefined) return { beingRead: false };
  const read = async () => {
    const entered = await clouds.enter(caller, tenant, at);
    if (!entered.ok) return entered;
    const projects = await entered.value.projects();
    if (!projects.ok) return refusedReading;
    // A cloud that lists its projects and not its limits still lists its projects.
    const limits = await entered.value.limits(projects.value.map(({ id }) => id));
    return ok({
      domainId: entered.value.id,
      projects: projects.value,
      ...(limits.ok && limits.value && { limits: limits.value }),
    });
  };
  return clouds.readings.look(keyOf(tenant, at), at.manages ? read : undefined, anew && at.manages);
}

const refusedReading = { ok: false, refusal: { code: "forbidden", message: "the cloud lists no projects" } } as const;

/** What the readings of a domain are kept by. */
export const keyOf = ({ name }: Tenant, { cloud, domain }: TenantCloud): string =>
  JSON.stringify([name, cloud.name, domain]);

/** Every project, by its name: also those that the operator lists and no cloud has shown yet. */
function byName(tenant: Tenant, clouds: readonly SeenCloud[]): ListedProject[] {
  const found = new Map<string, (CloudProject & { cloud: TargetName })[]>(tenant.projects.map((name) => [name, []]));
  for (const { cloud, projects } of clouds)
    for (const project of projects) {
      const known = found.get(project.name);
      if (known) known.push({ ...project, cloud });
      else found.set(project.name, [{ ...project, cloud }]);
    }
  const names = [...found.keys()].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return names.map((name) => ({ name, keptBy: keptBy(tenant, name), at: found.get(name) ?? [] }));
}

/** Who keeps a project of this name. */
export const keptBy = ({ projects }: Pick<Tenant, "projects">, name: string): KeptBy =>
  projects.includes(name) ? "operator" : "hand";

/** The grants of the policy that reach a project on a cloud now, by the role that they give there. */
export function grantsReaching(
  policy: Policy,
  tenant: Tenant,
  { cloud, project }: { readonly cloud: TargetName; readonly project: string },
  now: Instant,
) {
  return (policy.rules.get(tenant.name)?.grants ?? []).flatMap((grant) => {
    if ((grant.from !== undefined && now < grant.from) || (grant.until !== undefined && now >= grant.until)) return [];
    return (grant.entitlements.get(cloud) ?? []).flatMap(({ scope, role }) =>
      scope.kind === "inherited" || (scope.kind === "project" && scope.project === project) ? [{ grant, role }] : [],
    );
  });
}
