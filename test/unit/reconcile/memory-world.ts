import { Fault } from "../../../src/core/index.ts";
import {
  type Driver,
  formatKey,
  type Identity,
  identityOf,
  type Key,
  type KindRule,
  memoryLease,
  memoryOwnership,
  type Observed,
  type OwnershipState,
  type Plain,
  type PlainMap,
  type Resource,
} from "../../../src/reconcile/index.ts";

/** What one write did, in the words of rights: what it gave and took, and what all held afterwards. */
export interface Written {
  readonly verb: "create" | "update" | "replace" | "remove";
  readonly id: string;
  readonly gave: readonly string[];
  readonly took: readonly string[];
  readonly held: readonly string[];
}

/**
 * The kinds of the test worlds: settings that always exist, plain objects, objects that carry rights, notes that have no
 * room for a marker, chapters of one document, flows that are replaced blue-green, archives that stay.
 */
export const kinds: readonly KindRule[] = [
  { kind: "settings", level: 0, shared: true },
  { kind: "thing", level: 1, lists: { tags: "set", parts: { by: "name" } }, immutable: ["shape"] },
  { kind: "flow", level: 1, immutable: ["steps"], replace: "blue-green" },
  { kind: "right", level: 2, grants: true, lists: { members: "set" } },
  { kind: "note", level: 2, recorded: true },
  { kind: "chapter", level: 2, document: "book" },
  { kind: "archive", level: 3, neverDelete: true, irreversible: true },
];
const isShared = (kind: string) => kinds.some((rule) => rule.kind === kind && rule.shared);
const hasMarker = (kind: string) => !kinds.some((rule) => rule.kind === kind && rule.recorded);

interface Failure {
  readonly write: number;
  readonly effect: "before" | "after";
  /** The process is gone: nothing is sent afterwards. Else the one write fails. */
  readonly dies: boolean;
}

/** A product kept in memory, with a full record of what was written and made to fail at will. */
export function memoryWorld(start: readonly Observed[] = [], ownershipStart?: OwnershipState) {
  const there = new Map<string, Observed>(start.map((o, n) => [identityOf(o), { id: `start-${n}`, ...o }]));
  const written: Written[] = [];
  const ownership = memoryOwnership(ownershipStart);
  const lease = memoryLease();
  let failure: Failure | undefined;
  let [writes, ids, inFlight, mostInFlight] = [0, 0, 0, 0];
  const busy: string[][] = [];

  /** One request that changes something. */
  const request = async (verb: string, effect: () => void | Promise<void>): Promise<void> => {
    const now = writes++;
    if (failure?.dies && now > failure.write) throw new Fault("memory", verb);
    const fails = failure?.write === now;
    if (fails && failure?.effect === "before") throw new Fault("memory", verb);
    await effect();
    if (fails) throw new Fault("memory", verb);
  };
  const write = async (verb: Written["verb"], it: Identity, after: () => Observed | undefined) => {
    const id = identityOf(it);
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    busy.push([...(busy.at(-1) ?? []), id]);
    try {
      // As on a real server, some time passes before a request takes effect.
      await Promise.resolve();
      await request(verb, () => {
        const [had, next] = [rightsOf(there.get(id)), after()];
        const has = rightsOf(next);
        if (next === undefined) there.delete(id);
        else there.set(id, next);
        const gave = has.filter((r) => !had.includes(r));
        written.push({ verb, id, gave, took: had.filter((r) => !has.includes(r)), held: heldIn(there) });
      });
    } finally {
      inFlight--;
      busy.push((busy.at(-1) ?? []).filter((other) => other !== id));
    }
  };
  const fingerprints = (resource: Resource) =>
    Object.fromEntries(Object.entries(resource.secrets ?? {}).map(([n, s]) => [n, s.fingerprint ?? ""]));
  const made = (resource: Resource, before?: Observed): Observed => ({
    kind: resource.kind,
    key: resource.key,
    id: before?.id ?? `made-${ids++}`,
    fields: merged(before?.fields ?? {}, resource.fields),
    fingerprints: fingerprints(resource),
    // What belongs to everybody is not marked when it is changed.
    owned: isShared(resource.kind) ? (before?.owned ?? true) : hasMarker(resource.kind),
  });
  const driver: Driver = {
    name: "memory",
    kinds,
    ownership: {
      read: ownership.read,
      change: (change) => request("write the ownership records", () => ownership.change(change)),
    },
    lease: {
      hold: async (note, now) => {
        await request("hold the lease", async () => void (await lease.hold(note, now)));
        return lease.held() ?? note;
      },
      release: (run) => request("release the lease", () => lease.release(run)),
    },
    read: async (desired, scope) =>
      [...there.values()].filter(
        (o) =>
          o.owned ||
          !hasMarker(o.kind) ||
          scope?.all.includes(o.kind) ||
          [...desired, ...(scope?.absent ?? [])].some((d) => identityOf(d) === identityOf(o)),
      ),
    create: async (resource) => {
      if (there.has(identityOf(resource))) throw new Fault("memory", "create", { message: "exists", refused: true });
      await write("create", resource, () => made(resource));
    },
    update: (resource, observed) => write("update", resource, () => made(resource, observed)),
    replace: (resource) => write("replace", resource, () => made(resource)),
    remove: (observed) => write("remove", observed, () => undefined),
  };
  return {
    driver,
    written,
    busy,
    lease,
    ownership: ownership.read,
    writes: () => writes,
    mostInFlight: () => mostInFlight,
    there: () => [...there.values()],
    get: (kind: string, key: Key) => there.get(identityOf({ kind, key })),
    put: (o: Observed) => there.set(identityOf(o), o),
    drop: (it: Identity) => there.delete(identityOf(it)),
    failAt: (write: number, effect: "before" | "after" = "before") => {
      failure = { write: writes + write, effect, dies: false };
    },
    dieAt: (write: number, effect: "before" | "after") => {
      failure = { write: writes + write, effect, dies: true };
    },
    heal: () => {
      failure = undefined;
    },
  };
}

const heldIn = (there: ReadonlyMap<string, Observed>): string[] => [...there.values()].flatMap(rightsOf);

/** Each member of each right, as text. */
export function rightsOf(o: Observed | undefined): string[] {
  if (o?.kind !== "right") return [];
  const members = o.fields["members"];
  const key = formatKey(o.key);
  return [`${key}: exists`, ...(Array.isArray(members) ? members.map((m) => `${key}: ${String(m)}`) : [])];
}

function merged(old: PlainMap, fresh: PlainMap): PlainMap {
  const out: Record<string, Plain> = { ...old };
  for (const [name, value] of Object.entries(fresh)) {
    if (value === null) delete out[name];
    else if (isMap(value)) out[name] = merged(isMap(out[name]) ? out[name] : {}, value);
    else out[name] = value;
  }
  return out;
}

const isMap = (value: Plain | undefined): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);
