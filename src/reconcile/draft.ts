import { diff, partByRights } from "./diff.ts";
import { modeOf, notOurs, type PlanOptions, pruneOf, staysBecause } from "./ownership.ts";
import type { Ownership } from "./ownership-records.ts";
import { type Identity, identityOf, type KindRule, named, type Observed, type Resource } from "./resource.ts";
import type { Conflict, Kept, Phase, Step } from "./steps.ts";
import { inRanks } from "./waves.ts";

/** What every step is decided by. */
export interface Draft {
  readonly ruleOf: (it: Identity) => KindRule;
  readonly options: PlanOptions | undefined;
  readonly ownership: Ownership;
  /** Names under which several stand that nothing tells apart. */
  readonly twins: ReadonlySet<string>;
  /** The driver can record that something was taken over. */
  readonly mayAdopt: boolean;
}

type Drafted = Omit<Step, "wave">;

/** What one wanted resource needs. */
interface Needs {
  readonly revoke?: Drafted;
  /** The old one goes before the new one comes. */
  readonly removal?: Drafted;
  readonly build?: Drafted;
  readonly because?: string;
}

/** The wanted half of a plan: steps in waves, what cannot be had, how much is as it should be. */
export function planWanted(desired: readonly Resource[], there: ReadonlyMap<string, Observed>, draft: Draft) {
  const revoke: Drafted[][] = [];
  const build: Drafted[][] = [];
  const conflicts: Conflict[] = [];
  let unchanged = 0;
  const after = (resource: Resource): Resource => {
    const parent = there.get(identityOf(resource))?.comesWith;
    return parent === undefined ? resource : { ...resource, dependsOn: [...(resource.dependsOn ?? []), parent] };
  };
  for (const rank of inRanks(desired.map(after), draft.ruleOf)) {
    const needs = rank.map((resource) => needsOf(resource, there.get(identityOf(resource)), draft));
    conflicts.push(
      ...rank.flatMap((resource, i) => {
        const because = needs[i]?.because;
        return because === undefined ? [] : [{ ...named(resource), because }];
      }),
    );
    unchanged += needs.filter((need) => Object.keys(need).length === 0).length;
    revoke.push(needs.flatMap((need) => need.revoke ?? []));
    // A right that is replaced goes with the rights that go.
    revoke.push(needs.flatMap(({ removal }) => (removal?.phase === "revoke" ? removal : [])));
    build.push(needs.flatMap(({ removal }) => (removal?.phase === "build" ? removal : [])));
    build.push(needs.flatMap((need) => need.build ?? []));
  }
  return { revoke: filled(revoke), build: filled(build), conflicts, unchanged };
}

const filled = (waves: readonly Drafted[][]): Drafted[][] => waves.filter((wave) => wave.length > 0);

function needsOf(resource: Resource, observed: Observed | undefined, draft: Draft): Needs {
  const rule = draft.ruleOf(resource);
  if (observed === undefined) return { build: creation(resource, rule) };
  if (draft.twins.has(identityOf(resource)))
    return { because: "is there more than once under this name: rename or remove all but one" };
  const foreign = !observed.owned && !rule.shared;
  // What the product made is nobody's: whoever wants it otherwise says so in a file.
  const mayTake = observed.builtin === true || ["adopt", "exclusive"].includes(modeOf(resource, draft.options));
  const takeOver = foreign && mayTake;
  if (foreign && !takeOver) return { because: notOurs + doubtOf(observed, draft.ownership) };
  if (takeOver && !draft.mayAdopt)
    return { because: "cannot be taken over: there is no ownership record to keep it in" };
  const changes = diff(resource, observed, rule);
  const action = takeOver ? "adopt" : "update";
  // Also of one that is not ours: as long as it is as wanted there is nothing to take over.
  if (changes.length === 0) return {};
  if (changes.some((c) => rule.immutable?.includes(c.path[0] ?? ""))) return replacement(resource, observed, draft);
  const of = named(resource);
  // What is not there yet can be changed only after it has come.
  const parts = rule.grants === true && observed.comesWith === undefined;
  const { taking, giving } = parts ? partByRights(changes, rule) : { taking: [], giving: changes };
  return {
    ...(taking.length > 0 && { revoke: { action, phase: "revoke", ...of, changes: taking } as const }),
    ...(giving.length > 0 && {
      build: { action: taking.length > 0 ? "update" : action, phase: "build", ...of, changes: giving } as const,
    }),
  };
}

/** Words about a record of release 0.1.0 that may mean this object or another. */
function doubtOf(observed: Observed, ownership: Ownership): string {
  const text = ownership.unclear(observed);
  return text === undefined ? "" : ` for sure: release 0.1.0 recorded "${text}", which may be another`;
}

function replacement(resource: Resource, observed: Observed, draft: Draft): Needs {
  const rule = draft.ruleOf(resource);
  if (rule.neverDelete) return { because: "would have to be replaced, which its kind forbids" };
  const mayGo = observed.owned || (observed.builtin === true && rule.replace === undefined);
  if (!mayGo) return { because: "would have to be replaced, which we may not: we did not make it" };
  if (rule.replace === "blue-green") {
    const changes = diff(resource, observed, rule);
    return { build: { action: "replace", phase: "build", ...named(resource), changes } };
  }
  if (draft.ownership.adopted(observed)) return { because: "would have to be replaced, and we only took it over" };
  return {
    removal: { ...removal(observed, rule.grants ? "revoke" : "build", draft), replaced: true },
    build: { ...creation(resource, rule), replaced: true },
  };
}

const creation = (resource: Resource, rule: KindRule): Drafted => ({
  action: "create",
  phase: "build",
  ...named(resource),
  changes: diff(resource, undefined, rule),
});

function removal(it: Observed, phase: Phase, { ruleOf, options }: Draft): Drafted {
  const rule = ruleOf(it);
  // What is not there yet holds nothing that could be lost.
  if (it.comesWith !== undefined) return { action: "delete", phase, ...named(it), changes: [] };
  return {
    action: "delete",
    phase,
    ...named(it),
    changes: [],
    ...(rule.irreversible && { irreversible: true }),
    ...((rule.irreversible || pruneOf(it, options) === "confirm") && { confirm: true }),
  };
}

/** The other half: what is there and no longer wanted, in reverse order of building. */
export function planGone(desired: readonly Resource[], observed: readonly Observed[], draft: Draft) {
  const wanted = new Set(desired.map(identityOf));
  const { ruleOf, options, ownership } = draft;
  const absent = new Set((options?.absent ?? []).map(identityOf));
  const unwanted = observed.filter(
    (o) =>
      !wanted.has(identityOf(o)) &&
      !draft.twins.has(identityOf(o)) &&
      (o.owned || absent.has(identityOf(o)) || (modeOf(o, options) === "exclusive" && !o.builtin && !ruleOf(o).shared)),
  );
  const ranks = inRanks(unwanted, ruleOf).reverse();
  const why = whyIn(
    ranks.flat(),
    observed,
    (o) => (absent.has(identityOf(o)) ? undefined : staysBecause(o, ruleOf(o), options, ownership.adopted(o))),
    ruleOf,
  );
  // What is not there yet goes after it has come.
  const phaseOf = (o: Observed): Phase => (ruleOf(o).grants && o.comesWith === undefined ? "revoke" : "clean");
  const deletions = (phase: Phase) =>
    filled(
      ranks.map((rank) =>
        rank
          .filter((o) => why(o) === undefined && phaseOf(o) === phase)
          .reverse()
          .map((o) => removal(o, phase, draft)),
      ),
    );
  const kept = ranks.flat().flatMap((o): Kept[] => {
    const because = why(o);
    return because === undefined ? [] : [{ ...named(o), because }];
  });
  const examined = new Set(unwanted);
  const doubtful = observed.filter((o) => !wanted.has(identityOf(o)) && !examined.has(o));
  for (const o of doubtful) {
    const doubt = doubtOf(o, ownership);
    if (doubt !== "") kept.push({ ...named(o), because: `it was not made by us${doubt}` });
  }
  const going = ranks.flat().filter((o) => why(o) === undefined);
  return { objects: ranks.flat(), going, revoke: deletions("revoke"), clean: deletions("clean"), kept };
}

/** Why each of what is not wanted stays; what is deleted first comes first. */
function whyIn(
  unwanted: readonly Observed[],
  observed: readonly Observed[],
  ownReason: (o: Observed) => string | undefined,
  ruleOf: Draft["ruleOf"],
): (o: Observed) => string | undefined {
  const examined = new Set(unwanted);
  const reasons = new Map<Observed, string>();
  const within = Map.groupBy(
    observed.flatMap((inner) => (inner.dependsOn ?? []).map((it) => ({ inner, holder: identityOf(it) }))),
    ({ holder }) => holder,
  );
  const held = (o: Observed): string | undefined => {
    if (ruleOf(o).keepsOthers !== true) return undefined;
    const found = within.get(identityOf(o))?.find(({ inner }) => !examined.has(inner) || reasons.has(inner))?.inner;
    if (found === undefined) return undefined;
    return `it holds ${identityOf(found)}, ${examined.has(found) ? "which stays" : "which we did not make"}`;
  };
  for (const o of unwanted) {
    const because = ownReason(o) ?? held(o);
    if (because !== undefined) reasons.set(o, because);
  }
  return (o) => reasons.get(o);
}
