import { describe, expect, it } from "vitest";
import { err, ok, type Result } from "../../../src/core/index.ts";
import { type Problem, rereading } from "../../../src/yaml/index.ts";

const problem: Problem = { file: "f", line: 1, column: 1, path: "", message: "broken" };

/** Files as they lie there, and how often something was made of them. */
function folder(text: string) {
  const state = { files: ok([text]) as Result<string[], Problem[]>, made: 0 };
  const make = ([only = ""]: readonly string[]): Result<string, Problem[]> => {
    state.made++;
    return only.includes("!") ? err([problem]) : ok(only.toUpperCase());
  };
  return { state, ask: rereading(() => state.files, make, "FIRST") };
}

describe("reading files again", () => {
  it("makes something of them at once, and no more while they stay", () => {
    const { state, ask } = folder("a");
    expect([ask(), ask(), ask()]).toEqual([ok("A"), ok("A"), ok("A")]);
    expect(state.made).toBe(1);
  });

  it("a change counts when it was read twice the same: half a file does not", () => {
    const { state, ask } = folder("whole");
    ask();
    state.files = ok(["who"]);
    expect(ask()).toEqual(ok("WHOLE"));
    state.files = ok(["whole, again"]);
    expect([ask(), ask()]).toEqual([ok("WHOLE"), ok("WHOLE, AGAIN")]);
  });

  it("problems are answered once; what was made before goes on", () => {
    const { state, ask } = folder("a");
    ask();
    state.files = ok(["b!"]);
    expect([ask(), ask(), ask()]).toEqual([ok("A"), err([problem]), ok("A")]);
    state.files = err([problem]);
    expect([ask(), ask(), ask()]).toEqual([ok("A"), err([problem]), ok("A")]);
  });

  it("files that were never usable leave what there was at the beginning", () => {
    const { ask } = folder("!");
    expect([ask(), ask()]).toEqual([err([problem]), ok("FIRST")]);
  });
});
