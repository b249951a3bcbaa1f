import fc from "fast-check";
import { expect, it } from "vitest";
import { seconds } from "../../src/core/index.ts";
import type { Store, Tag } from "../../src/store/index.ts";
import {
  type Context,
  type ContractOptions,
  flowKind,
  fresh,
  freshTag,
  fruitKind,
  issued,
  minute,
} from "./store-contract.ts";

/** The part of the contract about tags: what hangs on one login ends as one. */
export function describeTags({ store, pass, race }: Context, { runs }: ContractOptions): void {
  it("ends every record of a tag with its aliases, says how many, and no other tag's", async () => {
    const [tag, other] = [freshTag(), freshTag()];
    const [one, two, three, alias] = [fresh(), fresh(), fresh(), fresh("alias")];
    await store().put(flowKind, one, issued, { ttl: minute, tags: [tag], aliases: [alias] });
    await store().put(fruitKind, two, { taste: "sweet" }, { ttl: minute, tags: [tag] });
    await store().put(flowKind, three, issued, { ttl: minute, tags: [other] });
    expect(await store().revoke(tag, minute)).toBe(2);
    expect(await store().get(flowKind, one)).toBeUndefined();
    expect(await store().resolve(flowKind, alias)).toBeUndefined();
    expect(await store().get(fruitKind, two)).toBeUndefined();
    expect(await store().get(flowKind, three)).toEqual(issued);
    expect(await store().revoke(tag, minute)).toBe(0);
  });

  it("counts neither what was taken nor what ended by itself", async () => {
    const tag = freshTag();
    const [taken, ended] = [fresh(), fresh()];
    await store().put(flowKind, taken, issued, { ttl: minute, tags: [tag] });
    await store().put(flowKind, ended, issued, { ttl: seconds(10), tags: [tag] });
    await store().put(flowKind, fresh(), issued, { ttl: minute, tags: [tag] });
    await store().take(flowKind, taken);
    pass(seconds(10));
    expect(await store().revoke(tag, minute)).toBe(1);
  });

  it("refuses new records of a revoked tag for as long as told, the longest telling wins", async () => {
    const tag = freshTag();
    const put = () => store().put(flowKind, fresh(), issued, { ttl: minute, tags: [tag] });
    await store().revoke(tag, minute);
    await store().revoke(tag, seconds(10));
    pass(seconds(59));
    expect(await put()).toBe("revoked");
    pass(seconds(1));
    expect(await put()).toBe("created");
  });

  it("ends a record with any of its tags, and then it is in none of them", async () => {
    const [login, person, other] = [freshTag(), freshTag(), freshTag()];
    const [both, mine, theirs, alias] = [fresh(), fresh(), fresh(), fresh("alias")];
    await store().put(flowKind, both, issued, { ttl: minute, tags: [login, person, login], aliases: [alias] });
    await store().put(flowKind, mine, issued, { ttl: minute, tags: [person] });
    await store().put(flowKind, theirs, issued, { ttl: minute, tags: [other] });
    expect(await store().revoke(login, minute)).toBe(1);
    expect(await store().get(flowKind, both)).toBeUndefined();
    expect(await store().resolve(flowKind, alias)).toBeUndefined();
    expect(await store().list(flowKind, person)).toEqual([{ id: mine, value: issued }]);
    expect(await store().revoke(person, minute)).toBe(1);
    expect(await store().get(flowKind, theirs)).toEqual(issued);
  });

  it("refuses a record when one of its tags is revoked, at put and at advance", async () => {
    const [login, person] = [freshTag(), freshTag()];
    const [flow, born] = [fresh(), fresh("fruit")];
    await store().put(flowKind, flow, issued, { ttl: minute });
    await store().revoke(person, minute);
    expect(await store().put(flowKind, fresh(), issued, { ttl: minute, tags: [login, person] })).toBe("revoked");
    const create = [{ kind: fruitKind, id: born, value: { taste: "sweet" }, ttl: minute, tags: [login, person] }];
    expect(await store().advance(flowKind, flow, ["issued"], { state: "redeemed" }, { create })).toEqual({
      outcome: "absent",
    });
    expect(await store().get(fruitKind, born)).toBeUndefined();
    expect(await store().list(fruitKind, login)).toEqual([]);
  });

  it("lists the records of one kind in a tag by their end, as they are now, and none that is over", async () => {
    const [tag, second] = [freshTag(), freshTag()];
    const [late, soon, changed, taken] = [fresh(), fresh(), fresh(), fresh()];
    await store().put(flowKind, late, issued, { ttl: minute, tags: [second, tag] });
    await store().put(flowKind, soon, issued, { ttl: seconds(10), tags: [tag] });
    await store().put(flowKind, changed, issued, { ttl: seconds(20), tags: [tag] });
    await store().put(flowKind, taken, issued, { ttl: minute, tags: [tag] });
    await store().put(fruitKind, fresh("fruit"), { taste: "sweet" }, { ttl: minute, tags: [tag] });
    const ids = async (of = tag) => (await store().list(flowKind, of)).map((found) => found.id);
    await store().take(flowKind, taken);
    expect(await ids()).toEqual([soon, changed, late]);
    await store().advance(flowKind, changed, ["issued"], { state: "shown" }, { ttl: seconds(90) });
    expect(await store().list(flowKind, tag)).toEqual([
      { id: soon, value: issued },
      { id: late, value: issued },
      { id: changed, value: { ...issued, state: "shown" } },
    ]);
    pass(seconds(10));
    expect(await ids()).toEqual([late, changed]);
    expect(await ids(second)).toEqual([late]);
    expect(await ids(freshTag())).toEqual([]);
  });

  it("lets a revocation win or lose a race, but never leaves a record behind", async () => {
    const tag = freshTag();
    const ids = Array.from({ length: 64 }, () => fresh());
    const outcomes = await race<string | number>((peer, n) =>
      n === 20 ? peer.revoke(tag, minute) : peer.put(flowKind, ids[n] ?? "", issued, { ttl: minute, tags: [tag] }),
    );
    const created = outcomes.filter((o) => o === "created").length;
    expect(outcomes[20]).toBe(created);
    for (const id of ids) expect(await store().get(flowKind, id)).toBeUndefined();
  });

  it("S-26: a revoked tag never yields again, under any interleaving", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 40 }), fc.nat(39), async (acts, revokeAt) => {
        const tag = freshTag();
        const ids = Array.from({ length: 6 }, () => fresh());
        await store().put(flowKind, ids[0] ?? "", issued, { ttl: minute, tags: [tag] });
        let revoked = false;
        const late: unknown[] = [];
        await race(async (peer, n) => {
          if (n === revokeAt) {
            await peer.revoke(tag, minute);
            revoked = true;
            return;
          }
          const next = acts[n];
          if (!next) return;
          if (next.pause) await peer.ping();
          const isLate = revoked;
          const got = await yieldOf(peer, next, ids, tag);
          if (isLate) late.push(got);
        });
        expect(late.filter((got) => got !== undefined)).toEqual([]);
        for (const id of ids) {
          expect(await store().get(flowKind, id)).toBeUndefined();
          expect(await store().take(fruitKind, id)).toBeUndefined();
          expect(await store().put(flowKind, id, issued, { ttl: minute, tags: [tag] })).toBe("revoked");
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

/** Does one act; answers what it got out of the tag, `undefined` for nothing. */
async function yieldOf(peer: Store, { verb, from, to }: Act, ids: readonly string[], tag: Tag): Promise<unknown> {
  const [source, target] = [ids[from] ?? "", ids[to] ?? ""];
  switch (verb) {
    case "put": {
      const outcome = await peer.put(flowKind, target, issued, {
        ttl: minute,
        tags: [tag],
        aliases: [`${target}-alias`],
      });
      return outcome === "created" ? outcome : undefined;
    }
    case "advance": {
      const create = [
        { kind: fruitKind, id: `${target}-${fresh()}`, value: { taste: "next" }, ttl: minute, tags: [tag] },
      ];
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
