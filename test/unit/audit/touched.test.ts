import { appendFileSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyAuditFiles } from "../../../src/audit/index.ts";
import { instant, manualClock, seconds } from "../../../src/core/index.ts";
import { eventsOf, newFile, open, seal, textOf, unlocked, write } from "./kit.ts";

const clock = manualClock(instant(1_800_000_000));
const verify = async (...files: readonly string[]) => (await verifyAuditFiles(seal, files)).breach;
const asideOf = (path: string): string => {
  const name = readdirSync(dirname(path)).find((n) => n.includes(".touched-") && !n.endsWith(".head"));
  return join(dirname(path), name ?? "none");
};

/** An audit file in use, and what it told. */
function inUse() {
  const path = newFile();
  const told: string[] = [];
  const opened = open(path, { clock, notice: (message) => told.push(message) });
  opened.audit.record("session.ended", { sub: "p-1" });
  return { path, told, ...opened };
}

/** Nothing can be written now, nor after less than three seconds. */
function refuses({ audit }: ReturnType<typeof inUse>): void {
  expect(() => audit.check()).toThrow(/every instance needs one of its own/);
  clock.advanceMillis(2_900);
  expect(() => audit.check()).toThrow(/every instance needs one of its own/);
  clock.advanceMillis(200);
}

describe("S-82: an audit file that somebody else touched while a broker used it", () => {
  test("by another broker that left again: it goes on behind it at once, and the chain is whole", async () => {
    const used = inUse();
    const other = open(used.path, { writtenBy: "broker two", lock: unlocked });
    other.audit.record("session.ended", { sub: "p-2" });
    expect(() => used.audit.check()).toThrow(/every instance needs one of its own/);
    expect(() => used.audit.record("session.ended", {})).toThrow();
    other.file.close();
    used.audit.record("session.ended", { sub: "p-3" });
    expect(eventsOf(used.path).slice(-3)).toMatchObject([
      { event: "chain.closed", by: "broker two" },
      { event: "chain.touched", by: "broker one", after: "5", others: "3" },
      { sub: "p-3" },
    ]);
    expect(await verify(used.path)).toBeUndefined();
    expect(used.told).toEqual([
      expect.stringContaining("somebody else wrote to the audit file"),
      expect.stringContaining("3 entries"),
    ]);
  });

  test("by another broker that stays: after three seconds each has a file, and verifying says what happened", async () => {
    const used = inUse();
    const other = open(used.path, { writtenBy: "broker two", lock: unlocked });
    refuses(used);
    used.audit.record("session.ended", { sub: "p-3" });
    other.audit.record("session.ended", { sub: "p-4" });
    const aside = asideOf(used.path);
    expect(eventsOf(used.path)).toMatchObject([{ event: "chain.touched", seq: 3, after: "2" }, { sub: "p-3" }]);
    expect(eventsOf(aside).at(-1)).toMatchObject({ sub: "p-4" });
    expect(await verify(aside)).toBeUndefined();
    expect((await verify(aside, used.path))?.message).toMatch(/it is of another chain/);
    used.audit.record("session.ended", { sub: "p-5" });
    expect((await verify(aside, used.path))?.message).toMatch(/second time: two brokers wrote to one file/);
    expect((await verify(used.path))?.message).toMatch(
      /entries 1 to 2 are missing before it; .* is audit\.jsonl\.touched-.*verify both/,
    );
  });

  const damages: [string, (path: string) => void, RegExp][] = [
    ["by who appends what is no entry", (path) => appendFileSync(path, "x\n"), /is not an entry/],
    ["by who cuts it off", (path) => truncateSync(path, 20), /unfinished line/],
    ["by who copies and truncates it, as a log rotation does", (path) => truncateSync(path), /missing before it/],
  ];
  for (const [name, damage, message] of damages) {
    test(`${name}: it is kept as evidence, and the chain goes on in a new file`, async () => {
      const used = inUse();
      damage(used.path);
      const found = textOf(used.path);
      refuses(used);
      used.audit.record("session.ended", { sub: "p-3" });
      const aside = asideOf(used.path);
      expect(textOf(aside)).toBe(found);
      expect((await verify(aside, used.path))?.message).toMatch(message);
      used.audit.record("session.ended", { sub: "p-5" });
      used.file.close();
      write(used.path, 1);
      expect(eventsOf(used.path).map((e) => e["seq"])).toEqual([3, 4, 5, 6, 7, 8, 9]);
      expect(used.told.at(-1)).toContain(".touched-");
    });
  }

  test("whole again before that, it is as if nothing had been", () => {
    const used = inUse();
    const { length } = textOf(used.path);
    appendFileSync(used.path, "x");
    expect(() => used.audit.check()).toThrow();
    truncateSync(used.path, length);
    used.audit.check();
    clock.advance(seconds(10));
    appendFileSync(used.path, "x");
    refuses(used);
  });

  test("deleted: no entry goes where nobody finds it", () => {
    const used = inUse();
    rmSync(used.path);
    refuses(used);
    used.audit.record("session.ended", { sub: "p-3" });
    expect(eventsOf(used.path)).toMatchObject([
      { event: "chain.touched", aside: "a file that was deleted" },
      { sub: "p-3" },
    ]);
  });
});
