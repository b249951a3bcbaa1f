import { expect, it } from "vitest";
import { seconds } from "../../src/core/index.ts";
import { type Budget, defineKind, type LookingTag } from "../../src/store/index.ts";
import { type Context, flowKind, fresh, issued, minute } from "./store-contract.ts";

interface Stone {
  readonly state: "lying" | "thrown";
}

const stoneKind = defineKind<Stone>()("stone", ["state"], { lasting: true });
const lying: Stone = { state: "lying" };
const looking = (): LookingTag => ({ kind: "provisioned", what: "users", hash: fresh("hash") });

/** The part of the contract about records that outlive an epoch: they are looked through by a tag, and ended one by one. */
export function describeLasting({ store, pass }: Context): void {
  it("lists lasting records by their tag, until each is taken or ends", async () => {
    const [tag, other, [one, two, three]] = [looking(), looking(), [fresh(), fresh(), fresh()]];
    await store().put(stoneKind, one, lying, { ttl: minute, tags: [tag] });
    await store().put(stoneKind, two, lying, { ttl: seconds(10), tags: [tag] });
    await store().put(stoneKind, three, lying, { ttl: minute, tags: [other] });
    expect((await store().list(stoneKind, tag)).map(({ id }) => id)).toEqual([two, one]);
    pass(seconds(10));
    await store().advance(stoneKind, one, ["lying"], { state: "thrown" }, { ttl: minute });
    expect(await store().list(stoneKind, tag)).toEqual([{ id: one, value: { state: "thrown" } }]);
    await store().take(stoneKind, one);
    expect(await store().list(stoneKind, tag)).toEqual([]);
  });

  it("counts lasting records by what they cost, and gives it back with their last change", async () => {
    const budget: Budget = { name: "stones", limit: 2, window: minute };
    const costs = [{ budget, key: fresh("pile") }];
    const put = (id: string) => store().put(stoneKind, id, lying, { ttl: minute }, costs);
    const first = fresh();
    expect([await put(first), await put(fresh()), await put(fresh())]).toEqual(["created", "created", "refused"]);
    await store().advance(stoneKind, first, ["lying"], { state: "thrown" }, { giveBack: costs });
    expect([await put(fresh()), await put(fresh())]).toEqual(["created", "refused"]);
  });

  it("takes no tag for a lasting record that could end it, and none for looking for another", async () => {
    const person = { kind: "known-people" } as const;
    await expect(store().put(stoneKind, fresh(), lying, { ttl: minute, tags: [person] })).rejects.toThrow("lasting");
    await expect(store().put(flowKind, fresh(), issued, { ttl: minute, tags: [looking()] })).rejects.toThrow("looking");
  });
}
