import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conflictsOf, type Entry, reverse } from "../../../src/policy/index.ts";
import {
  applied,
  appliedTo,
  keyOf,
  mustRead,
  possible,
  randomChanges,
  randomFiles,
  randomText,
  valuesOf,
  wantedOf,
} from "./edit-kit.ts";

const only = (text: string) => new Map([["acme.yaml", text]]);
/** Tried with thousands; each costs some hundredths of a second. */
const runs = { numRuns: 40 };
const scope = { tenant: "acme" };

/** Lines of a text without the given entries: with the comments directly above, and those under them further right. */
function linesOutside(text: string, entries: readonly { line: number; lastLine: number }[]): string[] {
  const lines = text.split("\n");
  const left = new Set(lines.keys());
  for (const { line, lastLine } of entries) {
    for (let at = line - 1; at < lastLine; at++) left.delete(at);
    for (let at = line - 2; /^\s*#/.test(lines[at] ?? ""); at--) left.delete(at);
    const column = lines[line - 1]?.search(/\S/) ?? 0;
    for (let at = lastLine; (/^ *(?=#)/.exec(lines[at] ?? "")?.[0].length ?? 0) > column; at++) left.delete(at);
  }
  return lines.filter((_line, at) => left.has(at));
}

const notes = (lines: readonly string[]): string[] => lines.flatMap((line) => line.match(/# note \d+/g) ?? []);

/** Without blank lines, comments, and the lines of sections: one becomes `[]` or is new. */
const codeOf = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trimEnd()).filter((line) => !/^\s*(#|$)|^["']?(sets|people|grants|tests)["']?:/.test(line));

describe("changes of any policy by any hand", () => {
  it("make of each entry what was asked for, and of the others nothing", () => {
    fc.assert(
      fc.property(randomText, randomChanges, (text, changes) => {
        const mine = possible(only(text), changes);
        const wanted = valuesOf(only(text));
        for (const change of mine) {
          if (change.value === undefined) wanted.delete(`acme ${keyOf(change)}`);
          else wanted.set(`acme ${keyOf(change)}`, wantedOf(change));
        }
        expect(valuesOf(only(appliedTo(text, ...mine)))).toEqual(wanted);
      }),
      runs,
    );
  });

  it("find each entry where it stands, in any of several documents, and leave another tenant's", () => {
    fc.assert(
      fc.property(randomFiles, randomChanges, (files, changes) => {
        const mine = possible(files, changes);
        const wanted = valuesOf(files);
        for (const change of mine) {
          if (change.value === undefined) wanted.delete(`acme ${keyOf(change)}`);
          else wanted.set(`acme ${keyOf(change)}`, wantedOf(change));
        }
        const after = applied(files, mine, "acme/c.yaml");
        expect(valuesOf(after)).toEqual(wanted);
        expect(after.get("globex.yaml")).toBe(files.get("globex.yaml"));
        expect([...after.keys()]).toEqual([...files.keys()]);
      }),
      runs,
    );
  });

  it("leave every line and comment of what they do not concern", () => {
    fc.assert(
      fc.property(randomText, randomChanges, (text, changes) => {
        const mine = possible(only(text), changes);
        const changed = new Set(mine.map(keyOf));
        const after = appliedTo(text, ...mine);
        const entries = mustRead(text);
        const now = new Map(mustRead(after).map((entry) => [keyOf(entry), entry]));
        const linesOf = (from: string, at: { line: number; lastLine: number } | undefined) =>
          at &&
          from
            .split("\n")
            .slice(at.line - 1, at.lastLine)
            .map((line) => line.trimEnd());
        // Within the braces of a section entries share lines and commas.
        const isInline = ({ section }: Entry) => new RegExp(`^["']?${section}["']?: *[{[]`, "m").test(text);
        for (const entry of entries)
          if (!changed.has(keyOf(entry)) && !isInline(entry))
            expect(linesOf(after, now.get(keyOf(entry)))).toEqual(linesOf(text, entry));
        if (!entries.some(isInline)) {
          const of = (all: readonly Entry[]) => all.filter((entry) => changed.has(keyOf(entry)));
          expect(codeOf(linesOutside(after, of([...now.values()])))).toEqual(codeOf(linesOutside(text, of(entries))));
        }
        expect(after.endsWith("\n")).toBe(text.endsWith("\n"));
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text));
        const touched = entries.filter((entry) => changed.has(keyOf(entry)) || isInline(entry));
        const kept = new Set(notes(after.split("\n")));
        expect(notes(linesOutside(text, touched)).filter((note) => !kept.has(note))).toEqual([]);
      }),
      runs,
    );
  });

  it("are undone in value by what reverses them", () => {
    fc.assert(
      fc.property(randomText, randomChanges, (text, changes) => {
        const after = appliedTo(text, ...possible(only(text), changes));
        const back = reverse(only(text), only(after), only(after), scope);
        if (!back.ok) throw new Error("unreadable");
        expect(back.value.conflicts).toEqual([]);
        expect(valuesOf(only(appliedTo(after, ...back.value.open)))).toEqual(valuesOf(only(text)));
      }),
      runs,
    );
  });

  it("of two writers that touch other entries commute, and never conflict", () => {
    fc.assert(
      fc.property(randomText, randomChanges, randomChanges, (text, one, two) => {
        const mine = possible(only(text), one);
        const keys = new Set(mine.map(keyOf));
        const yours = possible(only(text), two).filter((change) => !keys.has(keyOf(change)));
        const [first, second] = [appliedTo(text, ...mine), appliedTo(text, ...yours)];
        const collided = conflictsOf(only(text), only(first), yours, scope);
        expect(collided).toMatchObject({ ok: true, value: { conflicts: [] } });
        expect(valuesOf(only(appliedTo(first, ...yours)))).toEqual(valuesOf(only(appliedTo(second, ...mine))));
      }),
      runs,
    );
  });

  it("that are made already are neither conflicts nor left to do", () => {
    fc.assert(
      fc.property(randomText, randomChanges, (text, changes) => {
        const mine = possible(only(text), changes);
        const after = appliedTo(text, ...mine);
        expect(conflictsOf(only(text), only(after), mine, scope)).toEqual({
          ok: true,
          value: { conflicts: [], open: [] },
        });
        expect(appliedTo(after, ...possible(only(after), mine))).toBe(after);
      }),
      runs,
    );
  });
});
