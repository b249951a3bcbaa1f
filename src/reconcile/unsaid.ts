import { diffValue } from "./diff.ts";
import { type PlanOptions, pruneOf } from "./ownership.ts";
import type { Ownership, OwnershipChange, OwnershipState, Written } from "./ownership-records.ts";
import { canonical, isMap, withValue } from "./plain.ts";
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
import type { Step } from "./steps.ts";

type Path = readonly string[];

/** What is needed to say what the files leave unsaid. */
export interface Unsaid {
  readonly ruleOf: (it: Identity) => KindRule;
  readonly options: PlanOptions | undefined;
  readonly ownership: Ownership;
  readonly written: OwnershipState["written"];
}

/** True for what the files say all of: what we made, and what always exists in a place that is ours. */
const isWhole = (o: Observed, rule: KindRule, ownership: Ownership): boolean =>
  o.whole ?? (o.owned && !rule.shared && !ownership.adopted(o));

/**
 * The wanted resources with what they leave unsaid, as far as it is not as a new object has it: of an object of ours
 * everything, of what belongs to everybody what we once wrote there, also when nothing of it is wanted any more. So the
 * same files lead to the same state, whatever they said before.
 */
export function withUnsaid(
  desired: readonly Resource[],
  observed: readonly Observed[],
  { ruleOf, options, ownership, written = [] }: Unsaid,
): readonly Resource[] {
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const wrote = new Map(written.map((w) => [identityOf(w), w.paths]));
  const ignored = Map.groupBy(options?.ignore ?? [], identityOf);
  const filled = (resource: Resource): Resource => {
    const o = there.get(identityOf(resource));
    const rule = ruleOf(resource);
    if (o === undefined || rule.unsaid === undefined) return resource;
    const noted = wrote.get(identityOf(o)) ?? [];
    const asked = isWhole(o, rule, ownership) ? [[]] : noted;
    if (asked.length === 0) return resource;
    const secrets = Object.entries(resource.secrets ?? {}).map(([name, { at = [name] }]) => at);
    const apart = [...secrets, ...(resource.apart ?? []), ...(ignored.get(identityOf(o)) ?? []).map((i) => i.path)];
    // What we wrote under names that a new object does not have was not there before.
    const unsaid = noted.reduce(
      (map, path) => (isDeclared(map, path) ? map : withValue(map, path, undefined)),
      rule.unsaid(o, resource.fields),
    );
    return { ...resource, fields: fillMap(resource.fields, unsaid, o.fields, [], { rule, asked, apart }) };
  };
  const wanted = new Set(desired.map(identityOf));
  // What is ours and may be deleted goes as a whole.
  const goes = (o: Observed) => o.owned && !ruleOf(o).neverDelete;
  const left = observed.filter(
    (o) => ruleOf(o).shared && !goes(o) && !wanted.has(identityOf(o)) && pruneOf(o, options) !== "never",
  );
  const takenBack = left
    .map(({ kind, key }) => filled({ kind, key, fields: {} }))
    .filter(({ fields }) => Object.keys(fields).length > 0);
  return [...desired.map(filled), ...(options?.leaving ? [] : takenBack)];
}

interface Fill {
  readonly rule: KindRule;
  /** Where what is unsaid is looked at; the empty path is everywhere. */
  readonly asked: readonly Path[];
  /** What is said elsewhere (secrets), or is not looked at. */
  readonly apart: readonly Path[];
}

function fillMap(said: PlainMap, unsaid: PlainMap, seen: PlainMap, at: Path, fill: Fill): PlainMap {
  const more = Object.entries(unsaid).flatMap(([name, value]): [string, Plain][] => {
    const filled = fillValue(
      Object.hasOwn(said, name) ? said[name] : undefined,
      value,
      seen[name],
      [...at, name],
      fill,
    );
    return filled === undefined ? [] : [[name, filled]];
  });
  return more.length === 0 ? said : { ...said, ...Object.fromEntries(more) };
}

/** What a member shall be, if that is more than what is said. */
function fillValue(
  said: Plain | undefined,
  unsaid: Plain,
  seen: Plain | undefined,
  path: Path,
  fill: Fill,
): Plain | undefined {
  if (fill.apart.some((one) => begins(path, one))) return undefined;
  const there = seen ?? undefined;
  const mayMiss = fill.rule.present?.(path) === true;
  if (isMap(unsaid) && (isMap(there) || (there === undefined && !mayMiss)) && (said === undefined || isMap(said))) {
    const filled = fillMap(said ?? {}, unsaid, there ?? {}, path, fill);
    return filled === said || Object.keys(filled).length === 0 ? undefined : filled;
  }
  // What is not observed is as nobody said it: an older product does not know every member.
  if (said !== undefined || (there === undefined && !mayMiss)) return undefined;
  if (!fill.asked.some((one) => begins(path, one) || begins(one, path))) return undefined;
  return diffValue(unsaid, there, path, fill.rule).length === 0 ? undefined : unsaid;
}

const begins = (path: Path, beginning: Path): boolean => beginning.every((name, i) => path[i] === name);

/** What is to be noted before a wave writes into what belongs to everybody. */
export function notedAhead(wave: readonly Step[], there: ReadonlyMap<string, Observed>, at: Unsaid): Written[] {
  const known = new Map((at.written ?? []).map((w) => [identityOf(w), w.paths]));
  return wave.flatMap((step) => {
    const o = there.get(identityOf(step));
    const rule = at.ruleOf(step);
    if (
      step.action !== "update" ||
      o === undefined ||
      o.comesWith !== undefined ||
      !rule.shared ||
      rule.unsaid === undefined
    )
      return [];
    if (isWhole(o, rule, at.ownership)) return [];
    const before = known.get(identityOf(step)) ?? [];
    const paths = distinct([...before, ...step.changes.map(({ path }) => path)]);
    return paths.length === before.length ? [] : [{ ...named(step), paths }];
  });
}

/**
 * The notes when the world is as wanted: what is not said any more has gone back, and is over. Where the files say all,
 * only what stands under names of nobody's choosing must be remembered.
 */
export function notedAtTheEnd(
  desired: readonly Resource[],
  observed: readonly Observed[],
  { ruleOf, ownership, written = [] }: Unsaid,
): OwnershipChange {
  const wanted = new Map(desired.map((r) => [identityOf(r), r]));
  const known = new Map(written.map((w) => [identityOf(w), w]));
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const all = new Map<string, Identity>([
    ...known,
    ...[...wanted].filter(([, r]) => ruleOf(r).shared && ruleOf(r).unsaid),
  ]);
  const wrote = [...all].flatMap(([id, it]): Written[] => {
    const fields = wanted.get(id)?.fields ?? {};
    const [before, o] = [known.get(id)?.paths ?? [], there.get(id)];
    const rule = ruleOf(it);
    const whole = o !== undefined && rule.unsaid !== undefined && isWhole(o, rule, ownership);
    const paths = whole
      ? pathsBeyond(fields, rule.unsaid?.(o, fields) ?? {}, [])
      : before.filter((path) => isDeclared(fields, path));
    return canonical(paths) === canonical(before) ? [] : [{ ...named(it), paths }];
  });
  return wrote.length === 0 ? {} : { wrote };
}

/** Where values stand that are not unset, under names that `known` does not hold. */
const pathsBeyond = (map: PlainMap, known: PlainMap, at: Path): Path[] =>
  Object.entries(map).flatMap(([name, value]) => {
    const [path, below] = [[...at, name], known[name]];
    if (isMap(value)) return pathsBeyond(value, isMap(below) ? below : {}, path);
    return value === null || Object.hasOwn(known, name) ? [] : [path];
  });

const isDeclared = (map: PlainMap, [name = "", ...rest]: Path): boolean => {
  if (!Object.hasOwn(map, name)) return false;
  const inner = map[name];
  return rest.length === 0 || !isMap(inner) || isDeclared(inner, rest);
};

const distinct = (paths: readonly Path[]): Path[] => [...new Map(paths.map((p) => [canonical(p), p])).values()];
