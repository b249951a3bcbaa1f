import { holdsPrivateKey } from "../core/index.ts";
import { asSet, canonical, compareText, isList, isMap, without } from "./plain.ts";
import type { Change, KindRule, ListRule, Observed, Plain, PlainMap, Resource } from "./resource.ts";

/** What must change so that `observed` (nothing: a creation) fulfils `desired`. Undeclared fields are not looked at. */
export function diff(desired: Resource, observed: Observed | undefined, rule: KindRule): Change[] {
  return [
    ...diffMap(desired.fields, observed?.fields ?? {}, [], rule).map((change) => withheld(change, rule)),
    ...Object.entries(desired.secrets ?? {})
      .filter(([name, secret]) => {
        if (observed === undefined) return true;
        const held = observed.holds?.[name];
        if (held !== undefined) return !held;
        return secret.fingerprint !== undefined && secret.fingerprint !== observed.fingerprints?.[name];
      })
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, { at }]): Change => ({ path: at ?? [name], secret: true })),
  ];
}

/** A change without its values, where one of them is a secret or holds one: a plan may be shown to anyone (S-81). */
function withheld(change: Change, { hides = () => false }: KindRule): Change {
  const isSecret = change.path.some(hides) || holds(change.from, hides) || holds(change.to, hides);
  return isSecret ? { path: change.path, secret: true } : change;
}

function holds(value: Plain | undefined, hides: (name: string) => boolean): boolean {
  if (isList(value)) return value.some((item) => holds(item, hides));
  if (isMap(value)) return Object.entries(value).some(([name, inner]) => hides(name) || holds(inner, hides));
  return typeof value === "string" && holdsPrivateKey(value);
}

function diffMap(desired: PlainMap, observed: PlainMap, at: readonly string[], rule: KindRule): Change[] {
  const names = Object.keys(desired).sort();
  return names.flatMap((name) => {
    const path = [...at, name];
    const own = Object.hasOwn(observed, name) ? observed[name] : undefined;
    return diffValue(desired[name] ?? null, own ?? undefined, path, rule);
  });
}

/** How one value differs; empty: it does not. */
export function diffValue(
  desired: Plain,
  observed: Plain | undefined,
  path: readonly string[],
  rule: KindRule,
): Change[] {
  if (desired === null) return observed === undefined ? [] : [{ path, from: inOneOrder(observed, path, rule) }];
  if (desired === observed) return [];
  if (isMap(desired) && observed === undefined && rule.present?.(path)) return [{ path, to: desired }];
  // A map in the place of another kind of value is a change of the whole; of a missing one, of each declared name.
  if (isMap(desired) && (observed === undefined || isMap(observed)))
    return diffMap(desired, observed ?? {}, path, rule);
  if (isList(desired)) return diffList(desired, observed, path, listRuleAt(path, rule));
  return canonical(desired) === canonical(observed ?? null) ? [] : [change(path, observed, desired)];
}

/** What was read, its lists in one order where the product answers them in any: a plan is the same for each answer. */
function inOneOrder(value: Plain, path: readonly string[], rule: KindRule): Plain {
  if (isList(value)) return listRuleAt(path, rule) === "ordered" ? value : asSet(value);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, inOneOrder(inner, [...path, name], rule)]),
  );
}

const listRuleAt = (path: readonly string[], { lists }: KindRule): ListRule =>
  lists?.[path.join(".")] ?? lists?.[[...path.slice(0, -1), "*"].join(".")] ?? "ordered";

function diffList(
  desired: readonly Plain[],
  observed: Plain | undefined,
  path: readonly string[],
  how: ListRule,
): Change[] {
  if (observed !== undefined && !isList(observed)) return [change(path, observed, desired)];
  if (how === "unordered" && canonical(asSet(observed ?? [])) === canonical(asSet(desired))) return [];
  // A list that is not there and an empty one are the same to every product we know.
  const [from, to] = normalised(observed ?? [], desired, how);
  if (canonical(from) === canonical(to)) return [];
  if (how === "unordered") return [change(path, observed && asSet(observed), to)];
  if (how === "ordered") return [change(path, observed, to)];
  return [{ path, from, to, set: true }];
}

/** Both lists in the form in which they are compared. */
function normalised(
  observed: readonly Plain[],
  desired: readonly Plain[],
  how: ListRule,
): [readonly Plain[], readonly Plain[]] {
  if (how === "ordered" || how === "unordered") return [observed, desired];
  if (how === "set") return [asSet(observed), asSet(desired)];
  const nameOf = (item: Plain) => canonical(isMap(item) ? (item[how.by] ?? null) : item);
  const wanted = new Map(desired.map((item) => [nameOf(item), item]));
  const narrowed = observed.map((item) => {
    const like = wanted.get(nameOf(item));
    if (!isMap(item) || !isMap(like)) return item;
    return Object.fromEntries(Object.entries(item).filter(([name]) => Object.hasOwn(like, name)));
  });
  return [asSet(narrowed), asSet(desired)];
}

const change = (path: readonly string[], from: Plain | undefined, to: Plain): Change =>
  from === undefined ? { path, to } : { path, from, to };

/** The changes of an update, parted into those that only take rights away and the rest. A mixed set is cut in two. */
export function partByRights(changes: readonly Change[], rule: KindRule): { taking: Change[]; giving: Change[] } {
  const parts = { taking: [] as Change[], giving: [] as Change[] };
  for (const c of changes) {
    if (rule.takesAway?.(c)) parts.taking.push(c);
    else if (c.set && isList(c.from) && isList(c.to)) {
      const gone = without(c.from, c.to);
      const come = without(c.to, c.from);
      const stay = without(c.from, gone);
      if (gone.length > 0) parts.taking.push({ ...c, to: stay });
      if (come.length > 0) parts.giving.push({ ...c, from: stay });
    } else parts.giving.push(c);
  }
  return parts;
}
