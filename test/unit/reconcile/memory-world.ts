import { Fault } from "../../../src/core/index.ts";
import {
  type Driver,
  type Identity,
  identityOf,
  type KindRule,
  type Observed,
  type Plain,
  type PlainMap,
  type Resource,
} from "../../../src/reconcile/index.ts";

/** What one write did, in the words of rights: how many it gave and took. */
export interface Written {
  readonly verb: "create" | "update" | "remove";
  readonly id: string;
  readonly gave: readonly string[];
  readonly took: readonly string[];
}

/** The kinds of the test worlds: settings that always exist, plain objects, objects that carry rights, archives. */
export const kinds: readonly KindRule[] = [
  { kind: "settings", level: 0, adopt: true },
  { kind: "thing", level: 1, lists: { tags: "set", parts: { by: "name" } }, immutable: ["shape"] },
  { kind: "right", level: 2, grants: true, lists: { members: "set" } },
  { kind: "archive", level: 3, neverDelete: true, irreversible: true },
];

/** A product kept in memory, with a full record of what was written; `failAt` makes the n-th write fail (0-based). */
export function memoryWorld(start: readonly Observed[] = []) {
  const there = new Map<string, Observed>(start.map((o) => [identityOf(o), o]));
  const written: Written[] = [];
  let failAt: { write: number; effect: "before" | "after" } | undefined;
  let writes = 0;

  const write = (verb: Written["verb"], it: Identity, after: Observed | undefined) => {
    const now = writes++;
    if (failAt?.write === now && failAt.effect === "before") throw new Fault("memory", verb);
    const id = identityOf(it);
    const before = there.get(id);
    const [had, has] = [rightsOf(before), rightsOf(after)];
    written.push({ verb, id, gave: has.filter((r) => !had.includes(r)), took: had.filter((r) => !has.includes(r)) });
    if (after === undefined) there.delete(id);
    else there.set(id, after);
    if (failAt?.write === now) throw new Fault("memory", verb);
  };
  const fingerprints = (resource: Resource) =>
    Object.fromEntries(Object.entries(resource.secrets ?? {}).map(([n, s]) => [n, s.fingerprint ?? ""]));
  const driver: Driver = {
    name: "memory",
    kinds,
    read: async () => [...there.values()],
    create: async (resource) => {
      if (there.has(identityOf(resource))) throw new Fault("memory", "create", { says: "exists" });
      const { kind, key } = resource;
      const fields = merged({}, resource.fields);
      write("create", resource, { kind, key, fields, fingerprints: fingerprints(resource), owned: true });
    },
    update: async (resource, observed) => {
      const fields = merged(observed.fields, resource.fields);
      write("update", resource, { ...observed, fields, fingerprints: fingerprints(resource) });
    },
    remove: async (observed) => write("remove", observed, undefined),
  };
  return {
    driver,
    written,
    there: () => [...there.values()],
    get: (kind: string, key: string) => there.get(identityOf({ kind, key })),
    put: (o: Observed) => there.set(identityOf(o), o),
    failAt: (write: number, effect: "before" | "after" = "before") => {
      failAt = { write: writes + write, effect };
    },
    heal: () => {
      failAt = undefined;
    },
  };
}

/** Each member of each right, as text. */
function rightsOf(o: Observed | undefined): string[] {
  if (o?.kind !== "right") return [];
  const members = o.fields["members"];
  return [`${o.key}: exists`, ...(Array.isArray(members) ? members.map((m) => `${o.key}: ${String(m)}`) : [])];
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
