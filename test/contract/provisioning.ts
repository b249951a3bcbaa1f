import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clock, makeSeal, Secret, systemRandom } from "../../src/core/index.ts";
import {
  addUser,
  changeUser,
  findUser,
  listUsers,
  openSources,
  removeUser,
  type Source,
  userUnder,
} from "../../src/provisioning/index.ts";
import type { Store } from "../../src/store/index.ts";

/** A store under test; at least one instance of it. */
export interface UnderTest {
  readonly peers: readonly [Store, ...Store[]];
  readonly clock: Clock;
  close(): Promise<void>;
}

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const sources = openSources(
  ["one", "two"].map((identityProvider) => ({
    identityProvider,
    match: { attribute: "userName" as const, claim: "upstream_username" },
    required: false,
  })),
  () => ({ name: "customer-a" }) as never,
);
const sourceOf = (alias: string): Source => sources.of(alias) ?? (undefined as never);
let counter = 0;

/** What a directory pushed, on a store: values belong to one user, whoever asks at the same moment. */
export function describeProvisioning(name: string, open: () => Promise<UnderTest>): void {
  describe(`pushed users on ${name}`, () => {
    let under: UnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());
    const depsOf = (n = 0) => ({
      store: under.peers[n % under.peers.length] ?? under.peers[0],
      seal,
      clock: under.clock,
      random: systemRandom,
    });
    const one = sourceOf("one");
    const fresh = () => `user-${++counter}`;

    it("of 32 that are made under one name at the same moment, one is there, and found under it", async () => {
      const userName = fresh();
      const made = await Promise.all(Array.from({ length: 32 }, (_, n) => addUser(depsOf(n), one, { userName })));
      const there = (await listUsers(depsOf(), one)).filter(({ attributes }) => attributes["userName"] === userName);
      expect(made.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
      expect(there.length).toBe(made.filter(({ ok }) => ok).length);
      // Where all gave way to each other, the next one has it.
      const [winner] = there;
      if (winner === undefined) expect((await addUser(depsOf(), one, { userName })).ok).toBe(true);
      else expect((await userUnder(depsOf(1), one, "userName", userName.toUpperCase()))?.id).toBe(winner.id);
    });

    it("a change is held against what was seen; of 16 at the same moment one is made", async () => {
      const userName = fresh();
      const made = await addUser(depsOf(), one, { userName });
      if (!made.ok) throw new Error("not made");
      const changes = Array.from({ length: 16 }, (_, n) =>
        changeUser(depsOf(n), one, made.value, { attributes: { userName, displayName: String(n) } }),
      );
      expect((await Promise.all(changes)).filter(({ ok }) => ok)).toHaveLength(1);
      expect((await removeUser(depsOf(), one, made.value)).ok).toBe(false);
    });

    it("a name that was left is nobody's until somebody takes it, and another source's user has its own", async () => {
      const [before, after] = [fresh(), fresh()];
      const made = await addUser(depsOf(), one, { userName: before });
      const other = await addUser(depsOf(), sourceOf("two"), { userName: before });
      if (!made.ok || !other.ok) throw new Error("not made");
      expect((await changeUser(depsOf(), one, made.value, { attributes: { userName: after } })).ok).toBe(true);
      expect(await userUnder(depsOf(1), one, "userName", before)).toBeUndefined();
      expect((await userUnder(depsOf(1), one, "userName", after))?.id).toBe(made.value.id);
      expect((await userUnder(depsOf(1), sourceOf("two"), "userName", before))?.id).toBe(other.value.id);
      expect(await findUser(depsOf(), one, other.value.id)).toBeUndefined();
      expect((await addUser(depsOf(1), one, { userName: before })).ok).toBe(true);
    });
  });
}
