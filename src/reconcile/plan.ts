import { Bug } from "../core/index.ts";
import { diff, partByRights } from "./diff.ts";
import { inOrder } from "./order.ts";
import { canonical, compareText, digest, isList, isMap } from "./plain.ts";
import {
  type Change,
  type Driver,
  type Identity,
  identityOf,
  type KindRule,
  type Observed,
  type Plain,
  type Resource,
} from "./resource.ts";

/** When a step is done: rights that go, then what is built, then what is cleared away. */
export type Phase = "revoke" | "build" | "clean";

/** One thing to do. A step that only takes rights away may be followed by a second one on the same resource. */
export interface Step extends Identity {
  readonly action: "create" | "update" | "delete";
  readonly phase: Phase;
  /** Sorted by path. Empty for a delete. */
  readonly changes: readonly Change[];
  readonly irreversible?: true;
}

/** Something wanted that cannot be had, and why, as the end of a sentence that begins with its name. */
export interface Conflict extends Identity {
  readonly because: string;
}

/** What will be done, and on what ground. Plain data: may be written to a file and be shown to anyone who may see the settings. */
export interface Plan {
  readonly version: 1;
  /** Name of the driver it was made with. */
  readonly driver: string;
  /** Digest of the desired state. */
  readonly desired: string;
  /** Digest of each observed thing the plan rests on, by identity; `absent` for what must not exist yet. */
  readonly observed: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Wanted, but in the way of something that we may not touch. A plan with conflicts cannot be applied. */
  readonly conflicts: readonly Conflict[];
  /** Ours and no longer wanted, but of a kind that is never deleted. */
  readonly kept: readonly Identity[];
  /** How many wanted resources are already as they should be. */
  readonly unchanged: number;
}

/** Reads the world and makes a plan. Throws the driver's `Fault` when the world cannot be read. */
export async function makePlan(driver: Driver, desired: readonly Resource[]): Promise<Plan> {
  return planFrom(driver, desired, await driver.read(desired));
}

/** The pure middle of `makePlan`. */
export function planFrom(
  driver: Pick<Driver, "name" | "kinds">,
  desired: readonly Resource[],
  observed: readonly Observed[],
): Plan {
  const rules = new Map(driver.kinds.map((rule) => [rule.kind, rule]));
  const ruleOf = (it: Identity): KindRule => {
    const rule = rules.get(it.kind);
    if (rule === undefined) throw new Bug(`${driver.name} has no rule for the kind "${it.kind}"`);
    return rule;
  };
  const wanted = byIdentity(desired, "desired");
  const there = byIdentity(observed, "observed");
  const built = inOrder(desired, ruleOf);
  const draft: Draft = { revoke: [], build: [], conflicts: [], unchanged: 0 };
  for (const resource of built) {
    planOne(resource, there.get(identityOf(resource)), ruleOf(resource), draft);
  }
  const gone = inOrder(
    observed.filter((o) => o.owned && !wanted.has(identityOf(o))),
    ruleOf,
  ).reverse();
  const deleted = gone.filter((o) => !ruleOf(o).neverDelete);
  const steps = [
    ...deleted.filter((o) => ruleOf(o).grants).map((o) => removal(o, "revoke", ruleOf(o))),
    ...draft.revoke,
    ...draft.build,
    ...deleted.filter((o) => !ruleOf(o).grants).map((o) => removal(o, "clean", ruleOf(o))),
  ];
  return {
    version: 1,
    driver: driver.name,
    desired: digest(built.map(comparable).sort()),
    observed: ground(built, gone, there, ruleOf),
    steps,
    conflicts: draft.conflicts,
    kept: gone.filter((o) => ruleOf(o).neverDelete).map(({ kind, key }) => ({ kind, key })),
    unchanged: draft.unchanged,
  };
}

interface Draft {
  readonly revoke: Step[];
  readonly build: Step[];
  readonly conflicts: Conflict[];
  unchanged: number;
}

function planOne(resource: Resource, observed: Observed | undefined, rule: KindRule, draft: Draft): void {
  const { kind, key } = resource;
  if (observed === undefined) {
    draft.build.push({ action: "create", phase: "build", kind, key, changes: diff(resource, undefined, rule) });
    return;
  }
  if (!observed.owned && !rule.adopt) {
    draft.conflicts.push({ kind, key, because: "exists and was not made by us" });
    return;
  }
  const changes = diff(resource, observed, rule);
  if (changes.length === 0) {
    draft.unchanged++;
  } else if (changes.some((c) => rule.immutable?.includes(c.path[0] ?? ""))) {
    if (!observed.owned || rule.neverDelete) {
      const because = `would have to be replaced, which ${rule.neverDelete ? "its kind forbids" : "we may not: we did not make it"}`;
      draft.conflicts.push({ kind, key, because });
      return;
    }
    (rule.grants ? draft.revoke : draft.build).push(removal(observed, rule.grants ? "revoke" : "build", rule));
    draft.build.push({ action: "create", phase: "build", kind, key, changes: diff(resource, undefined, rule) });
  } else {
    const { taking, giving } = rule.grants ? partByRights(changes, rule) : { taking: [], giving: changes };
    if (taking.length > 0) draft.revoke.push({ action: "update", phase: "revoke", kind, key, changes: taking });
    if (giving.length > 0) draft.build.push({ action: "update", phase: "build", kind, key, changes: giving });
  }
}

const removal = ({ kind, key }: Identity, phase: Phase, rule: KindRule): Step => ({
  action: "delete",
  phase,
  kind,
  key,
  changes: [],
  ...(rule.irreversible && { irreversible: true }),
});

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
  const digests = gone.map((o) => [identityOf(o), digest([sorted(o.fields), o.fingerprints])] as const);
  const other = wanted.map((resource) => {
    const o = there.get(identityOf(resource));
    return [identityOf(resource), o ? digest([o.owned, diff(resource, o, ruleOf(o))]) : "absent"] as const;
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
const comparable = ({ kind, key, fields, secrets, dependsOn }: Resource): string =>
  canonical({
    kind,
    key,
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
