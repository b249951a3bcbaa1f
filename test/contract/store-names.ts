import { expect, it } from "vitest";
import { defineKind } from "../../src/store/index.ts";
import { type Context, fresh, freshTag, minute } from "./store-contract.ts";

/** As the release before wrote it. */
interface Before {
  readonly state: "issued" | "shown";
  readonly family: string;
  readonly grant: string;
  readonly at?: number;
}
/** The same record under the names of today. */
interface Now {
  readonly state: Before["state"];
  readonly login: string;
  readonly realmGrant: { readonly kind: "robot" } | { readonly kind: "realm"; readonly id: string };
  readonly at?: number;
}
const beforeKind = defineKind<Before>()("renamed", ["state", "family", "grant", "at"]);
const nowKind = defineKind<Now>()("renamed", ["state", "login", "realmGrant", "at"], {
  stored: {
    login: { name: "family" },
    realmGrant: {
      name: "grant",
      form: {
        write: (grant) => (grant.kind === "robot" ? "" : grant.id),
        read: (stored) => (stored === "" ? { kind: "robot" } : { kind: "realm", id: String(stored) }),
      },
    },
  },
});

/** Instances of two releases share one store while a new one is rolled out. */
export function describeStoredNames({ store }: Context): void {
  const old: Before = { state: "issued", family: "l1", grant: "" };
  const today: Now = { state: "issued", login: "l1", realmGrant: { kind: "robot" } };

  it("reads by every verb what another release wrote under other names", async () => {
    const [id, alias, tag] = [fresh(), fresh("alias"), freshTag()];
    await store().put(beforeKind, id, old, { ttl: minute, aliases: [alias], tags: [tag] });
    expect(await store().get(nowKind, id)).toEqual(today);
    expect(await store().resolve(nowKind, alias)).toEqual({ id, value: today });
    expect(await store().list(nowKind, tag)).toEqual([{ id, value: today }]);
    expect((await store().visit(nowKind, id, { name: "b", limit: 9, window: minute }))?.value).toEqual(today);
    expect(await store().advance(nowKind, id, ["shown"], {})).toEqual({ outcome: "stale", current: today });
    expect(await store().take(nowKind, id)).toEqual(today);
  });

  it("writes and patches so that the other release reads it", async () => {
    const id = fresh();
    await store().put(nowKind, id, today, { ttl: minute });
    expect(await store().get(beforeKind, id)).toEqual(old);
    const patch = { state: "shown", login: "l2", realmGrant: { kind: "realm", id: "g" } } as const;
    expect(await store().advance(nowKind, id, ["issued"], patch)).toEqual({ outcome: "won", value: patch });
    expect(await store().advance(beforeKind, id, ["shown"], { at: 1 })).toEqual({
      outcome: "won",
      value: { state: "shown", family: "l2", grant: "g", at: 1 },
    });
    expect(await store().get(nowKind, id)).toEqual({ ...patch, at: 1 });
  });
}
