import {
  type ApiProblem,
  err,
  Fault,
  type InputError,
  ok,
  type Result,
  refusal,
  type TargetName,
} from "../../../core/index.ts";
import { isOpenStackThing, type Tenant } from "../../../policy/index.ts";
import type { CloudProject, OwnDomain } from "../../../targets/index.ts";
import { type Caller, reachToManage } from "../caller.ts";
import type { ConsoleDeps } from "../deps.ts";
import { errorAt } from "../sentences.ts";
import { cloudsNo, cloudsOf, managesNothing, type TenantCloud } from "./clouds.ts";
import { keyOf } from "./list.ts";
import { rolesBeyond, saveSets } from "./sets.ts";

/** A project as somebody wants it, on one cloud or several. */
interface ProjectAsked {
  readonly tenant: string;
  readonly name: string;
  readonly description: string;
  readonly at: readonly string[];
  /** What may be given on it from now on: a permission set for each stands in the tenant's policy then. */
  readonly roles: readonly string[];
}

/**
 * What became of it on one cloud: `there` = it is there and says just this, made now or before; `taken` = there is a project of that
 * name which says something else; `no answer` = it is not known whether it was made.
 */
export interface MadeAt {
  readonly cloud: TargetName;
  readonly outcome: "there" | "taken" | "refused" | "no answer";
  /** Its id, where it is there. */
  readonly project?: string;
  /** Why not, in words. */
  readonly message?: string;
}

/** What became of it on each cloud. */
export interface ProjectMade {
  readonly name: string;
  readonly at: readonly MadeAt[];
  /** The permission sets by which it can be given. */
  readonly sets: readonly string[];
  /** Why these are not in the policy yet: to be called again. */
  readonly notGivable?: string;
}

/** Nobody waits longer for a cloud; what it makes of it is seen when it is looked at again. */
const longestWaitMillis = 20_000;

/**
 * Makes a project on each of the clouds, with the caller's own rights there. Nothing is asked of any unless the policy lets the
 * caller manage the domain on all of them (S-45); then a cloud that is away keeps no other one from having it.
 */
export async function makeProject(
  asked: ProjectAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ProjectMade, ApiProblem>> {
  const reached = reachToManage(deps, caller, asked.tenant);
  if (!reached.ok) return reached;
  const { tenant } = reached.value;
  const places = placesFor(asked, cloudsOf(deps, caller, tenant));
  if (!places.ok) return places;
  const beyond = rolesBeyond(asked.roles, deps.policy, tenant, places.value);
  if (beyond) return err(beyond);
  const at = await Promise.all(places.value.map((place) => makeAt(asked, { deps, caller, tenant, place })));
  const isThere = at.some(({ outcome }) => outcome === "there");
  // A crash in between leaves a project that nobody can be given: the same call again makes it so.
  const sets = isThere ? await saveSets(asked, tenant, deps, caller) : ok([]);
  return ok({
    name: asked.name,
    at,
    ...(sets.ok ? { sets: sets.value } : { sets: [], notGivable: sets.refusal.message }),
  });
}

/** The clouds that are meant, or all that is wrong with the wish. */
function placesFor({ name, description, at }: ProjectAsked, all: readonly TenantCloud[]) {
  const wrong: InputError[] = [
    ...(isOpenStackThing(name)
      ? []
      : [
          {
            pointer: "/body/name",
            detail: "letters, digits, dot, dash and underscore are a project's name, at most 64",
          },
        ]),
    ...describes(description),
    ...(at.length === 0 ? [{ pointer: "/body/at", detail: "choose at least one cloud" }] : []),
  ];
  const places = [...new Set(at)].flatMap((cloud, i) => {
    const place = all.find((one) => one.cloud.name === cloud);
    if (place === undefined) wrong.push(errorAt(`/body/at/${i}`, "noDomainThere", {}));
    return place ?? [];
  });
  if (wrong.length > 0) return err({ ...refusal("invalid_input", wrong[0]?.detail ?? ""), errors: wrong });
  const foreign = places.find(({ manages }) => !manages);
  return foreign === undefined ? ok(places) : err(managesNothing(foreign.cloud.name));
}

/** Longest description that is sent. */
const longestDescription = 512;

/** What is wrong with a description. */
export const describes = (description: string): readonly InputError[] =>
  description.length <= longestDescription && !/\p{Cc}/u.test(description)
    ? []
    : [
        {
          pointer: "/body/description",
          detail: `one line of at most ${longestDescription} characters is a description`,
        },
      ];

interface Making {
  readonly deps: ConsoleDeps;
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly place: TenantCloud;
}

async function makeAt(asked: ProjectAsked, making: Making): Promise<MadeAt> {
  const cloud = making.place.cloud.name;
  const { clock, clouds } = making.deps;
  const late = new AbortController();
  const silent = (): MadeAt => ({ cloud, outcome: "no answer" });
  const work = tryAt(asked, making)
    .catch((problem: unknown) => {
      // What the audit does not take is not begun anywhere, and whoever asked is told so.
      if (problem instanceof Fault && problem.dependency !== "audit") return silent();
      throw problem;
    })
    .finally(() => {
      late.abort();
      clouds?.readings.forget(keyOf(making.tenant, making.place));
    });
  return Promise.race([
    work,
    clock.sleep(longestWaitMillis, late.signal).then(() => (late.signal.aborted ? work : silent())),
  ]);
}

async function tryAt(asked: ProjectAsked, { deps, caller, tenant, place }: Making): Promise<MadeAt> {
  const { audit, clouds } = deps;
  const cloud = place.cloud.name;
  if (clouds === undefined) return { cloud, outcome: "no answer" };
  const entered = await clouds.enter(caller, tenant, place);
  if (!entered.ok) return { cloud, outcome: "refused", message: entered.refusal.message };
  const domain = entered.value;
  const before = await domain.named(asked.name);
  if (!before.ok) return { cloud, outcome: "refused", message: cloudsNo(cloud, before.refusal).message };
  if (before.value !== undefined) return found(cloud, asked, before.value);
  const said = { tenant: tenant.name, sub: caller.person.sub, target: cloud, project: asked.name };
  return audit.before(
    [["project.created", said]],
    () => create(cloud, asked, domain),
    ({ outcome, message }) => outcome === "there" || (message ?? "the cloud did not say whether it was done"),
  );
}

async function create(cloud: TargetName, asked: ProjectAsked, domain: OwnDomain): Promise<MadeAt> {
  const { name, description } = asked;
  try {
    const made = await domain.make({ name, description });
    if (made.ok) return found(cloud, asked, made.value);
    if (made.refusal.status !== 409)
      return { cloud, outcome: "refused", message: cloudsNo(cloud, made.refusal).message };
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem;
  }
  // Somebody was faster, or the answer was lost: what is there now says which.
  const now = await domain.named(name).catch(() => undefined);
  return now?.ok && now.value ? found(cloud, asked, now.value) : { cloud, outcome: "no answer" };
}

/** Whether what is there is what was wanted. */
function found(cloud: TargetName, { name, description }: ProjectAsked, there: CloudProject): MadeAt {
  if (there.name === name && there.description === description && there.enabled)
    return { cloud, outcome: "there", project: there.id };
  const how = there.name !== name ? `called ${there.name}` : there.enabled ? "described otherwise" : "disabled";
  return { cloud, outcome: "taken", project: there.id, message: `there is a project of that name, ${how}` };
}
