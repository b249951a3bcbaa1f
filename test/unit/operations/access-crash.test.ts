import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instant, seconds, systemRandom } from "../../../src/core/index.ts";
import {
  type AccessRequest,
  keepRequest,
  moveRequest,
  type RequestState,
  readRequest,
} from "../../../src/operations/access/record.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { heldClock } from "../../support/held-clock.ts";
import { accessWorld, max, mia } from "./access-world.ts";

describe("an approval that was cut off", () => {
  let w: Awaited<ReturnType<typeof accessWorld>>;
  beforeAll(async () => {
    w = await accessWorld();
  });
  beforeEach(() => w.nextAsker());
  afterAll(() => w.stop());

  /** Whoever approves dies at this write to the store (the claim is the first). */
  const cutOffAt = async (id: string, write: number) => {
    let writes = 0;
    const { store } = w.deps;
    const advance = store.advance.bind(store);
    store.advance = (kind, key, from, patch, more) =>
      ++writes === write ? Promise.reject(new Error("killed")) : advance(kind, key, from, patch, more);
    await expect(w.approve(id)).rejects.toThrow("killed");
    store.advance = advance;
  };

  it("after its grant was saved is finished by whoever looks next", async () => {
    const id = await w.asked();
    await cutOffAt(id, 2);
    expect(w.grant(id)).toMatchObject({ id, set: { name: "developer" } });
    const [commit] = await w.repository.history({ limit: 1 });
    expect(await w.show(id)).toMatchObject({
      ok: true,
      value: { state: "approved", commit: commit?.id, decider: { sub: mia.person.sub } },
    });
    expect(w.events("access.approved", id)).toHaveLength(1);
    expect(await w.approve(id)).toMatchObject({ ok: true, value: { state: "approved" } });
  });

  it("before anything was saved keeps others out for five minutes, and is then open again", async () => {
    const id = await w.asked();
    const { save } = w.repository;
    w.repository.save = () => Promise.reject(new Error("killed"));
    await expect(w.approve(id)).rejects.toThrow("killed");
    w.repository.save = save;
    expect(await w.deny(id, max)).toMatchObject({
      ok: false,
      refusal: { code: "conflict", message: expect.stringMatching(/being approved/) },
    });
    expect(await w.withdraw(id)).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    expect(await w.state(id)).toBe("asked");
    w.k.clock.advance(seconds(300));
    expect(await w.deny(id, max)).toMatchObject({
      ok: true,
      value: { state: "denied", decider: { sub: max.person.sub } },
    });
    expect(w.grant(id)).toBeUndefined();
  });

  it("that saved after it was given up is found by who approves then", async () => {
    const id = await w.asked();
    await cutOffAt(id, 2);
    // Somebody took it for given up at the very moment when it was saved.
    await moveRequest(w.deps, id, ["approving"], { state: "asked" });
    expect(await w.approve(id, max)).toMatchObject({ ok: true, value: { state: "approved" } });
    expect(await w.repository.history({ path: "acme", limit: 100 })).toSatisfy(
      (all: { trailers: Record<string, string> }[]) =>
        all.filter(({ trailers }) => trailers["Access-Request"] === id).length === 1,
    );
  });

  it("that saved after it was withdrawn takes its grant back", async () => {
    const id = await w.asked();
    const { save } = w.repository;
    w.repository.save = async (asked) => {
      w.repository.save = save;
      const saved = await save(asked);
      // It hung so long that it counted as given up.
      await moveRequest(w.deps, id, ["approving"], { state: "asked" });
      await w.withdraw(id);
      return saved;
    };
    expect(await w.approve(id)).toMatchObject({
      ok: false,
      refusal: { code: "conflict", message: expect.stringMatching(/withdrawn/) },
    });
    expect([await w.state(id), w.grant(id)]).toEqual(["withdrawn", undefined]);
  });
});

const ways: Readonly<Record<string, { readonly from: readonly RequestState[]; readonly to: RequestState }>> = {
  claim: { from: ["asked"], to: "approving" },
  finish: { from: ["approving", "asked"], to: "approved" },
  giveUp: { from: ["approving"], to: "asked" },
  deny: { from: ["asked"], to: "denied" },
  withdraw: { from: ["asked"], to: "withdrawn" },
  expire: { from: ["asked"], to: "expired" },
};
const ends: readonly RequestState[] = ["approved", "denied", "withdrawn", "expired"];

it("a request goes only the ways that there are, at most one of several at once, and no way leads out of an end", async () => {
  const record = { state: "asked", tenant: "acme", sub: "p-1", set: "s", at: [], askedAt: 0, waitsUntil: 60 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom(...Object.keys(ways)), { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      async (steps) => {
        const store = createMemoryStore({ clock: heldClock(instant(1_800_000_000)), random: systemRandom });
        const id = "request-0123456789abcdef0123";
        await keepRequest({ store }, id, record as unknown as AccessRequest);
        let state: RequestState = "asked";
        for (const step of steps) {
          const moves = step.map((name) => ways[name] ?? { from: [], to: "asked" as const });
          const outcomes = await Promise.all(
            moves.map(({ from, to }) => moveRequest({ store }, id, from, { state: to })),
          );
          // Each in turn, whoever came first: a move is won exactly from where it leads.
          for (const [i, { from, to }] of moves.entries()) {
            expect(outcomes[i]?.won).toBe(from.includes(state));
            expect(outcomes[i]?.now?.state).toBe(from.includes(state) ? to : state);
            if (ends.includes(state)) expect(outcomes[i]?.won).toBe(false);
            if (from.includes(state)) state = to;
          }
          expect((await readRequest({ store }, id))?.state).toBe(state);
        }
        await store.close();
      },
    ),
    { numRuns: 200 },
  );
});
