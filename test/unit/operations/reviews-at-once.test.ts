import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instant, type Result } from "../../../src/core/index.ts";
import {
  closeReview,
  confirmUnchanged,
  decideGrants,
  startReview,
  type Verdict,
} from "../../../src/operations/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { callerOf, personOf, world, written } from "./console-world.ts";

// Otto decides between the moment that Mia's decisions are looked at and the moment that they are taken.

const text = written.replace(
  "tests:",
  "  - { id: read, give: auditor, to: devs, at: [gx1] }\n  - { id: look, give: auditor, to: devs, at: [console] }\ntests:",
);
let w: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  w = await world(text);
  for (const name of ["mia", "otto"]) await w.remember(personOf(name, ["bosses"]));
  await w.remember(personOf("paula", ["devs"]));
});
afterEach(() => w.stop());

const acme = { tenant: "acme" };
const mia = callerOf("bosses");
const otto = { ...mia, person: personOf("otto", ["bosses"]) };
const must = <T>(result: Result<T, { code: string; message: string }>): T => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
};
const keep = (grant: string): Verdict => ({ grant, wish: { kind: "keep" } });
const takeBack = (grant: string): Verdict => ({ grant, wish: { kind: "take-back" } });
const start = async () =>
  must(await startReview({ ...acme, due: instant(w.k.clock.now() + 86_400), unconfirmed: "keep" }, w.deps, mia)).name;
const decide = async (review: string, verdicts: readonly Verdict[], caller = mia, deps = w.deps) =>
  must(await decideGrants({ ...acme, review, from: await w.repository.head(), verdicts }, deps, caller));
const overtakenBy = (first: () => Promise<unknown>) => {
  let isFirst = true;
  const store = new Proxy(w.deps.store, {
    get:
      (held, verb: keyof Store) =>
      async (...all: unknown[]) => {
        if (verb === "advance" && isFirst) {
          isFirst = false;
          await first();
        }
        return (held[verb] as (...given: unknown[]) => unknown).apply(held, all);
      },
  });
  return { ...w.deps, store };
};
const decidedBy = ({ person }: typeof mia) =>
  w.k.events
    .filter(({ event, sub }) => event === "review.decided" && sub === person.sub)
    .map(({ grants, outcome }) => [grants, outcome]);

describe("of two who decide at once", () => {
  it("the later one is told what was decided meanwhile; only what came to be is counted and in the audit log", async () => {
    const review = await start();
    const first = () => decide(review, [keep("look"), takeBack("read"), keep("dev")], otto);
    const late = [keep("look"), keep("read"), takeBack("dev"), keep("ops")];
    expect(await decide(review, late, mia, overtakenBy(first))).toEqual({
      // The one that Otto confirmed, too, is confirmed.
      ...{ kept: 2, changed: 0 },
      undecided: ["read", "dev"].map((grant) => ({
        ...{ grant, message: "otto of Acme decided it meanwhile" },
        said: { name: "decidedByOther", facts: { by: "otto of Acme" } },
      })),
    });
    expect([decidedBy(otto), decidedBy(mia)]).toEqual([
      [
        [["look", "dev"], "confirmed"],
        [["read"], "changed"],
      ],
      [[["ops"], "confirmed"]],
    ]);
  });

  it("the later one who confirms all that is unchanged counts only what the other left", async () => {
    const before = await start();
    const all = ["approver", "boss", "boss-console", "dev", "look", "ops", "read"];
    await decide(before, all.map(keep));
    must(await closeReview({ ...acme, review: before }, w.deps, mia));
    await w.use("paula", "gx1");
    w.k.clock.advance(31);
    const review = await start();
    const first = () => decide(review, [keep("dev")], otto);
    expect(must(await confirmUnchanged({ ...acme, review }, overtakenBy(first), mia))).toEqual({ kept: 1 });
    expect([decidedBy(otto), decidedBy(mia).slice(1)]).toEqual([[[["dev"], "confirmed"]], [[["read"], "confirmed"]]]);
  });

  it("what was confirmed is in the audit log also when the changes beside it cannot be saved", async () => {
    const review = await start();
    // A test in the file wants that developers have it.
    const verdicts = [keep("ops"), takeBack("dev")];
    const from = await w.repository.head();
    expect((await decideGrants({ ...acme, review, from, verdicts }, w.deps, mia)).ok).toBe(false);
    expect(decidedBy(mia)).toEqual([[["ops"], "confirmed"]]);
  });
});
