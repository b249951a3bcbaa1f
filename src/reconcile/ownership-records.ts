import { formatKey, formatKeyOf010 } from "./key.ts";
import { compareText } from "./plain.ts";
import { type Identity, identityOf, type Named, named, type Observed } from "./resource.ts";

/** That an object is ours, for kinds without room for a marker; and, for any kind, that we took it over. */
interface OwnershipRecord extends Named {
  /** The product's own id: an object that somebody deleted and made again under the same name is not ours any more. */
  readonly id?: string;
  /** `made`: by us. `adopted`: it was there before; never deleted. */
  readonly how: "made" | "adopted";
}

/** Write-ahead: we are about to create this. What then stands under the name is ours, even if we died meanwhile. */
interface Intent extends Named {
  readonly action: "create";
}

/** Fields that we wrote into something that belongs to everybody: what the files no longer say of them is taken back. */
export interface Written extends Named {
  readonly paths: readonly (readonly string[])[];
}

/** All ownership records and intents. Identities are unique within each list. */
export interface OwnershipState {
  readonly entries: readonly OwnershipRecord[];
  readonly intents: readonly Intent[];
  /** Absent: nothing. */
  readonly written?: readonly Written[];
}

/** One atomic change. Doing it twice has the effect of doing it once. */
export interface OwnershipChange {
  readonly intend?: readonly Intent[];
  /** Replaces an entry and ends an intent of the same identity. */
  readonly record?: readonly OwnershipRecord[];
  /** Removes entry and intent. */
  readonly forget?: readonly Named[];
  /** Replaces what is noted of the same identity; without paths it goes. */
  readonly wrote?: readonly Written[];
}

/** Where the driver keeps the ownership records, in the product itself. Both throw `Fault`. */
export interface OwnershipStore {
  /** Of a product that has none yet: empty. */
  read(): Promise<OwnershipState>;
  /** Returns only when the change would survive a crash. Never called while steps are under way. */
  change(change: OwnershipChange): Promise<void>;
}

/** The state after a change, in a fixed order; for ownership stores. */
export function withOwnershipChange(contents: OwnershipState, change: OwnershipChange): OwnershipState {
  const recorded = new Set((change.record ?? []).map(identityOf));
  const gone = new Set((change.forget ?? []).map(identityOf));
  const intended = new Set((change.intend ?? []).map(identityOf));
  const wrote = new Set((change.wrote ?? []).map(identityOf));
  const written = ordered([
    ...(contents.written ?? []).filter((w) => !wrote.has(identityOf(w))),
    ...(change.wrote ?? []).filter(({ paths }) => paths.length > 0),
  ]);
  return {
    ...(written.length > 0 && { written }),
    entries: ordered([
      ...contents.entries.filter((e) => !recorded.has(identityOf(e)) && !gone.has(identityOf(e))),
      ...(change.record ?? []),
    ]),
    intents: ordered([
      ...contents.intents.filter((i) => ![recorded, gone, intended].some((set) => set.has(identityOf(i)))),
      ...(change.intend ?? []),
    ]),
  };
}

const ordered = <T extends Named>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => compareText(identityOf(a), identityOf(b)));

/** What a plan knows of ownership: the records read against what is there. */
export interface Ownership {
  /** Ours by a record. */
  owns(observed: Observed): boolean;
  /** Ours, but there before us. */
  adopted(it: Identity): boolean;
  /** A text of release 0.1.0 that may mean this object or another: no ground for deleting it. */
  unclear(observed: Observed): string | undefined;
  /** What an interrupted run left to be put right: intents to end, entries of objects that are gone, texts of 0.1.0. */
  readonly repairs: OwnershipChange;
}

/** Reads the ownership records against the world. */
export function ownershipOf({ entries, intents }: OwnershipState, observed: readonly Observed[]): Ownership {
  const find = finderOf(observed);
  const intended = new Set(intents.map(identityOf));
  const isTrue = (e: OwnershipRecord) => isSame(e, find.one(e));
  const recordOf = new Map(entries.map((e) => [identityOf(find.one(e) ?? e), e]));
  const unclear = new Set([...entries, ...intents].flatMap((it) => find.unclear(it)).map(identityOf));
  const made = intents.flatMap((i) => find.one(i) ?? []);
  return {
    owns: (o) => {
      const record = recordOf.get(identityOf(o));
      return intended.has(identityOf(o)) || (record !== undefined && isTrue(record));
    },
    adopted: (it) => recordOf.get(identityOf(it))?.how === "adopted",
    unclear: (o) => (unclear.has(identityOf(o)) ? formatKeyOf010(o.key) : undefined),
    repairs: {
      record: [
        ...made.map((o) => recordFor(o, "made")),
        // Made by a run that died before it knew the id, or recorded under its text of release 0.1.0.
        ...entries.flatMap((e) => {
          const o = find.one(e);
          if (o === undefined || !isTrue(e) || intended.has(identityOf(e))) return [];
          const moved = identityOf(o) !== identityOf(e);
          return moved || (e.id === undefined && o.id !== undefined) ? [recordFor(o, e.how)] : [];
        }),
      ],
      forget: [...intents, ...entries]
        .filter((it) => {
          if (find.unclear(it).length > 0) return false;
          const o = find.one(it);
          if (o !== undefined && identityOf(o) !== identityOf(it)) return true;
          return !(intended.has(identityOf(it)) ? o !== undefined : isTrue(it as OwnershipRecord));
        })
        .map(named),
    },
  };
}

const isSame = (record: OwnershipRecord, o: Observed | undefined): boolean =>
  o !== undefined && (record.id === undefined || o.id === undefined || record.id === o.id);

/** Finds what a record speaks of. A text of release 0.1.0 that fits several names is believed with the product's id only. */
function finderOf(observed: readonly Observed[]) {
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const old = Map.groupBy(
    observed.filter((o) => formatKeyOf010(o.key) !== formatKey(o.key)),
    (o) => `${o.kind} ${formatKeyOf010(o.key)}`,
  );
  const one = (it: Named & { readonly id?: string }): Observed | undefined => {
    const byText = there.get(identityOf(it));
    if (byText !== undefined && (it.id === undefined || byText.id === it.id)) return byText;
    return old.get(identityOf(it))?.find((o) => o.id !== undefined && o.id === it.id) ?? byText;
  };
  return {
    one,
    unclear: (it: Named & { readonly id?: string }): readonly Observed[] =>
      it.id !== undefined || there.has(identityOf(it)) ? [] : (old.get(identityOf(it)) ?? []),
  };
}

/** The ownership record of an observed object. */
export const recordFor = (
  { id, ...it }: Identity & { readonly id?: string },
  how: OwnershipRecord["how"],
): OwnershipRecord => ({
  ...named(it),
  ...(id !== undefined && { id }),
  how,
});

/** How many records a change touches. */
export const sizeOf = ({ intend = [], record = [], forget = [], wrote = [] }: OwnershipChange): number =>
  intend.length + record.length + forget.length + wrote.length;

/** An ownership store that lives as long as the process; for tests, and for products that mark every object. */
export function memoryOwnership(start: OwnershipState = { entries: [], intents: [] }): OwnershipStore {
  let contents = start;
  return {
    read: async () => contents,
    change: async (change) => {
      contents = withOwnershipChange(contents, change);
    },
  };
}
