import { describe, expect, it } from "vitest";
import { instant, manualClock, seconds, systemRandom } from "../../src/core/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { describeStoreContract, flowKind, fresh, freshTag, issued, minute } from "./store-contract.ts";

const start = instant(1_800_000_000);

describeStoreContract(
  "memory",
  async () => {
    const clock = manualClock(start);
    const store = createMemoryStore({ clock, random: systemRandom });
    return { peers: [store], pass: (by) => clock.advance(by), close: () => store.close() };
  },
  { runs: 200 },
);

describe("the memory store", () => {
  const make = () => {
    const clock = manualClock(start);
    return { clock, store: createMemoryStore({ clock, random: systemRandom }) };
  };

  it("does not bring back what ended when the machine's clock is set back", async () => {
    const { clock, store } = make();
    const [id, jti] = [fresh(), fresh("jti")];
    await store.put(flowKind, id, issued, { ttl: minute });
    await store.once("jti", jti, minute);
    clock.advance(minute);
    expect(await store.get(flowKind, id)).toBeUndefined();
    clock.advance(seconds(-300));
    expect(await store.get(flowKind, id)).toBeUndefined();
    expect(await store.put(flowKind, id, issued, { ttl: minute })).toBe("created");
    expect(await store.spend({ name: "b", limit: 1, window: minute }, "k")).toMatchObject({ granted: true });
    expect(await store.spend({ name: "b", limit: 1, window: minute }, "k")).toMatchObject({ granted: false });
    await store.close();
  });

  it("forgets all that ended, with bounded work beside each write, and what was taken or revoked at once", async () => {
    const { clock, store } = make();
    const tag = freshTag();
    for (let n = 0; n < 1_000; n++) {
      await store.put(flowKind, `r${n}`, issued, { ttl: seconds(60 + n), tags: [tag], aliases: [`a${n}`] });
      await store.once("jti", `j${n}`, minute);
      await store.spend({ name: "b", limit: 1, window: minute }, `k${n}`);
    }
    expect(store.held()).toBe(4_001);
    for (let n = 0; n < 500; n++) await store.take(flowKind, `r${n}`);
    expect(store.held()).toBe(3_001);
    await store.revoke(tag, minute);
    expect(store.held()).toBe(2_001);
    clock.advance(minute);
    await store.get(flowKind, "r0");
    expect(store.held()).toBe(2_001);
    for (let n = 0; n < 130; n++) await store.take(flowKind, "r0");
    expect(store.held()).toBe(0);
    await store.close();
  });

  it("starts every life with another epoch, and refuses every call after its end", async () => {
    const [one, two] = [make().store, make().store];
    expect(await one.epoch()).not.toBe(await two.epoch());
    await one.close();
    await expect(one.get(flowKind, fresh())).rejects.toThrow("memory store: get failed: it was closed");
    await expect(one.ping()).rejects.toThrow("closed");
    await two.close();
  });
});
