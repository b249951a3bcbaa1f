import { describe, expect, it } from "vitest";
import { diff, partByRights } from "../../../src/reconcile/diff.ts";
import type { Observed, OwnershipState } from "../../../src/reconcile/index.ts";
import { ownershipOf, sizeOf, withOwnershipChange } from "../../../src/reconcile/ownership-records.ts";
import type { Change, KindRule } from "../../../src/reconcile/resource.ts";

const rule: KindRule = { kind: "right", level: 1, grants: true };
const set = (from: readonly string[], to: readonly string[]): Change => ({ path: ["members"], from, to, set: true });

describe("the changes of something that carries rights", () => {
  it("are parted: what goes of a set, then what comes; the rest gives", () => {
    expect(partByRights([set(["a", "b"], ["b", "c"])], rule)).toEqual({
      taking: [set(["a", "b"], ["b"])],
      giving: [set(["b"], ["b", "c"])],
    });
    expect(partByRights([set(["a", "b"], ["a"])], rule)).toEqual({ taking: [set(["a", "b"], ["a"])], giving: [] });
    expect(partByRights([set(["a"], ["a", "b"])], rule)).toEqual({ taking: [], giving: [set(["a"], ["a", "b"])] });
    expect(partByRights([set(["a"], [])], rule)).toEqual({ taking: [set(["a"], [])], giving: [] });
    const list: Change = { path: ["list"], from: ["a"], to: [] };
    const text: Change = { path: ["role"], from: "a", to: "b" };
    const made: Change = { path: ["members"], to: ["a"], set: true };
    expect(partByRights([list, text, made], rule)).toEqual({ taking: [], giving: [list, text, made] });
  });

  it("take something away where their kind says so, whatever they are", () => {
    const enabled = { ...rule, takesAway: ({ path, to }: Change) => path[0] === "enabled" && to === false };
    const off: Change = { path: ["enabled"], from: true, to: false };
    const on: Change = { path: ["enabled"], from: false, to: true };
    expect(partByRights([off, on, set([], ["a"])], enabled)).toEqual({ taking: [off], giving: [on, set([], ["a"])] });
  });
});

it("items of a list are one by their name; those without one are compared as they are", () => {
  const named: KindRule = { kind: "thing", level: 1, lists: { parts: { by: "name" } } };
  const changes = (to: unknown[], from: unknown[]) =>
    diff(
      { kind: "thing", key: "k", fields: { parts: to as never } },
      { kind: "thing", key: "k", owned: true, fields: { parts: from as never } },
      named,
    );
  expect(changes([{ name: "a", x: 1 }], [{ name: "a", x: 1, more: 2 }])).toEqual([]);
  expect(
    changes(
      [{ name: "a", x: 1 }, { x: 2 }],
      [
        { x: 2, more: 3 },
        { name: "a", x: 1 },
      ],
    ),
  ).toEqual([]);
  expect(changes(["a", { name: "b" }], [{ name: "b", more: 1 }, "a"])).toEqual([]);
  expect(changes([{ name: "a", x: 1 }], [{ name: "b", x: 1 }])).toHaveLength(1);
  expect(changes([{ name: "a", x: 1 }], ["a"])).toHaveLength(1);
});

const named = (key: string) => ({ kind: "note", key });
const made = (key: string, id?: string) => ({ ...named(key), ...(id !== undefined && { id }), how: "made" as const });
const adopted = (key: string, id?: string) => ({ ...made(key, id), how: "adopted" as const });
const there = (key: string, id?: string): Observed => ({
  ...named(key),
  ...(id !== undefined && { id }),
  owned: false,
  fields: {},
});
const intent = (key: string) => ({ ...named(key), action: "create" as const });

describe("a change of the ownership records", () => {
  const start: OwnershipState = {
    entries: [made("b", "1"), adopted("c", "2")],
    intents: [intent("d"), intent("e")],
    written: [{ ...named("f"), paths: [["x"]] }],
  };

  it("ends an intent by a record, forgets both, and keeps one order", () => {
    expect(withOwnershipChange(start, { record: [made("d", "3"), made("a"), adopted("b", "4")] })).toEqual({
      entries: [made("a"), adopted("b", "4"), adopted("c", "2"), made("d", "3")],
      intents: [intent("e")],
      written: start.written,
    });
    expect(withOwnershipChange(start, { forget: [named("c"), named("e"), named("nothing")] })).toEqual({
      entries: [made("b", "1")],
      intents: [intent("d")],
      written: start.written,
    });
    expect(withOwnershipChange(start, { intend: [intent("e"), intent("a"), intent("b")] })).toEqual({
      ...start,
      intents: [intent("a"), intent("b"), intent("d"), intent("e")],
    });
  });

  it("replaces what was written, and drops it when there is nothing left", () => {
    const wrote = {
      wrote: [
        { ...named("f"), paths: [["y"], ["z"]] },
        { ...named("a"), paths: [["x"]] },
      ],
    };
    expect(withOwnershipChange(start, wrote).written).toEqual([wrote.wrote[1], wrote.wrote[0]]);
    const none = withOwnershipChange(start, { wrote: [{ ...named("f"), paths: [] }] });
    expect(none).toEqual({ entries: start.entries, intents: start.intents });
    expect(withOwnershipChange(none, {})).toEqual(none);
  });

  it("done twice has the effect of doing it once", () => {
    for (const change of [{ record: [made("d")] }, { forget: [named("b")] }, { intend: [intent("a")] }]) {
      const once = withOwnershipChange(start, change);
      expect(withOwnershipChange(once, change)).toEqual(once);
    }
  });

  it("is as large as what it touches", () => {
    expect(sizeOf({})).toBe(0);
    expect(sizeOf({ intend: [intent("a")], record: [made("b"), made("c")], forget: [named("d")], wrote: [] })).toBe(4);
    expect(sizeOf({ wrote: [{ ...named("f"), paths: [] }] })).toBe(1);
  });
});

describe("the records against what is there", () => {
  const read = (state: Partial<OwnershipState>, ...observed: Observed[]) => {
    const { owns, adopted: isAdopted, repairs } = ownershipOf({ entries: [], intents: [], ...state }, observed);
    return {
      owned: observed.filter(owns).map(({ key }) => key),
      adopted: observed.filter(isAdopted).map(({ key }) => key),
      repairs,
    };
  };
  const calm = { record: [], forget: [] };

  it("an object is ours by its record and its id, and adopted where the record says so", () => {
    const state = { entries: [made("a", "1"), adopted("b", "2")] };
    expect(read(state, there("a", "1"), there("b", "2"), there("c", "3"))).toEqual({
      owned: ["a", "b"],
      adopted: ["b"],
      repairs: calm,
    });
  });

  it("one that was made again under the name is not ours, and its record goes", () => {
    expect(read({ entries: [made("a", "1")] }, there("a", "2"))).toMatchObject({
      owned: [],
      repairs: { record: [], forget: [named("a")] },
    });
    expect(read({ entries: [made("a", "1")] })).toMatchObject({ repairs: { record: [], forget: [named("a")] } });
  });

  it("a record without an id is believed, and learns it", () => {
    expect(read({ entries: [adopted("a")] }, there("a", "1"))).toEqual({
      owned: ["a"],
      adopted: ["a"],
      repairs: { record: [adopted("a", "1")], forget: [] },
    });
    expect(read({ entries: [made("a")] }, there("a"))).toMatchObject({ owned: ["a"], repairs: calm });
    expect(read({ entries: [made("a", "1")] }, there("a"))).toMatchObject({ owned: ["a"], repairs: calm });
  });

  it("what an interrupted run meant to make is ours if it is there, and forgotten if not", () => {
    expect(read({ intents: [intent("a"), intent("b")] }, there("a", "1"))).toEqual({
      owned: ["a"],
      adopted: [],
      repairs: { record: [made("a", "1")], forget: [named("b")] },
    });
    // The run died between the intent to make it anew and the record of that.
    expect(read({ intents: [intent("a")], entries: [adopted("a", "0")] }, there("a", "1"))).toMatchObject({
      owned: ["a"],
      repairs: { record: [made("a", "1")], forget: [] },
    });
  });
});
