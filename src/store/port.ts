import type { Instant, Person, Seconds } from "../core/index.ts";
import type { LookingTag, Tag } from "./tag.ts";

/**
 * A kind of record. Only the listed fields are kept, whatever an object carries besides (S-54), and what is read back
 * is of the asked kind or absent. `state`, if there is one, is what `advance` compares. Values are JSON: a field that
 * is `undefined` is not kept, a list stays a list, a number is exact up to 2^53.
 */
export interface Kind<T extends object> {
  /** Lower case letters, digits and dashes. */
  readonly name: string;
  readonly fields: readonly string[];
  /**
   * Kept when the epoch changes: for what is never used up, and whose owner can tell an older one by itself. Has no tag but
   * one for looking (`LookingTag`), and is never made beside another record. Costs of it last as it does.
   */
  readonly lasting?: boolean;
  /** Fields that stand otherwise in the stored text than in the value; all others stand as they are (decision 0064). */
  readonly stored?: StoredFields<T>;
  /**
   * Whose record it is. It is not there while this person may not be in (S-35). Absent, or answering `undefined`: nobody's,
   * or one that must be seen all the same.
   */
  subject?(value: T): Subject | undefined;
  /** Never present: lets the compiler tell kinds apart. */
  readonly holds?: T;
}

/** The person whom a record hangs on, and the moment it began, if it lasts. */
interface Subject {
  readonly person: Person;
  readonly began?: Instant;
}

/**
 * How a field's value is written into the stored text and read from it. `read` throws when the text is of no form that it
 * knows: the record is then refused with a `Fault`, and not taken for something else.
 */
export interface StoredForm<V> {
  write(value: V): unknown;
  read(stored: unknown): V;
}

/** The name and the form under which a field stands in the stored text; absent: as in the value. */
export interface StoredField<V> {
  readonly name?: string;
  readonly form?: StoredForm<V>;
}

/** By the field's name in the value. `state` is compared by the store itself and always stands as it is. */
type StoredFields<T extends object> = {
  readonly [F in Exclude<keyof T & string, "state">]?: StoredField<Exclude<T[F], undefined>>;
};

/** True for a record with a field that holds a person. */
type HoldsPerson<T> = true extends { [F in keyof T]-?: NonNullable<T[F]> extends Person ? true : false }[keyof T]
  ? true
  : false;

type More<T extends object> = Pick<Kind<T>, "lasting" | "stored"> &
  (HoldsPerson<T> extends true ? Required<Pick<Kind<T>, "subject">> : Pick<Kind<T>, "subject">);

/**
 * Declares a kind of record: `defineKind<Flow>()("flow", ["state", …])`.
 * Every field of `T` must be listed, and a record that holds a person must say whose it is.
 */
export const defineKind =
  <T extends object>() =>
  <const F extends readonly (keyof T & string)[]>(
    name: string,
    fields: F & ([keyof T & string] extends [F[number]] ? unknown : never),
    ...[more]: HoldsPerson<T> extends true ? [more: More<T>] : [more?: More<T>]
  ): Kind<T> => ({ name, fields, ...more });

/** How a record is kept. */
export interface Keeping {
  /** Gone after this. There is no record without an end. */
  readonly ttl: Seconds;
  /**
   * Further ids of the same kind that lead to the record (`resolve`) as long as it lives; taken together with the id or
   * not at all. Ids and aliases are two name spaces.
   */
  readonly aliases?: readonly string[];
  /** The revocation of any of them ends the record. */
  readonly tags?: readonly (Tag | LookingTag)[];
}

/**
 * A record to be made in the same atomic step as an `advance`. Write `const next: Creation<Refresh> = …` to have the
 * value checked against its kind.
 */
export interface Creation<T extends object = object> extends Keeping {
  readonly kind: Kind<T>;
  readonly id: string;
  readonly value: T;
}

/**
 * What became of a `put`: `exists` = id or alias taken, `revoked` = a tag of it was revoked before, `refused` = one of
 * the budgets that it costs a unit of has none left.
 */
export type PutOutcome = "created" | "exists" | "revoked" | "refused";

/** One unit of a budget, for a key. */
export interface Cost {
  readonly budget: Budget;
  readonly key: string;
}

/** What became of an `advance`. */
export type Advance<T> =
  | { readonly outcome: "won"; readonly value: T }
  | { readonly outcome: "stale"; readonly current: T }
  | { readonly outcome: "absent" };

/**
 * A budget of `limit` units in any `window`: a sliding window, so no boundary lets twice the limit through. A unit comes
 * back when the window after it has passed, at most a sixtieth of the window later.
 */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  readonly window: Seconds;
}

/** What became of a `spend`: nothing is spent unless all of it is granted. To spend 0 units is to look. */
export interface Spending {
  readonly granted: boolean;
  readonly left: number;
  /** Seconds until the budget is whole again if nothing more is spent. */
  readonly resetsIn: Seconds;
}

/** What a `visit` found, and what became of its unit. */
export interface Visit<T> {
  readonly value: T;
  readonly spending: Spending;
}

/**
 * The one place where running state lives. Verbs of the problem, each one atomic step; ids are keyed hashes made by the
 * caller, never the secrets themselves (S-22): printable ASCII without blanks, at most 256 characters. A method throws
 * `Fault` when the store cannot answer, or cannot say whether it acted: fail closed. It throws `Bug` for malformed ids,
 * lifetimes and budgets.
 */
export interface Store {
  /**
   * Creates a record, and spends what it costs in the same step, a unit of each budget or none; changes nothing unless the
   * answer is `created`.
   */
  put<T extends object>(
    kind: Kind<T>,
    id: string,
    value: NoInfer<T>,
    keeping: Keeping,
    costs?: readonly Cost[],
  ): Promise<PutOutcome>;
  /** Reads a record. */
  get<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined>;
  /** Reads a record by one of its aliases. */
  resolve<T extends object>(kind: Kind<T>, alias: string): Promise<{ id: string; value: T } | undefined>;
  /** Reads and removes a record and its aliases; exactly one caller gets it. */
  take<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined>;
  /**
   * Compare-and-set: if the record's `state` is one of `from`, patches it (and makes `create`, all or nothing); the
   * record's end stays unless `ttl` (from now on) is given; whoever wins has the units of `giveBack` given back in the same
   * step: of what is finished rightly, the start costs nothing. A field that is `undefined` in the patch stays as it is.
   * Nothing is changed or created under a revoked tag: then the answer is `absent`. An id or alias in `create` that is
   * taken is a `Bug`, and nothing has changed.
   */
  advance<T extends { readonly state: string }>(
    kind: Kind<T>,
    id: string,
    from: readonly NoInfer<T>["state"][],
    patch: Partial<NoInfer<T>>,
    more?: { readonly ttl?: Seconds; readonly create?: readonly Creation[]; readonly giveBack?: readonly Cost[] },
  ): Promise<Advance<T>>;
  /** True for the first caller within `ttl`: the guard against replay (S-23). */
  once(kind: string, id: string, ttl: Seconds): Promise<boolean>;
  /**
   * Spends `units` (default 1) of a budget for a key, atomically (S-56). Negative units are given back: charge first, so
   * that a burst cannot overrun the budget, and give back what turned out to be free.
   */
  spend(budget: Budget, key: string, units?: number): Promise<Spending>;
  /** Spends a unit of each of several budgets, or none: whether all were granted. With `-1` a unit of each is given back. */
  spendAll(costs: readonly Cost[], units?: 1 | -1): Promise<boolean>;
  /**
   * Reads a record and spends one unit of a budget under its id, in one step; `undefined`, and nothing spent, when the
   * record is absent. What a poll does: one step and not two.
   */
  visit<T extends object>(kind: Kind<T>, id: string, budget: Budget): Promise<Visit<T> | undefined>;
  /**
   * Ends every record with the tag and refuses new ones for `ttl`, which must outlast whoever may still bring one (a
   * longer earlier refusal stays). Answers how many it ended.
   */
  revoke(tag: Tag, ttl: Seconds): Promise<number>;
  /**
   * The records of one kind with a tag, what ends first comes first. For showing what there is; who must act on it
   * uses `revoke`, which misses nothing that is made meanwhile.
   */
  list<T extends object>(kind: Kind<T>, tag: Tag | LookingTag): Promise<readonly { id: string; value: T }[]>;
  /**
   * Changes when the store may have lost writes (S-65). Of an older epoch nothing is found any more but lasting kinds: no
   * record, replay guard, budget or revoked tag. For telling somebody; who uses the store need not ask.
   */
  epoch(): Promise<string>;
  /** Throws `Fault` when the store does not answer. */
  ping(): Promise<void>;
  /** Lets go of connections and timers; every later call throws `Fault`. */
  close(): Promise<void>;
}
