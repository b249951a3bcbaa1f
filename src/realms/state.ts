import { Fault } from "../core/index.ts";
import {
  formatKey,
  formatKeyOf010,
  type Identity,
  type Key,
  type KeyPart,
  type OwnershipState,
  type OwnershipStore,
  withOwnershipChange,
} from "../reconcile/index.ts";
import { asFields, mapOf, type RealmAccess, type Representation } from "./access.ts";
import { putRealm } from "./realm-put.ts";

/** What we keep in the realm about it, beside the markers on the objects themselves. */
export interface RealmState {
  readonly ownership: OwnershipState;
  /**
   * Where something of ours may be, for whatever needs a request to be seen: a kind, or `placeName` of a kind and where
   * (the parent of a group, the client of a role). Written before the first object of ours is made there.
   */
  readonly places?: readonly string[];
  /** Fingerprints of secrets that Keycloak masks, where the object has no room for them: by kind, key and field. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** Beginning of the names of the realm attributes that hold the state, in pieces. */
const statePrefix = "cloudpass.ledger.";

/** Small enough for the attribute columns of every database that Keycloak runs on. */
const pieceLength = 2000;
const nothing: RealmState = { ownership: { entries: [], intents: [] }, fingerprints: {} };

/** The state in the attributes of a realm. What cannot be read counts as nothing known, so that nothing is taken for ours. */
export function stateIn(realm: { readonly attributes?: unknown }): RealmState {
  const pieces = piecesIn(realm);
  if (pieces.length === 0) return nothing;
  try {
    return fromStored(JSON.parse(pieces.join("")) as StoredState);
  } catch {
    return nothing;
  }
}

/** The state as the attributes hold it since release 0.1.0. */
interface StoredState extends Partial<Omit<RealmState, "ownership">> {
  readonly ledger?: OwnershipState;
}

const fromStored = ({ ledger, ...rest }: StoredState): RealmState => ({
  ...nothing,
  ...rest,
  ...(ledger && { ownership: ledger }),
});
const toStored = ({ ownership, ...rest }: RealmState): StoredState => ({ ledger: ownership, ...rest });

function piecesIn(realm: { readonly attributes?: unknown }): string[] {
  const attributes = mapOf(realm.attributes) ?? {};
  const pieces: string[] = [];
  for (;;) {
    const piece = attributes[`${statePrefix}${pieces.length}`];
    if (typeof piece !== "string" || piece === "") return pieces;
    pieces.push(piece);
  }
}

/** Name of a place where objects of a kind may be ours. */
export const placeName = (kind: string, where: Key): string => `${kind} ${formatKey(where)}`;

/** True when something of ours of the kind may be there. */
export function isPlace({ places = [] }: RealmState, kind: string, where: Key): boolean {
  return places.includes(placeName(kind, where)) || places.includes(`${kind} ${formatKeyOf010(where)}`);
}

/** The one place where the state, and with it the attributes of a realm, are written. */
export interface RealmStateStore {
  /** Changes the state; returns when it was read back. A realm that is not there has none, and keeps none. */
  change(change: (state: RealmState) => RealmState): Promise<void>;
  /** Makes settings of the realm true; `attributes` are added to those that are there, `null` takes one away. */
  settle(doing: string, settings: Representation): Promise<void>;
}

/** Opens the state of a realm. */
export function openRealmState(at: RealmAccess): RealmStateStore {
  let last: Promise<unknown> = Promise.resolve();
  // A PUT with attributes replaces all of them: one writer after the other, each with what stands there now.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    change: (change) => inTurn(() => rewrite(at, change)),
    settle: (doing, settings) => inTurn(() => settle(at, doing, settings)),
  };
}

/** The ownership store of the engine, kept in the state. */
export const ownershipIn = (at: RealmAccess, stateStore: RealmStateStore): OwnershipStore => ({
  read: async () => stateIn((await at.settings()) ?? {}).ownership,
  change: (change) =>
    stateStore.change((state) => ({ ...state, ownership: withOwnershipChange(state.ownership, change) })),
});

async function rewrite(at: RealmAccess, change: (state: RealmState) => RealmState): Promise<void> {
  // Somebody who saves the realm in the admin console at the same moment writes back what was there before.
  const doing = `write the state of realm ${at.realm}`;
  for (let attempt = 0; attempt < 4; attempt++) {
    const realm = await at.settings();
    if (realm === undefined) return;
    const before = stateIn(realm);
    const after = change(before);
    const text = JSON.stringify(toStored(after));
    if (JSON.stringify(toStored(before)) === text) return;
    const others = Object.entries(realm.attributes ?? {}).filter(([name]) => !name.startsWith(statePrefix));
    const pieces = Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, i) => [
      `${statePrefix}${i}`,
      text.slice(i * pieceLength, (i + 1) * pieceLength),
    ]);
    const attributes = Object.fromEntries([...others, ...pieces]);
    await putRealm(at, doing, { ...asFields(realm), attributes }, {});
  }
  throw new Fault("keycloak", doing, {
    message: "somebody else keeps writing the realm's attributes. Run it again when they are done",
  });
}

const settle = async (at: RealmAccess, doing: string, settings: Representation): Promise<void> =>
  putRealm(at, doing, asFields((await at.settings()) ?? {}), settings);

/** The fingerprint of a secret field that we noted; also one that release 0.1.0 noted. */
export function fingerprintIn({ fingerprints }: RealmState, it: Identity, field: string): string | undefined {
  const name = fingerprintKey(it, field);
  return fingerprints[formatKey(name)] ?? fingerprints[formatKeyOf010(name)];
}

/** The state with fingerprints of an object's secret fields. */
export function withFingerprints(
  state: RealmState,
  it: Identity,
  written: Readonly<Record<string, string>>,
): RealmState {
  const named = Object.entries(written).map(([field, print]) => [formatKey(fingerprintKey(it, field)), print]);
  return { ...state, fingerprints: { ...state.fingerprints, ...Object.fromEntries(named) } };
}

const fingerprintKey = ({ kind, key }: Identity, field: string): readonly KeyPart[] => [
  kind,
  ...(Array.isArray(key) ? (key as readonly KeyPart[]) : [key as KeyPart]),
  field,
];
