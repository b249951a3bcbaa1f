import { Fault } from "../core/index.ts";
import { type Identity, identityOf, type Observed, type Resource } from "../reconcile/index.ts";
import type { RealmAccess } from "./access.ts";
import { baselineWith, switchesOf } from "./baseline.ts";
import { kindNamed } from "./kinds/index.ts";
import { type Companion, type Remote, type Seen, type Wanted, type World, worldOf } from "./kinds/kind.ts";

/** What a reading is for. */
interface Asked {
  readonly desired: readonly Resource[];
  /** All of a kind is to be seen. */
  readonly all: readonly string[];
  /** True for what is not changed if a person made it. */
  readonly asksWhose: (it: Identity) => boolean;
  /** We made it, by our records: of some kinds only these tell. */
  readonly isOurs: (it: Observed) => boolean;
}

/**
 * What was read, with Keycloak's own marked as such, and what Keycloak will make by itself along with what is wanted: with
 * a realm its clients, scopes, roles and flows; with a client its scopes and its account's roles; with a directory its
 * mappers. Asks Keycloak, by a scratch realm, only where the answer decides something. Throws `Fault`.
 */
export async function withBrought(
  at: RealmAccess,
  observed: readonly Observed<Remote>[],
  asked: Asked,
): Promise<readonly Observed<Remote>[]> {
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const isNew = (o: Observed) => !there.has(identityOf(o));
  const withRealm = (await broughtByRealm(at, asked.desired, there)).filter(isNew);
  for (const o of withRealm) there.set(identityOf(o), o);
  const world = worldOf([...observed, ...withRealm], asked.desired);
  const brought = asked.desired.map((resource) => broughtBy(resource, there.get(identityOf(resource)), world));
  const own = new Set(brought.flatMap(({ own }) => own));
  for (const id of await ownOfRealm(at, observed, asked)) own.add(id);
  return [
    ...observed.map((o) => (own.has(identityOf(o)) ? ({ ...o, builtin: true } as const) : o)),
    ...withRealm.filter(({ kind }) => kind !== "realm"),
    ...brought.flatMap(({ coming }) => coming.filter(isNew)),
  ];
}

interface Brought {
  /** Identities of all that belongs to it. */
  readonly own: readonly string[];
  /** What of it will come. */
  readonly coming: readonly Observed<Remote>[];
}

function broughtBy(resource: Resource, seen: Observed<Remote> | undefined, world: World): Brought {
  const brings = kindNamed(resource.kind)?.brings;
  if (brings === undefined) return { own: [], coming: [] };
  const whole = brings({ ...resource, fields: { ...seen?.fields, ...resource.fields } } as Wanted, world);
  const before = new Set((seen === undefined ? [] : brings(seen as Seen, world)).map(identityOf));
  return {
    own: whole.filter(({ goes }) => goes !== true).map(identityOf),
    coming: whole.filter((o) => !before.has(identityOf(o))).map((o) => predicted(o, resource)),
  };
}

const predicted = (
  {
    kind,
    key,
    fields,
    goes,
    dependsOn = [],
  }: Pick<Observed, "kind" | "key" | "fields" | "dependsOn"> & Pick<Companion, "goes">,
  { kind: parentKind, key: parentKey }: Identity,
): Observed<Remote> => ({
  ...{ kind, key, fields, dependsOn, comesWith: { kind: parentKind, key: parentKey } },
  ...(goes === true ? { owned: true } : { owned: false, builtin: true }),
});

/** What comes with the realm itself, which is among it, and with a feature of it that is switched on. */
async function broughtByRealm(
  at: RealmAccess,
  desired: readonly Resource[],
  there: ReadonlyMap<string, Observed>,
): Promise<readonly Observed<Remote>[]> {
  const realm = desired.find(({ kind }) => kind === "realm");
  if (realm === undefined) return [];
  const seen = there.get(identityOf(realm));
  const switches = switchesOf({ ...seen?.fields, ...realm.fields });
  const before = new Set(seen === undefined ? [] : switchesOf(seen.fields));
  if (seen !== undefined && switches.every((one) => before.has(one))) return [];
  const old = seen === undefined ? [] : await baselineWith(at, [...before]);
  const known = new Set(old.map(identityOf));
  return (await baselineWith(at, switches)).filter((o) => !known.has(identityOf(o))).map((o) => predicted(o, realm));
}

/** Which of these every realm has; asked only where it decides what may be changed or deleted. */
async function ownOfRealm(
  at: RealmAccess,
  observed: readonly Observed[],
  { desired, all, asksWhose, isOurs }: Asked,
): Promise<readonly string[]> {
  const realm = observed.find(({ kind }) => kind === "realm");
  const doubted = new Set(observed.filter((o) => !o.owned && !isOurs(o)).map(identityOf));
  const isDoubted = (r: Resource) =>
    doubted.has(identityOf(r)) && asksWhose(r) && kindNamed(r.kind)?.rule.shared !== true;
  if (realm === undefined || (all.length === 0 && !desired.some(isDoubted))) return [];
  try {
    return (await baselineWith(at, switchesOf(realm.fields))).map(identityOf);
  } catch (thrown) {
    // An account that may not make realms: then what it did not make stays a conflict, as for anybody's.
    if (all.length === 0 && thrown instanceof Fault && thrown.refused) return [];
    throw thrown;
  }
}
