import { formatKey, identityOf, type Observed, type Resource } from "../reconcile/index.ts";
import type { RealmAccess } from "./access.ts";
import { withHeld } from "./held-secrets.ts";
import type { RealmIdentity } from "./identity.ts";
import { kinds } from "./kinds/index.ts";
import { isMarked, type Kind, type Remote, type Wanted } from "./kinds/kind.ts";
import { type Part, readExport, readSnapshot, type Snapshot } from "./snapshot.ts";
import { type RealmState, stateIn } from "./state.ts";

/**
 * What is in a realm, as the engine wants it: of each kind in `all` everything, of the others at least what is wanted and
 * what is ours; with what we keep there about it. Nothing, when there is no such realm. Throws `Fault`.
 */
export async function readRealm(
  at: RealmAccess,
  desired: readonly Resource[],
  all: ReadonlySet<string>,
): Promise<{ readonly state: RealmState; readonly observed: readonly Observed<Remote>[] }> {
  const realm = await readExport(at);
  const state = stateIn(realm ?? {});
  if (realm === undefined) return { state, observed: [] };
  const ours = isMarked(realm["attributes"]);
  const asked = kinds.filter((kind) => isAsked(kind, desired, all, state) || isEverywhere(kind, ours, state));
  const parts = new Set(asked.flatMap((kind): readonly Part[] => kind.parts));
  const snapshot = await readSnapshot(at, realm, state, { parts, wanted: desired, all });
  return { state, observed: observedIn(snapshot, asked, desired) };
}

/** Everything in a realm, read once and seen as often as one likes. */
export interface ReadRealm {
  readonly state: RealmState;
  /** What is there, in the light of what is wanted. */
  readonly observe: (desired: readonly Resource[]) => readonly Observed<Remote>[];
}

/** Reads all of a realm; `undefined` when there is none. Throws `Fault`. */
export async function readWhole(at: RealmAccess): Promise<ReadRealm | undefined> {
  const realm = await readExport(at);
  if (realm === undefined) return undefined;
  const state = stateIn(realm);
  const parts = new Set(kinds.flatMap((kind): readonly Part[] => kind.parts));
  const all = new Set(kinds.map((kind) => kind.rule.kind));
  const snapshot = await readSnapshot(at, realm, state, { parts, wanted: [], all });
  return { state, observe: (desired) => observedIn(snapshot, kinds, desired) };
}

function observedIn(snapshot: Snapshot, asked: readonly Kind[], desired: readonly Resource[]): Observed<Remote>[] {
  const named = new Map(desired.map((r) => [identityOf(r), r]));
  const wants = (it: RealmIdentity) => named.get(identityOf(it));
  return asked.flatMap((kind) => {
    const own = desired.filter((r) => r.kind === kind.rule.kind) as readonly Wanted[];
    const wanted = new Map(own.map((r) => [formatKey(r.key), r]));
    return kind
      .observe({ snapshot, wanted, wants })
      .map((o) => withHeld(o, wanted.get(formatKey(o.key)), snapshot.state, kind.rule));
  });
}

/** Kinds that nobody wants and of which nothing of ours can be there are not looked at: some cost many requests. */
function isAsked(kind: Kind, desired: readonly Resource[], all: ReadonlySet<string>, state: RealmState): boolean {
  const { kind: name, recorded } = kind.rule;
  const isSought = (one: string) => all.has(one) || desired.some((r) => r.kind === one);
  if (isSought(name) || (kind.beside !== undefined && isSought(kind.beside))) return true;
  if (recorded && [...state.ownership.entries, ...state.ownership.intents].some((e) => e.kind === name)) return true;
  // Without notes nothing is known: somebody may have cleared them.
  return state.places === undefined || state.places.includes(name) || kind.parts.length === 0;
}

/** Kinds that always exist, where the file says all of them, or we wrote into them once: what it does not say goes back. */
const isEverywhere = ({ rule }: Kind, ours: boolean, { ownership }: RealmState): boolean =>
  rule.shared === true &&
  rule.unsaid !== undefined &&
  (ours || (ownership.written ?? []).some(({ kind }) => kind === rule.kind));
