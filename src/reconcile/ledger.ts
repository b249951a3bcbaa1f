import { compareText } from "./plain.ts";
import { type Identity, identityOf, type Observed } from "./resource.ts";

/** That an object is ours, for kinds without room for a marker; and, for any kind, that we took it over. */
export interface LedgerEntry extends Identity {
  /** The product's own id: an object that somebody deleted and made again under the same name is not ours any more. */
  readonly id?: string;
  /** `made`: by us. `adopted`: it was there before; never deleted. */
  readonly how: "made" | "adopted";
}

/** Write-ahead note: we are about to create this. What then stands under the name is ours, even if we died meanwhile. */
export interface Intent extends Identity {
  readonly action: "create";
}

/** All that the ledger holds. Identities are unique within each list. */
export interface LedgerContents {
  readonly entries: readonly LedgerEntry[];
  readonly intents: readonly Intent[];
}

/** One atomic change. Doing it twice has the effect of doing it once. */
export interface LedgerChange {
  readonly intend?: readonly Intent[];
  /** Replaces an entry and ends an intent of the same identity. */
  readonly note?: readonly LedgerEntry[];
  /** Removes entry and intent. */
  readonly forget?: readonly Identity[];
}

/** Where the driver keeps the ledger, in the product itself. Both throw `Fault`. */
export interface Ledger {
  /** Of a product that has none yet: empty. */
  read(): Promise<LedgerContents>;
  /** Returns only when the change would survive a crash. Never called while steps are under way. */
  change(change: LedgerChange): Promise<void>;
}

/** The contents after a change, in a fixed order; for stores of the ledger. */
export function withLedgerChange(contents: LedgerContents, change: LedgerChange): LedgerContents {
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

/** What a plan knows of ownership: the ledger read against what is there. */
export interface Holdings {
  /** Ours by the ledger. */
  owns(observed: Observed): boolean;
  /** Ours, but there before us. */
  adopted(it: Identity): boolean;
  /** What an interrupted run left to be put right: intents to end, entries of objects that are gone. */
  readonly repairs: LedgerChange;
}

/** Reads a ledger against the world. */
export function holdingsOf({ entries, intents }: LedgerContents, observed: readonly Observed[]): Holdings {
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const entryOf = new Map(entries.map((e) => [identityOf(e), e]));
  const intended = new Set(intents.map(identityOf));
  const isTrue = (e: LedgerEntry) => {
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
        ...found.map((o) => entryFor(o, "made")),
        // Made by a run that died before it knew the id.
        ...entries.flatMap((e) => {
          const o = there.get(identityOf(e));
          return e.id === undefined && o?.id !== undefined && !intended.has(identityOf(e)) ? [entryFor(o, e.how)] : [];
        }),
      ],
      forget: [...intents, ...entries]
        .filter((it) => !(intended.has(identityOf(it)) ? there.has(identityOf(it)) : isTrue(it as LedgerEntry)))
        .map(({ kind, key }) => ({ kind, key })),
    },
  };
}

/** An observed object as the ledger notes it. */
export const entryFor = (
  { kind, key, id }: Identity & { readonly id?: string },
  how: LedgerEntry["how"],
): LedgerEntry => ({
  kind,
  key,
  ...(id !== undefined && { id }),
  how,
});

/** How many notes a change touches. */
export const sizeOf = ({ intend = [], note = [], forget = [] }: LedgerChange): number =>
  intend.length + note.length + forget.length;

/** A ledger that lives as long as the process; for tests, and for products that mark every object. */
export function memoryLedger(start: LedgerContents = { entries: [], intents: [] }): Ledger {
  let contents = start;
  return {
    read: async () => contents,
    change: async (change) => {
      contents = withLedgerChange(contents, change);
    },
  };
}
