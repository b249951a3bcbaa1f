import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoginId, type Seconds, seconds } from "../../src/core/index.ts";
import { type Budget, type Creation, defineKind, type Store, type Tag } from "../../src/store/index.ts";
import { describeLasting } from "./store-lasting.ts";
import { describeStoredNames } from "./store-names.ts";
import { describeTags } from "./store-tags.ts";

/** A store under test, with the means to let time pass for it. */
export interface StoreUnderTest {
  /** Instances that share one state; at least one. */
  readonly peers: readonly [Store, ...Store[]];
  /** Lets time pass for every instance. */
  pass(by: Seconds): void;
  close(): Promise<void>;
}

/** What the suite may ask of a store beyond the port. */
export interface ContractOptions {
  /** How many random interleavings the property tests try. */
  readonly runs: number;
}

/** A record as a grant would keep one. */
export interface Flow {
  readonly state: "issued" | "shown" | "redeemed";
  readonly client: string;
  readonly list?: readonly string[];
  readonly nested?: { readonly deep: readonly (number | null)[]; readonly text: string };
  readonly at?: number;
}

/** What a `Flow` turns into. */
export interface Fruit {
  readonly taste: string;
}

export const flowKind = defineKind<Flow>()("flow", ["state", "client", "list", "nested", "at"]);
export const fruitKind = defineKind<Fruit>()("fruit", ["taste"]);

const racers = 64;
let counter = 0;
/** A name no other test uses. */
export const fresh = (what = "id"): string => `${what}-${++counter}`;
export const freshTag = (): Tag => ({ kind: "login", id: fresh("login") as LoginId });
export const minute = seconds(60);
export const issued: Flow = { state: "issued", client: "gx1" };

/** The suite every store passes: what each verb promises, under contention and as time passes. */
export function describeStoreContract(
  name: string,
  make: () => Promise<StoreUnderTest>,
  options: ContractOptions,
): void {
  describe(`the store contract on ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeAll(async () => {
      under = await make();
      store = under.peers[0];
    });
    afterAll(() => under.close());
    const race = <T>(act: (peer: Store, n: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: racers }, (_, n) => act(under.peers[n % under.peers.length] ?? store, n)));
    const context: Context = { store: () => store, pass: (by) => under.pass(by), race };
    describeRecords(context);
    describeAdvance(context);
    describeCreation(context);
    describeOnce(context);
    describeBudgets(context);
    describeTags(context, options);
    describeStoredNames(context);
    describeLasting(context);

    it("answers a ping, and one epoch to every instance", async () => {
      await store.ping();
      const epochs = await Promise.all(under.peers.map((peer) => peer.epoch()));
      expect(new Set(epochs).size).toBe(1);
      expect(epochs[0]).toMatch(/^\S{16,}$/);
    });
  });
}

/** What the parts of the suite work with. */
export interface Context {
  readonly store: () => Store;
  readonly pass: (by: Seconds) => void;
  readonly race: <T>(act: (peer: Store, n: number) => Promise<T>) => Promise<T[]>;
}

function describeRecords({ store, pass, race }: Context): void {
  it("keeps a value exactly as JSON says it: empty lists, null, large numbers, quotes, line breaks, other scripts", async () => {
    const value: Flow = {
      state: "issued",
      client: 'a "quoted"\nline\u2028 ünï \\ ,\n"state":"redeemed"',
      list: [],
      nested: { deep: [0, null, 9_007_199_254_740_991, -1.5e-7], text: "" },
    };
    const id = fresh();
    await store().put(flowKind, id, value, { ttl: minute });
    expect(await store().get(flowKind, id)).toEqual(value);
    const won = await store().advance(flowKind, id, ["issued"], { state: "shown", list: [""] });
    expect(won).toEqual({ outcome: "won", value: { ...value, state: "shown", list: [""] } });
    expect(await store().get(flowKind, id)).toEqual({ ...value, state: "shown", list: [""] });
  });

  it("gives out copies: neither the giver's nor a reader's later changes reach what is kept", async () => {
    const id = fresh();
    const given = { ...issued, list: ["a"] };
    await store().put(flowKind, id, given, { ttl: minute });
    given.list.push("b");
    ((await store().get(flowKind, id)) as { list?: string[] } | undefined)?.list?.push("c");
    expect((await store().get(flowKind, id))?.list).toEqual(["a"]);
  });

  it("keeps the listed fields only, at put and at advance", async () => {
    const id = fresh();
    await store().put(flowKind, id, { ...issued, canary: "s3cret" } as Flow, { ttl: minute });
    await store().advance(flowKind, id, ["issued"], { state: "shown", canary: "s3cret" } as Partial<Flow>);
    expect(await store().get(flowKind, id)).toEqual({ ...issued, state: "shown" });
  });

  it("tells kinds apart, even under one id or alias", async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    expect(await store().put(flowKind, id, issued, { ttl: minute, aliases: [alias] })).toBe("created");
    expect(await store().get(fruitKind, id)).toBeUndefined();
    expect(await store().resolve(fruitKind, alias)).toBeUndefined();
    expect(await store().take(fruitKind, id)).toBeUndefined();
    expect(await store().put(fruitKind, id, { taste: "sweet" }, { ttl: minute, aliases: [alias] })).toBe("created");
    expect(await store().get(flowKind, id)).toEqual(issued);
  });

  it("refuses an id that is taken and changes nothing", async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute });
    const again = await store().put(flowKind, id, { ...issued, client: "thief" }, { ttl: minute, aliases: [alias] });
    expect(again).toBe("exists");
    expect(await store().get(flowKind, id)).toEqual(issued);
    expect(await store().resolve(flowKind, alias)).toBeUndefined();
  });

  it("refuses a record when one of its aliases is taken, and keeps neither the record nor its other alias", async () => {
    const [id, other, mine, theirs] = [fresh(), fresh(), fresh("alias"), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute, aliases: [theirs] });
    expect(await store().put(flowKind, other, issued, { ttl: minute, aliases: [mine, theirs] })).toBe("exists");
    expect(await store().get(flowKind, other)).toBeUndefined();
    expect(await store().resolve(flowKind, mine)).toBeUndefined();
    expect((await store().resolve(flowKind, theirs))?.id).toBe(id);
  });

  it("finds a record by alias until it is taken; then id and aliases are free again", async () => {
    const [id, one, two] = [fresh(), fresh("alias"), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute, aliases: [one, two] });
    expect(await store().resolve(flowKind, two)).toEqual({ id, value: issued });
    expect(await store().resolve(flowKind, id)).toBeUndefined();
    expect(await store().get(flowKind, one)).toBeUndefined();
    expect(await store().take(flowKind, id)).toEqual(issued);
    expect(await store().resolve(flowKind, one)).toBeUndefined();
    expect(await store().put(flowKind, fresh(), issued, { ttl: minute, aliases: [one, two] })).toBe("created");
    expect(await store().put(flowKind, id, issued, { ttl: minute })).toBe("created");
  });

  it("ends a record and its aliases to the second, for every verb, and frees their names", async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute, aliases: [alias] });
    pass(seconds(59));
    expect(await store().get(flowKind, id)).toEqual(issued);
    expect((await store().resolve(flowKind, alias))?.id).toBe(id);
    pass(seconds(1));
    expect(await store().get(flowKind, id)).toBeUndefined();
    expect(await store().resolve(flowKind, alias)).toBeUndefined();
    expect(await store().advance(flowKind, id, ["issued"], { state: "shown" })).toEqual({ outcome: "absent" });
    expect(await store().take(flowKind, id)).toBeUndefined();
    const heir = fresh();
    expect(await store().put(flowKind, heir, issued, { ttl: minute, aliases: [alias] })).toBe("created");
    expect(await store().put(flowKind, id, issued, { ttl: minute })).toBe("created");
    expect((await store().resolve(flowKind, alias))?.id).toBe(heir);
  });

  it(`gives a record to exactly one of ${racers} takers`, async () => {
    const id = fresh();
    await store().put(flowKind, id, issued, { ttl: minute });
    const taken = await race((peer) => peer.take(flowKind, id));
    expect(taken.filter((value) => value !== undefined)).toEqual([issued]);
  });

  it(`creates exactly one record for ${racers} racers with one id, or with one alias`, async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    const byId = await race((peer) => peer.put(flowKind, id, issued, { ttl: minute }));
    expect(byId.filter((outcome) => outcome === "created")).toHaveLength(1);
    const byAlias = await race((peer) => peer.put(flowKind, fresh(), issued, { ttl: minute, aliases: [alias] }));
    expect(byAlias.filter((outcome) => outcome === "created")).toHaveLength(1);
  });

  it("asserts ids, lifetimes and names of kinds", async () => {
    for (const id of ["", "a b", "a\nb", "ü", "x".repeat(257)]) {
      const tag: Tag = { kind: "login", id: id as LoginId };
      const verbs: (() => Promise<unknown>)[] = [
        () => store().put(flowKind, id, issued, { ttl: minute }),
        () => store().put(flowKind, fresh(), issued, { ttl: minute, aliases: [id] }),
        () => store().put(flowKind, fresh(), issued, { ttl: minute, tags: [tag] }),
        () => store().get(flowKind, id),
        () => store().resolve(flowKind, id),
        () => store().take(flowKind, id),
        () => store().advance(flowKind, id, ["issued"], {}),
        () => store().once("jti", id, minute),
        () => store().spend({ name: "b", limit: 1, window: minute }, id),
        () => store().visit(flowKind, id, { name: "b", limit: 1, window: minute }),
        () => store().revoke(tag, minute),
        () => store().list(flowKind, tag),
      ];
      for (const verb of verbs) await expect(verb(), String(verb)).rejects.toThrow("malformed id");
    }
    for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(store().put(flowKind, fresh(), issued, { ttl: seconds(ttl) })).rejects.toThrow("cannot be kept");
    }
    await expect(store().get(defineKind<Fruit>()("a:b", ["taste"]), fresh())).rejects.toThrow("no name of a kind");
  });
}

function describeAdvance({ store, pass, race }: Context): void {
  it("advances from the right state, and says what it found otherwise", async () => {
    const id = fresh();
    await store().put(flowKind, id, issued, { ttl: minute });
    expect(await store().advance(flowKind, id, ["shown"], { state: "redeemed" })).toEqual({
      outcome: "stale",
      current: issued,
    });
    expect(await store().advance(flowKind, id, ["shown", "issued"], { state: "shown", at: 7 })).toEqual({
      outcome: "won",
      value: { ...issued, state: "shown", at: 7 },
    });
    expect(await store().advance(flowKind, fresh(), ["issued"], {})).toEqual({ outcome: "absent" });
    expect(await store().advance(flowKind, id, [], {})).toMatchObject({ outcome: "stale" });
  });

  it("leaves fields that are undefined in a patch as they are", async () => {
    const id = fresh();
    await store().put(flowKind, id, { ...issued, at: 1 }, { ttl: minute });
    const patch = { state: "shown", at: undefined } as unknown as Partial<Flow>;
    expect(await store().advance(flowKind, id, ["issued"], patch)).toMatchObject({ value: { at: 1 } });
  });

  it("keeps a record's end when it advances, and moves it with its aliases when told to", async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute, aliases: [alias] });
    pass(seconds(30));
    await store().advance(flowKind, id, ["issued"], { state: "shown" });
    pass(seconds(29));
    await store().advance(flowKind, id, ["shown"], { at: 1 }, { ttl: minute });
    pass(seconds(59));
    expect((await store().resolve(flowKind, alias))?.value.at).toBe(1);
    await store().advance(flowKind, id, ["shown"], { at: 2 });
    pass(seconds(1));
    expect(await store().get(flowKind, id)).toBeUndefined();
  });

  it(`lets exactly one of ${racers} racers redeem, and shows the others the redeemed record`, async () => {
    const id = fresh();
    await store().put(flowKind, id, issued, { ttl: minute });
    const outcomes = await race((peer, n) => peer.advance(flowKind, id, ["issued"], { state: "redeemed", at: n }));
    const won = outcomes.filter((o) => o.outcome === "won");
    expect(won).toHaveLength(1);
    const value = won[0]?.value;
    expect(outcomes.filter((o) => o.outcome === "stale").map((o) => o.current)).toEqual(Array(racers - 1).fill(value));
  });
}

function describeCreation({ store, race }: Context): void {
  const fruit = (id: string, more: Partial<Creation<Fruit>> = {}): Creation<Fruit> => ({
    kind: fruitKind,
    id,
    value: { taste: "sweet" },
    ttl: minute,
    ...more,
  });

  it("makes other records in the same step, exactly once", async () => {
    const [id, alias] = [fresh(), fresh("alias")];
    await store().put(flowKind, id, issued, { ttl: minute });
    const names = Array.from({ length: 64 }, () => fresh("fruit"));
    await race((peer, n) =>
      peer.advance(
        flowKind,
        id,
        ["issued"],
        { state: "redeemed" },
        {
          create: [fruit(names[n] ?? ""), fruit(`${names[n]}-2`, { aliases: [`${alias}-${n}`] })],
        },
      ),
    );
    const found = await Promise.all(names.map((name) => store().get(fruitKind, name)));
    expect(found.filter((value) => value !== undefined)).toEqual([{ taste: "sweet" }]);
    const winner = found.findIndex((value) => value !== undefined);
    expect((await store().resolve(fruitKind, `${alias}-${winner}`))?.id).toBe(`${names[winner]}-2`);
  });

  it("makes nothing when the state is another, or the record is gone", async () => {
    const [id, born] = [fresh(), fresh("fruit")];
    await store().put(flowKind, id, issued, { ttl: minute });
    await store().advance(flowKind, id, ["shown"], { state: "redeemed" }, { create: [fruit(born)] });
    await store().advance(flowKind, fresh(), ["issued"], { state: "redeemed" }, { create: [fruit(born)] });
    expect(await store().get(fruitKind, born)).toBeUndefined();
  });

  it("changes nothing at all when one of the records cannot be made", async () => {
    const [id, born, taken, revoked] = [fresh(), fresh("fruit"), fresh("fruit"), freshTag()];
    await store().put(flowKind, id, issued, { ttl: minute });
    await store().put(fruitKind, taken, { taste: "sour" }, { ttl: minute });
    await store().revoke(revoked, minute);
    const attempt = (...create: Creation[]) =>
      store().advance(flowKind, id, ["issued"], { state: "redeemed" }, { create });
    await expect(attempt(fruit(born), fruit(taken))).rejects.toThrow("taken");
    await expect(attempt(fruit(born), fruit(born))).rejects.toThrow("same id");
    expect(await attempt(fruit(born), fruit(fresh(), { tags: [revoked] }))).toEqual({ outcome: "absent" });
    expect(await store().get(flowKind, id)).toEqual(issued);
    expect(await store().get(fruitKind, born)).toBeUndefined();
    expect(await store().get(fruitKind, taken)).toEqual({ taste: "sour" });
  });
}

function describeOnce({ store, pass, race }: Context): void {
  it(`says true to exactly one of ${racers} callers, and again when its time is over`, async () => {
    const id = fresh("jti");
    const said = await race((peer) => peer.once("jti", id, minute));
    expect(said.filter(Boolean)).toHaveLength(1);
    expect(await store().once("nonce", id, minute)).toBe(true);
    pass(seconds(59));
    expect(await store().once("jti", id, minute)).toBe(false);
    pass(seconds(1));
    expect(await store().once("jti", id, minute)).toBe(true);
    expect(await store().once("jti", id, minute)).toBe(false);
  });
}

function describeBudgets({ store, pass, race }: Context): void {
  const budget: Budget = { name: "guesses", limit: 5, window: minute };

  it("never grants more than the budget to racers, and says what is left", async () => {
    const key = fresh("address");
    const spent = await race((peer) => peer.spend(budget, key));
    expect(
      spent
        .filter((s) => s.granted)
        .map((s) => s.left)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4]);
    expect(await store().spend(budget, key, 0)).toEqual({ granted: true, left: 0, resetsIn: 60 });
    expect((await store().spend(budget, fresh("address"))).left).toBe(4);
    expect((await store().spend({ ...budget, name: "other" }, key)).left).toBe(4);
  });

  it("spends beside a read: never more than the budget for racers, and nothing for a record that is absent", async () => {
    const [id, absent] = [fresh("flow"), fresh("flow")];
    await store().put(flowKind, id, issued, { ttl: seconds(30) });
    const visits = await race((peer) => peer.visit(flowKind, id, budget));
    expect(visits.every((v) => v?.value.state === issued.state)).toBe(true);
    expect(visits.filter((v) => v?.spending.granted)).toHaveLength(5);
    expect(await store().spend(budget, id, 0)).toEqual({ granted: true, left: 0, resetsIn: 60 });
    expect(await store().visit(flowKind, absent, budget)).toBeUndefined();
    expect(await store().visit(fruitKind, id, { ...budget, name: "other" })).toBeUndefined();
    expect(await store().spend(budget, absent, 0)).toMatchObject({ left: 5 });
    pass(seconds(31));
    expect(await store().visit(flowKind, id, { ...budget, name: "other" })).toBeUndefined();
  });

  it("makes a record for a unit: never more records than units for racers, and nothing is spent for one that is not made", async () => {
    const cost = { budget, key: fresh("address") };
    const costs = [cost];
    const keeping = { ttl: minute };
    const taken = fresh("flow");
    expect(await store().put(flowKind, taken, issued, keeping, costs)).toBe("created");
    expect(await store().put(flowKind, taken, issued, keeping, costs)).toBe("exists");
    const ids = Array.from({ length: racers }, () => fresh("flow"));
    const outcomes = await race((peer, n) => peer.put(flowKind, ids[n] ?? "", issued, keeping, costs));
    expect(outcomes.filter((o) => o === "created")).toHaveLength(4);
    expect(outcomes.filter((o) => o === "refused")).toHaveLength(racers - 4);
    const kept = await Promise.all(ids.map((id) => store().get(flowKind, id)));
    expect(kept.map((flow) => flow !== undefined)).toEqual(outcomes.map((o) => o === "created"));
    expect(await store().put(flowKind, taken, issued, keeping, costs)).toBe("exists");
    pass(minute);
    expect(await store().spend(budget, cost.key, 0)).toMatchObject({ left: 5 });
  });

  it("spends of several budgets all or nothing, for racers too, and takes all back", async () => {
    const [wide, narrow] = [{ ...budget, name: "wide", limit: 50 }, budget];
    const [all, own, other] = [fresh("all"), fresh("address"), fresh("address")];
    const costs = (key: string) => [
      { budget: wide, key: all },
      { budget: narrow, key },
    ];
    const spent = await race((peer) => peer.spendAll(costs(own)));
    expect(spent.filter(Boolean)).toHaveLength(5);
    expect(await store().spend(wide, all, 0)).toMatchObject({ left: 45 });
    expect(await store().spendAll(costs(other))).toBe(true);
    expect(await store().spendAll(costs(own), -1)).toBe(true);
    expect([await store().spend(wide, all, 0), await store().spend(narrow, own, 0)]).toMatchObject([
      { left: 45 },
      { left: 1 },
    ]);
    const made = await race((peer) => peer.put(flowKind, fresh("flow"), issued, { ttl: minute }, costs(own)));
    expect([made.filter((o) => o === "created").length, made.filter((o) => o === "refused").length]).toEqual([
      1,
      racers - 1,
    ]);
    expect(await store().spend(wide, all, 0)).toMatchObject({ left: 44 });
    expect(await store().spendAll([])).toBe(true);
  });

  it("gives back what a record cost when it is advanced, once, and not to who does not win", async () => {
    const [id, key, other] = [fresh("flow"), fresh("address"), fresh("address")];
    const costs = [
      { budget, key },
      { budget: { ...budget, name: "wide" }, key: other },
    ];
    await store().put(flowKind, id, issued, { ttl: minute }, costs);
    await store().spend(budget, key, 2);
    const lefts = async () => [
      (await store().spend(budget, key, 0)).left,
      (await store().spend({ ...budget, name: "wide" }, other, 0)).left,
    ];
    await store().advance(flowKind, id, ["shown"], { state: "redeemed" }, { giveBack: costs });
    await store().advance(flowKind, fresh("flow"), ["issued"], { state: "redeemed" }, { giveBack: costs });
    expect(await lefts()).toEqual([2, 4]);
    const create: Creation<Fruit>[] = [{ kind: fruitKind, id: fresh("fruit"), value: { taste: "sweet" }, ttl: minute }];
    const won = await race((peer) =>
      peer.advance(flowKind, id, ["issued"], { state: "redeemed" }, { giveBack: costs }),
    );
    expect(won.filter((w) => w.outcome === "won")).toHaveLength(1);
    expect(await lefts()).toEqual([3, 5]);
    const next = await store().advance(flowKind, id, ["redeemed"], { list: ["x"] }, { giveBack: costs, create });
    expect([next.outcome, await store().get(fruitKind, create[0]?.id ?? "")]).toEqual(["won", { taste: "sweet" }]);
    expect(await lefts()).toEqual([4, 5]);
  });

  it("grants all units or none", async () => {
    const key = fresh("address");
    expect(await store().spend(budget, key, 6)).toEqual({ granted: false, left: 5, resetsIn: 0 });
    expect(await store().spend(budget, key, 4)).toEqual({ granted: true, left: 1, resetsIn: 60 });
    expect(await store().spend(budget, key, 2)).toEqual({ granted: false, left: 1, resetsIn: 60 });
    expect(await store().spend(budget, key)).toMatchObject({ granted: true, left: 0 });
    await expect(store().spend(budget, key, 0.5)).rejects.toThrow("units");
  });

  it("takes units back, never more than were spent, for racers too", async () => {
    const key = fresh("address");
    await store().spend(budget, key, 3);
    expect(await store().spend(budget, key, -1)).toEqual({ granted: true, left: 3, resetsIn: 60 });
    expect(await store().spend(budget, key, -9)).toEqual({ granted: true, left: 5, resetsIn: 0 });
    await race(async (peer) => {
      const spent = await peer.spend(budget, key);
      if (spent.granted) await peer.spend(budget, key, -1);
    });
    expect(await store().spend(budget, key, 0)).toMatchObject({ left: 5 });
  });

  it("slides: in no window are more units granted than the budget has, and each comes back after one window", async () => {
    const key = fresh("address");
    await store().spend(budget, key, 2);
    pass(seconds(40));
    expect(await store().spend(budget, key, 3)).toEqual({ granted: true, left: 0, resetsIn: 60 });
    pass(seconds(19));
    expect(await store().spend(budget, key)).toEqual({ granted: false, left: 0, resetsIn: 41 });
    pass(seconds(1));
    expect(await store().spend(budget, key, 3)).toMatchObject({ granted: false, left: 2 });
    expect(await store().spend(budget, key, 2)).toMatchObject({ granted: true, left: 0 });
    pass(minute);
    expect(await store().spend(budget, key, 0)).toEqual({ granted: true, left: 5, resetsIn: 0 });
  });
}
