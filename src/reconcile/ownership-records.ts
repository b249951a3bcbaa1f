import { compareText } from "./plain.ts";
import { type Identity, identityOf, type Observed } from "./resource.ts";

/** That an object is ours, for kinds without room for a marker; and, for any kind, that we took it over. */
export interface OwnershipRecord extends Identity {
  /** The product's own id: an object that somebody deleted and made again under the same name is not ours any more. */
  readonly id?: string;
  /** `made`: by us. `adopted`: it was there before; never deleted. */
  readonly how: "made" | "adopted";
}

/** Write-ahead: we are about to create this. What then stands under the name is ours, even if we died meanwhile. */
export interface Intent extends Identity {
  readonly action: "create";
}

/** All ownership records and intents. Identities are unique within each list. */
export interface OwnershipState {
  readonly entries: readonly OwnershipRecord[];
  readonly intents: readonly Intent[];
}

/** One atomic change. Doing it twice has the effect of doing it once. */
export interface OwnershipChange {
  readonly intend?: readonly Intent[];
  /** Replaces an entry and ends an intent of the same identity. */
  readonly note?: readonly OwnershipRecord[];
  /** Removes entry and intent. */
  readonly forget?: readonly Identity[];
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
  const noted = new Set((change.note ?? []).map(identityOf));
  const gone = new Set((change.forget ?? []).map(identityOf));
  const intended = new Set((change.intend ?? []).map(identityOf));
  return {
    entries: ordered([
      ...contents.entries.filter((e) => !noted.has(identityOf(e)) && !gone.has(identityOf(e))),
      ...(change.note ?? []),
    ]),
    intents: ordered([
      ...contents.intents.filter((i) => ![noted, gone, intended].some((set) => set.has(identityOf(i)))),
      ...(change.intend ?? []),
    ]),
  };
}

const ordered = <T extends Identity>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => compareText(identityOf(a), identityOf(b)));

/** What a plan knows of ownership: the records read against what is there. */
export interface Ownership {
  /** Ours by a record. */
  owns(observed: Observed): boolean;
  /** Ours, but there before us. */
  adopted(it: Identity): boolean;
  /** What an interrupted run left to be put right: intents to end, entries of objects that are gone. */
  readonly repairs: OwnershipChange;
}

/** Reads the ownership records against the world. */
export function ownershipOf({ entries, intents }: OwnershipState, observed: readonly Observed[]): Ownership {
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const entryOf = new Map(entries.map((e) => [identityOf(e), e]));
  const intended = new Set(intents.map(identityOf));
  const isTrue = (e: OwnershipRecord) => {
    const o = there.get(identityOf(e));
    return o !== undefined && (e.id === undefined || o.id === undefined || e.id === o.id);
  };
  const found = intents.flatMap((i) => there.get(identityOf(i)) ?? []);
  return {
    owns: (o) => {
      const entry = entryOf.get(identityOf(o));
      return intended.has(identityOf(o)) || (entry !== undefined && isTrue(entry));
    },
    adopted: (it) => entryOf.get(identityOf(it))?.how === "adopted",
    repairs: {
      note: [
        ...found.map((o) => recordFor(o, "made")),
        // Made by a run that died before it knew the id.
        ...entries.flatMap((e) => {
          const o = there.get(identityOf(e));
          return e.id === undefined && o?.id !== undefined && !intended.has(identityOf(e)) ? [recordFor(o, e.how)] : [];
        }),
      ],
      forget: [...intents, ...entries]
        .filter((it) => !(intended.has(identityOf(it)) ? there.has(identityOf(it)) : isTrue(it as OwnershipRecord)))
        .map(({ kind, key }) => ({ kind, key })),
    },
  };
}

/** The ownership record of an observed object. */
export const recordFor = (
  { kind, key, id }: Identity & { readonly id?: string },
  how: OwnershipRecord["how"],
): OwnershipRecord => ({
  kind,
  key,
  ...(id !== undefined && { id }),
  how,
});

/** How many records a change touches. */
export const sizeOf = ({ intend = [], note = [], forget = [] }: OwnershipChange): number =>
  intend.length + note.length + forget.length;

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
