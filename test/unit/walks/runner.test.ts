import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { take, type Walk } from "../../walks/runner.ts";

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => vi.restoreAllMocks());

/** A walk of two steps, the second as told; `ended` tells in which order what was started is ended. */
function walkWith(second: () => Promise<void>, more: Partial<Walk<string>> = {}) {
  const ended: string[] = [];
  const walk: Walk<string> = {
    name: "sample",
    about: [],
    limit: 60,
    start: async (atEnd) => {
      for (const server of ["first", "second"]) atEnd(async () => ended.push(server));
      return "world";
    },
    steps: [
      { name: "one", run: async (world, tell) => tell.same("the world", world, "world") },
      { name: "two", run: second },
      { name: "three", run: async () => undefined },
    ],
    ...more,
  };
  return { ended, code: take(walk, ["--output", "json"]) };
}

interface Report {
  readonly held: boolean;
  readonly failed?: string;
  readonly steps: readonly { readonly outcome: string; readonly because?: string }[];
}
const report = (): Report => JSON.parse(printed.join("\n")) as Report;
const outcomes = () => report().steps.map((s) => s.outcome);
const never = () => new Promise<void>(() => undefined);

describe("a walk", () => {
  test("ends with 0 when every step held, and ends what it started, the last first", async () => {
    const { code, ended } = walkWith(async () => undefined);
    expect(await code).toBe(0);
    expect(ended).toEqual(["second", "first"]);
    expect(report()).toMatchObject({ walk: "sample", held: true });
    expect(outcomes()).toEqual(["held", "held", "held", "held"]);
  });

  test("stops at the first step that does not hold, names it, ends everything and says 1", async () => {
    const { code, ended } = walkWith(() => Promise.reject(new Error("refused")));
    expect(await code).toBe(1);
    expect(ended).toEqual(["second", "first"]);
    expect(report()).toMatchObject({ held: false, failed: "two" });
    expect(outcomes()).toEqual(["held", "held", "failed", "not run"]);
    expect(report().steps[2]?.because).toBe("refused");
  });

  test("ends at its limit, however long a step hangs", async () => {
    const { code, ended } = walkWith(never, { limit: 0.05 });
    expect(await code).toBe(1);
    expect(ended).toEqual(["second", "first"]);
    expect(report().steps[2]?.because).toMatch(/limit/);
  });

  test("stopped by hand ends everything and says 130", async () => {
    const { code, ended } = walkWith(async () => {
      process.emit("SIGINT");
      await never();
    });
    expect(await code).toBe(130);
    expect(ended).toEqual(["second", "first"]);
  });

  test("what was started is ended when the start itself fails, also when one end fails", async () => {
    const ended: string[] = [];
    const { code } = walkWith(never, {
      start: async (atEnd) => {
        atEnd(async () => ended.push("first"));
        atEnd(() => Promise.reject(new Error("it does not end")));
        throw new Error("no port");
      },
    });
    expect(await code).toBe(1);
    expect(ended).toEqual(["first"]);
    expect(outcomes()).toEqual(["failed", "not run", "not run", "not run"]);
  });

  test("an end that fails is no success", async () => {
    const { code } = walkWith(async () => undefined, {
      start: async (atEnd) => {
        atEnd(() => Promise.reject(new Error("it does not end")));
        return "world";
      },
    });
    expect(await code).toBe(1);
    expect(report().held).toBe(false);
  });

  test("an unknown option is named and nothing is started", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const start = vi.fn<Walk<string>["start"]>();
    const walk: Walk<string> = { name: "sample", about: [], limit: 1, start, steps: [] };
    expect(await take(walk, ["--fast"])).toBe(2);
    expect(start).not.toHaveBeenCalled();
  });
});
