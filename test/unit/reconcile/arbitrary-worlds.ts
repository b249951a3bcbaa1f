import fc from "fast-check";
import { identityOf, type Key, type Observed, type Resource } from "../../../src/reconcile/index.ts";

const leaf = fc.oneof(fc.constantFrom("u", "v", "w"), fc.integer({ min: 0, max: 2 }), fc.boolean());
const members = fc.array(fc.constantFrom("p", "q", "r", "s"), { maxLength: 4 });
const fieldsOf: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  settings: fc.record({ x: leaf }, { requiredKeys: [] }),
  thing: fc.record(
    {
      x: fc.option(leaf, { nil: null }),
      shape: fc.constantFrom("round", "flat"),
      tags: members,
      steps: members,
      config: fc.record({ y: leaf, z: fc.option(leaf, { nil: null }) }, { requiredKeys: [] }),
      parts: fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c"), size: leaf }), {
        selector: (p) => p.name,
        maxLength: 3,
      }),
    },
    { requiredKeys: [] },
  ),
  flow: fc.record({ steps: members }),
  right: fc.record({ members, note: leaf }, { requiredKeys: ["members"] }),
  note: fc.record({ x: leaf }, { requiredKeys: [] }),
  chapter: fc.record({ x: leaf }, { requiredKeys: [] }),
  archive: fc.record({ x: leaf }, { requiredKeys: [] }),
};
/** Keys of one name, and of two that would look alike if they were joined. */
const keysOf: Record<string, fc.Arbitrary<Key>> = {
  note: fc.constantFrom<Key>(["a", "b c"], ["a b", "c"], ["a", "c"]),
  right: fc.constantFrom<Key>({ path: ["a/b", "c"] }, { path: ["a", "b/c"] }, { path: ["a"] }),
};
const someKind = fc.constantFrom(...Object.keys(fieldsOf));
const someResource = someKind.chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    key: keysOf[kind] ?? fc.constantFrom<Key>("a", "b", "c", "d"),
    fields: fieldsOf[kind] ?? fc.constant({}),
    // Only towards things, so that there is no cycle.
    dependsOn:
      kind === "thing" ? fc.constant([]) : fc.array(fc.constant({ kind: "thing", key: "c" }), { maxLength: 1 }),
  }),
) as fc.Arbitrary<Resource>;

/** What a file may want. */
export const desiredState = fc.uniqueArray(someResource, { selector: identityOf, maxLength: 10 });

/** What may be there; a `note` carries no marker, so none is ours before a record says so. */
export const observedState = fc.uniqueArray(
  fc.tuple(someResource, fc.boolean()).map(([r, owned]): Observed => ({ ...r, owned: owned && r.kind !== "note" })),
  { selector: identityOf, maxLength: 10 },
);

/** A world in which nothing foreign is in the way of what is wanted. */
export const peaceful = fc
  .tuple(desiredState, observedState)
  .map(([desired, observed]): [readonly Resource[], readonly Observed[]] => {
    const wanted = new Set(desired.map(identityOf));
    return [
      desired,
      observed
        .filter((o) => o.kind !== "note" || !wanted.has(identityOf(o)))
        .map((o) => (wanted.has(identityOf(o)) ? { ...o, owned: true } : o)),
    ];
  });
