import { type Instant, isoTime } from "../core/index.ts";
import type { ReadScope } from "./driver.ts";
import { covers } from "./key.ts";
import { isMap } from "./plain.ts";
import {
  type Identity,
  identityOf,
  type KindRule,
  type Named,
  named,
  type Observed,
  type PlainMap,
  type Resource,
} from "./resource.ts";

/**
 * Whose the objects of a kind are. `own` (the default): only what we made is changed or deleted; a wanted object that
 * somebody else made is a conflict. `adopt`: such a one is taken over, and never deleted. `exclusive`: the files are the
 * only truth; what they do not name is deleted, whoever made it. `ignore`: the kind is not looked at.
 */
export type Mode = "own" | "adopt" | "exclusive" | "ignore";

/** Why something wanted cannot be had when somebody else made what stands under its name. */
export const notOurs = "exists and was not made by us";

/** How one kind is kept in a run. */
export interface Manage {
  readonly mode: Mode;
  /** Keys, as text, that the mode is for, with what belongs to them (a client's mappers); the others are `own`. Default: all. */
  readonly only?: readonly string[];
  /** Whether what is no longer wanted is deleted: `yes` (the default), only after its name was typed, or not at all. */
  readonly prune?: "yes" | "confirm" | "never";
}

/** Something that is neither compared nor written, with a reason and, best, an end. */
export interface Ignore extends Identity {
  /** The field, or the name of a secret; empty: the whole object. */
  readonly path: readonly string[];
  readonly because: string;
  /** From then on it is a conflict, so that no exception is forgotten. */
  readonly until?: Instant;
}

/** What a plan is made by, besides the wanted state. */
export interface PlanOptions {
  /** By kind. */
  readonly manage?: Readonly<Record<string, Manage>>;
  readonly ignore?: readonly Ignore[];
  /** What must not be there, whoever made it: the product itself, too. */
  readonly absent?: readonly Identity[];
  /** Ours goes, and nothing is wanted: what always exists stays as it is. */
  readonly leaving?: boolean;
  readonly now: Instant;
}

/** `own` for whatever no rule speaks of. */
export function modeOf({ kind, key }: Identity, options: PlanOptions | undefined): Mode {
  const manage = options?.manage?.[kind];
  if (manage === undefined) return "own";
  const covered = manage.only?.some((name) => covers(name, key)) ?? true;
  return covered ? manage.mode : "own";
}

/** What becomes of an object of ours that is no longer wanted. */
export function pruneOf({ kind }: Identity, options: PlanOptions | undefined): NonNullable<Manage["prune"]> {
  return options?.manage?.[kind]?.prune ?? "yes";
}

/** What a driver must read besides what is ours and what is wanted. */
export const scopeOf = (options: PlanOptions | undefined): ReadScope => ({
  all: Object.entries(options?.manage ?? {})
    .filter(([, { mode }]) => mode === "exclusive")
    .map(([kind]) => kind)
    .sort(),
  absent: options?.absent ?? [],
  asksWhose: (it) => modeOf(it, options) === "own",
});

/** The wanted state and the world, without what this run does not look at. */
export interface Considered {
  readonly desired: readonly Resource[];
  readonly observed: readonly Observed[];
  /** Wanted, but not looked at. */
  readonly ignored: number;
}

/** Leaves out what is ignored: whole kinds, objects, and fields of objects that are there (a new object gets them all). */
export function consider(
  desired: readonly Resource[],
  observed: readonly Observed[],
  options: PlanOptions | undefined,
): Considered {
  const ignore = options?.ignore ?? [];
  const whole = new Set(ignore.filter((i) => i.path.length === 0).map(identityOf));
  const looked = (it: Identity) => modeOf(it, options) !== "ignore" && !whole.has(identityOf(it));
  const there = new Set(observed.map(identityOf));
  const ignored = Map.groupBy(ignore, identityOf);
  const fields = (resource: Resource): Resource => {
    const paths = (ignored.get(identityOf(resource)) ?? []).map((i) => i.path);
    if (paths.length === 0 || !there.has(identityOf(resource))) return resource;
    const fields = paths.reduce(withoutField, resource.fields);
    if (resource.secrets === undefined) return { ...resource, fields };
    const left = Object.entries(resource.secrets).filter(
      ([name, { at = [name] }]) => !paths.some((p) => p.every((part, i) => at[i] === part)),
    );
    return { ...resource, fields, secrets: Object.fromEntries(left) };
  };
  const kept = desired.filter(looked);
  const made = new Set(kept.map(identityOf));
  // What comes with something that is not looked at does not come.
  const comes = ({ comesWith }: Observed) => comesWith === undefined || made.has(identityOf(comesWith));
  return {
    desired: kept.map(fields),
    observed: observed.filter((o) => looked(o) && comes(o)),
    ignored: desired.length - kept.length,
  };
}

function withoutField(map: PlainMap, [first, ...rest]: readonly string[]): PlainMap {
  if (first === undefined || !Object.hasOwn(map, first)) return map;
  const { [first]: inner, ...others } = map;
  if (rest.length === 0) return others;
  return isMap(inner) ? { ...others, [first]: withoutField(inner, rest) } : map;
}

/** Exceptions that have outlived their end, with the words for a conflict. */
export const overdue = (options: PlanOptions | undefined): (Named & { readonly because: string })[] =>
  (options?.ignore ?? []).flatMap(({ path, until, ...it }) => {
    if (until === undefined || options === undefined || until > options.now) return [];
    const what = path.length === 0 ? "is ignored" : `is ignored at ${path.join(".")}`;
    return [{ ...named(it), because: `${what} until ${isoTime(until)}, which is over: renew that or remove it` }];
  });

/** Why an object of ours that is no longer wanted stays; `undefined`: it goes. */
export function staysBecause(
  observed: Observed,
  rule: KindRule,
  options: PlanOptions | undefined,
  adopted: boolean,
): string | undefined {
  if (observed.stays !== undefined) return observed.stays;
  if (rule.neverDelete) return "this kind is never deleted";
  if (observed.builtin) return "it comes with the product";
  if (pruneOf(observed, options) === "never") return "it is protected";
  if (adopted && modeOf(observed, options) !== "exclusive") return "we took it over, and did not make it";
  return undefined;
}
