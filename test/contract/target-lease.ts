import { expect, it } from "vitest";
import { instant, type TargetName } from "../../src/core/index.ts";
import { leaseInStore } from "../../src/jobs/index.ts";
import type { Store } from "../../src/store/index.ts";

const note = (run: string, since: number, until: number) => ({
  run,
  holder: `broker ${run}`,
  since: instant(since),
  until: instant(until),
});

/** What instances rely on when they agree who looks after a target. Each test uses a target of its own. */
export function describeTargetLease(makeStore: () => Store, now: () => number): void {
  const on = (name: string) => leaseInStore(makeStore(), name as TargetName);

  it("the first has it, extends it, and everybody else is told who it is", async () => {
    const [lease, at] = [on("t1"), now()];
    expect(await lease.hold(note("one", at, at + 60), instant(at))).toEqual(note("one", at, at + 60));
    expect(await lease.hold(note("two", at, at + 60), instant(at))).toEqual(note("one", at, at + 60));
    expect(await lease.hold(note("one", at, at + 90), instant(at))).toEqual(note("one", at, at + 90));
    expect(await lease.hold(note("two", at, at + 60), instant(at))).toEqual(note("one", at, at + 90));
  });

  it("given back, it is the next one's; another cannot give it back", async () => {
    const [lease, at] = [on("t2"), now()];
    await lease.hold(note("one", at, at + 60), instant(at));
    await lease.release("two");
    expect((await lease.hold(note("two", at, at + 60), instant(at))).run).toBe("one");
    await lease.release("one");
    expect((await lease.hold(note("two", at, at + 60), instant(at))).run).toBe("two");
  });

  it("one that is not extended ends by itself", async () => {
    const [lease, at] = [on("t3"), now()];
    await lease.hold(note("one", at, at + 1), instant(at));
    await expect
      .poll(() => lease.hold(note("two", now(), now() + 60), instant(now())).then((n) => n.run), { timeout: 5_000 })
      .toBe("two");
  });

  it("of sixteen who ask at once one has it", async () => {
    const [lease, at] = [on("t4"), now()];
    const runs = Array.from({ length: 16 }, (_, i) => `run-${i}`);
    const standing = await Promise.all(runs.map((run) => lease.hold(note(run, at, at + 60), instant(at))));
    expect(new Set(standing.map((n) => n.run)).size).toBe(1);
  });
}
