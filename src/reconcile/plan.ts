import { Bug } from "../core/index.ts";
import { diff } from "./diff.ts";
import { type Draft, planGone, planWanted } from "./draft.ts";
import type { Driver } from "./driver.ts";
import { type Considered, consider, overdue, type PlanOptions, scopeOf } from "./ownership.ts";
import { type OwnershipState, ownershipOf, sizeOf } from "./ownership-records.ts";
import { canonical, compareText, digest, isList, isMap } from "./plain.ts";
import {
  type Identity,
  identityOf,
  type KindRule,
  named,
  type Observed,
  type Plain,
  type Resource,
} from "./resource.ts";
import type { Plan, Step } from "./steps.ts";
import { type Unsaid, withUnsaid } from "./unsaid.ts";

/** What a pure plan needs of a driver. */
type Planner = Pick<Driver, "name" | "kinds" | "ownership">;

/** What was read before a plan is made. */
export interface World {
  readonly observed: readonly Observed[];
  readonly ownership?: OwnershipState;
}

/** Reads all that a plan rests on. Throws the driver's `Fault`. */
export async function readWorld(driver: Driver, desired: readonly Resource[], options?: PlanOptions): Promise<World> {
  const [observed, ownership] = await Promise.all([driver.read(desired, scopeOf(options)), driver.ownership?.read()]);
  return { observed, ...(ownership && { ownership }) };
}

/** Reads the world and makes a plan. Throws the driver's `Fault` when the world cannot be read. */
export async function makePlan(driver: Driver, desired: readonly Resource[], options?: PlanOptions): Promise<Plan> {
  return workFrom(driver, desired, await readWorld(driver, desired, options), options).plan;
}

/** The pure middle of `makePlan`. */
export const planFrom = (
  driver: Planner,
  desired: readonly Resource[],
  observed: readonly Observed[],
  options?: PlanOptions,
  ownership?: OwnershipState,
): Plan => workFrom(driver, desired, { observed, ...(ownership && { ownership }) }, options).plan;

/** A plan with what is needed to carry it out. */
export interface Work extends Considered {
  readonly plan: Plan;
  /** What the wanted resources were completed by. */
  readonly unsaid: Unsaid;
  readonly ruleOf: (it: Identity) => KindRule;
}

/** A plan with the resources as this run sees them. */
export function workFrom(
  driver: Planner,
  desired: readonly Resource[],
  world: World,
  options: PlanOptions | undefined,
): Work {
  const ruleOf = rulesOf(driver);
  const records = world.ownership ?? { entries: [], intents: [] };
  const ownership = ownershipOf(records, world.observed);
  const seen = consider(desired, world.observed, options);
  const observed = seen.observed.map((o) => (o.owned || !ownership.owns(o) ? o : { ...o, owned: true }));
  const there = byIdentity(observed, "observed");
  byIdentity(seen.desired, "desired");
  const unsaid: Unsaid = { ruleOf, options, ownership, written: records.written };
  const whole = withUnsaid(seen.desired, observed, unsaid);
  const at: Draft = { ruleOf, options, ownership, mayAdopt: driver.ownership !== undefined };
  const wanted = planWanted(whole, there, at);
  const gone = planGone(whole, observed, at);
  const steps = [...gone.revoke, ...wanted.revoke, ...wanted.build, ...gone.clean].flatMap((steps, wave) =>
    steps.map((step): Step => ({ ...step, wave })),
  );
  const plan: Plan = {
    version: 1,
    driver: driver.name,
    desired: digest([
      seen.desired.map(comparable).sort(),
      options?.manage ?? {},
      (options?.ignore ?? []).map((it) => ({ ...it, ...named(it) })),
      ...(options?.absent?.length ? [options.absent.map(identityOf).sort()] : []),
    ]),
    observed: ground(whole, gone.objects, there, ruleOf),
    steps,
    conflicts: [...overdue(options), ...wanted.conflicts],
    kept: gone.kept,
    unchanged: wanted.unchanged,
    ignored: seen.ignored,
    repairs: sizeOf(ownership.repairs),
  };
  return { plan, unsaid, ruleOf, desired: whole, observed, ignored: seen.ignored };
}

function rulesOf(driver: Planner): (it: Identity) => KindRule {
  const rules = new Map(driver.kinds.map((rule) => [rule.kind, rule]));
  return (it) => {
    const rule = rules.get(it.kind);
    if (rule === undefined) throw new Bug(`${driver.name} has no rule for the kind "${it.kind}"`);
    return rule;
  };
}

/**
 * What the plan rests on: of a wanted thing whose it is and how it differs, of a thing to be removed all of it.
 * What others do to fields we do not declare does not make a plan stale.
 */
function ground(
  wanted: readonly Resource[],
  gone: readonly Observed[],
  there: ReadonlyMap<string, Observed>,
  ruleOf: (it: Identity) => KindRule,
): Record<string, string> {
  const digests = gone.map((o) => {
    // Of what is not there yet nothing is known but with what it comes.
    const ground = o.comesWith === undefined ? [sorted(o.fields), o.fingerprints] : [identityOf(o.comesWith)];
    return [identityOf(o), digest(ground)] as const;
  });
  // Nearly all of a large world is as it should be, and then there are two digests only.
  const alike = { owned: digest([true, []]), foreign: digest([false, []]) };
  const groundOf = (resource: Resource, o: Observed): string => {
    const changes = diff(resource, o, ruleOf(o));
    return changes.length > 0 ? digest([o.owned, changes]) : o.owned ? alike.owned : alike.foreign;
  };
  const other = wanted.map((resource) => {
    const o = there.get(identityOf(resource));
    return [identityOf(resource), o ? groundOf(resource, o) : "absent"] as const;
  });
  return Object.fromEntries([...digests, ...other].sort(([a], [b]) => compareText(a, b)));
}

/** Lists in one order: some products answer them in another order each time. */
function sorted(value: Plain): Plain {
  if (isList(value)) return value.map(sorted).sort((a, b) => compareText(canonical(a), canonical(b)));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
}

/** A resource as text for the digest of the desired state: fingerprints in place of secrets. */
const comparable = ({ fields, secrets, dependsOn, ...it }: Resource): string =>
  canonical({
    ...named(it),
    fields,
    secrets: Object.fromEntries(Object.entries(secrets ?? {}).map(([name, s]) => [name, s.fingerprint ?? null])),
    dependsOn: (dependsOn ?? []).map(identityOf).sort(),
  });

function byIdentity<T extends Identity>(list: readonly T[], what: string): Map<string, T> {
  const map = new Map<string, T>();
  for (const it of list) {
    if (map.has(identityOf(it))) throw new Bug(`two ${what} resources are called "${identityOf(it)}"`);
    map.set(identityOf(it), it);
  }
  return map;
}
