import fc from "fast-check";
import { expect, it } from "vitest";
import { type FamilyId, seconds } from "../../src/core/index.ts";
import type { Store } from "../../src/store/index.ts";
import {
  type Context,
  type ContractOptions,
  flowKind,
  fresh,
  freshFamily,
  fruitKind,
  issued,
  minute,
} from "./store-contract.ts";

/** The part of the contract about families: what hangs on one login ends as one. */
export function describeFamilies({ store, pass, race }: Context, { runs }: ContractOptions): void {
  it("ends every record of a family with its aliases, says how many, and no other family's", async () => {
    const [family, other] = [freshFamily(), freshFamily()];
    const [one, two, three, alias] = [fresh(), fresh(), fresh(), fresh("alias")];
    await store().put(flowKind, one, issued, { ttl: minute, family, aliases: [alias] });
    await store().put(fruitKind, two, { taste: "sweet" }, { ttl: minute, family });
    await store().put(flowKind, three, issued, { ttl: minute, family: other });
    expect(await store().revokeFamily(family, minute)).toBe(2);
    expect(await store().get(flowKind, one)).toBeUndefined();
    expect(await store().resolve(flowKind, alias)).toBeUndefined();
    expect(await store().get(fruitKind, two)).toBeUndefined();
    expect(await store().get(flowKind, three)).toEqual(issued);
    expect(await store().revokeFamily(family, minute)).toBe(0);
  });

  it("counts neither what was taken nor what ended by itself", async () => {
    const family = freshFamily();
    const [taken, ended] = [fresh(), fresh()];
    await store().put(flowKind, taken, issued, { ttl: minute, family });
    await store().put(flowKind, ended, issued, { ttl: seconds(10), family });
    await store().put(flowKind, fresh(), issued, { ttl: minute, family });
    await store().take(flowKind, taken);
    pass(seconds(10));
    expect(await store().revokeFamily(family, minute)).toBe(1);
  });

  it("refuses new records of a revoked family for as long as told, the longest telling wins", async () => {
    const family = freshFamily();
    const put = () => store().put(flowKind, fresh(), issued, { ttl: minute, family });
    await store().revokeFamily(family, minute);
    await store().revokeFamily(family, seconds(10));
    pass(seconds(59));
    expect(await put()).toBe("revoked");
    pass(seconds(1));
    expect(await put()).toBe("created");
  });

  it("lets a revocation win or lose a race, but never leaves a record behind", async () => {
    const family = freshFamily();
    const ids = Array.from({ length: 64 }, () => fresh());
    const outcomes = await race<string | number>((peer, n) =>
      n === 20 ? peer.revokeFamily(family, minute) : peer.put(flowKind, ids[n] ?? "", issued, { ttl: minute, family }),
    );
    const created = outcomes.filter((o) => o === "created").length;
    expect(outcomes[20]).toBe(created);
    for (const id of ids) expect(await store().get(flowKind, id)).toBeUndefined();
  });

  it("S-26: a revoked family never yields again, under any interleaving", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 40 }), fc.nat(39), async (acts, revokeAt) => {
        const family = freshFamily();
        const ids = Array.from({ length: 6 }, () => fresh());
        await store().put(flowKind, ids[0] ?? "", issued, { ttl: minute, family });
        let revoked = false;
        const late: unknown[] = [];
        await race(async (peer, n) => {
          if (n === revokeAt) {
            await peer.revokeFamily(family, minute);
            revoked = true;
            return;
          }
          const next = acts[n];
          if (!next) return;
          if (next.pause) await peer.ping();
          const isLate = revoked;
          const got = await yieldOf(peer, next, ids, family);
          if (isLate) late.push(got);
        });
        expect(late.filter((got) => got !== undefined)).toEqual([]);
        for (const id of ids) {
          expect(await store().get(flowKind, id)).toBeUndefined();
          expect(await store().take(fruitKind, id)).toBeUndefined();
          expect(await store().put(flowKind, id, issued, { ttl: minute, family })).toBe("revoked");
        }
      }),
      { numRuns: runs },
    );
  });
}

interface Act {
  readonly verb: "put" | "advance" | "take" | "resolve" | "get";
  readonly from: number;
  readonly to: number;
  /** Starts after a turn of the loop, so that it may come after the revocation. */
  readonly pause: boolean;
}

const act: fc.Arbitrary<Act> = fc.record({
  verb: fc.constantFrom("put", "advance", "advance", "take", "resolve", "get"),
  from: fc.nat(5),
  to: fc.nat(5),
  pause: fc.boolean(),
});

/** Does one act; answers what it got out of the family, `undefined` for nothing. */
async function yieldOf(
  peer: Store,
  { verb, from, to }: Act,
  ids: readonly string[],
  family: FamilyId,
): Promise<unknown> {
  const [source, target] = [ids[from] ?? "", ids[to] ?? ""];
  switch (verb) {
    case "put": {
      const outcome = await peer.put(flowKind, target, issued, { ttl: minute, family, aliases: [`${target}-alias`] });
      return outcome === "created" ? outcome : undefined;
    }
    case "advance": {
      const create = [{ kind: fruitKind, id: `${target}-${fresh()}`, value: { taste: "next" }, ttl: minute, family }];
      const moved = await peer.advance(flowKind, source, ["issued"], { at: to }, { create });
      return moved.outcome === "absent" ? undefined : moved;
    }
    case "take":
      return peer.take(flowKind, source);
    case "resolve":
      return peer.resolve(flowKind, `${source}-alias`);
    case "get":
      return peer.get(flowKind, source);
  }
}
