import { Bug } from "../core/index.ts";
import { diff } from "./diff.ts";
import { type Draft, planGone, planWanted } from "./draft.ts";
import type { Driver } from "./driver.ts";
import { foreseen } from "./foreseen.ts";
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
  type PlainMap,
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
  const all = seen.observed.map((o) => (o.owned || !ownership.owns(o) ? o : { ...o, owned: true }));
  const { observed, twins } = toldApart(all);
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  refuseTwins(seen.desired);
  const unsaid: Unsaid = { ruleOf, options, ownership, written: records.written };
  const whole = withUnsaid(seen.desired, observed, unsaid);
  const at: Draft = { ruleOf, options, ownership, twins, mayAdopt: driver.ownership !== undefined };
  const wanted = planWanted(whole, there, at);
  const gone = planGone(whole, observed, at);
  const steps = [...gone.revoke, ...wanted.revoke, ...wanted.build, ...gone.clean].flatMap((steps, wave) =>
    steps.map((step): Step => ({ ...step, wave })),
  );
  const plan: Plan = {
    version: 1,
    driver: driver.name,
    desired: digest([
      seen.desired
        .filter(({ implied }) => implied !== true)
        .map(comparable)
        .sort(),
      options?.manage ?? {},
      (options?.ignore ?? []).map((it) => ({ ...it, ...named(it) })),
      ...(options?.absent?.length ? [options.absent.map(identityOf).sort()] : []),
    ]),
    observed: ground(whole, gone.objects, there, ruleOf),
    steps,
    conflicts: [...overdue(options), ...wanted.conflicts, ...foreseen(whole, observed, gone.going, steps, ruleOf)],
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
    const ground =
      o.comesWith === undefined ? [sorted(withoutOwn(o, ruleOf(o))), o.fingerprints] : [identityOf(o.comesWith)];
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

/** The fields without what the product goes on writing by itself. */
function withoutOwn({ fields }: Observed, { productsOwn = {} }: KindRule): PlainMap {
  const left = Object.entries(productsOwn).flatMap(([member, isOwn]) => {
    const map = fields[member];
    if (!isMap(map)) return [];
    return [[member, Object.fromEntries(Object.entries(map).filter(([name]) => !isOwn(name)))] as const];
  });
  return { ...fields, ...Object.fromEntries(left) };
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

/**
 * What stands there, each under a name of its own. A product that takes two of one name, by hands other than ours, is no
 * fault: ours is the one that is meant; where that tells no two apart, neither is touched.
 */
function toldApart(all: readonly Observed[]): { readonly observed: readonly Observed[]; readonly twins: Set<string> } {
  const twins = new Set<string>();
  const observed = [...Map.groupBy(all, identityOf)].flatMap(([id, alike]) => {
    const ours = alike.filter((o) => o.owned);
    if (alike.length > 1 && ours.length !== 1) twins.add(id);
    return (ours.length === 1 ? ours : alike).slice(0, 1);
  });
  return { observed, twins };
}

function refuseTwins(desired: readonly Resource[]): void {
  const seen = new Set<string>();
  for (const id of desired.map(identityOf)) {
    if (seen.has(id)) throw new Bug(`two desired resources are called "${id}"`);
    seen.add(id);
  }
}
