import { beforeEach, describe, expect, test } from "vitest";
import { instant, makeSeal, manualClock, type Person, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import {
  addUser,
  changeUser,
  openProvisioned,
  openSources,
  type ProvisioningDeps,
  type Resource,
  removeUser,
} from "../../../src/provisioning/index.ts";
import { createMemoryStore, type Store } from "../../../src/store/index.ts";

// Who was taken out stays out, whatever push under the same value fails afterwards.

const sources = openSources(
  [{ identityProvider: "one", match: { attribute: "userName", claim: "email" }, required: false }],
  () => ({ name: "customer-a" }) as never,
);
const source = sources.of("one") ?? (undefined as never);
const clock = manualClock(instant(1_800_000_000));

let deps: ProvisioningDeps;
let full = false;
beforeEach(() => {
  full = false;
  const store = createMemoryStore({ clock, random: systemRandom });
  const put: Store["put"] = async (kind, ...more) =>
    full && kind.name === "provisioned-user" ? "refused" : store.put(kind, ...more);
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  deps = {
    store: new Proxy(store, {
      get: (held, name) => (name === "put" ? put : (held[name as keyof Store] as () => void).bind(held)),
    }),
    seal,
    clock,
    random: systemRandom,
  };
});

const added = async (userName: string, externalId?: string): Promise<Resource> => {
  const made = await addUser(deps, source, { userName, ...(externalId && { externalId }) });
  if (!made.ok) throw new Error("not made");
  return made.value;
};
const removed = async (userName: string) => {
  await removeUser(deps, source, await added(userName));
};
const refused = async (userName: string) => {
  // What is forgotten after a while must not let anybody in either.
  clock.advance(seconds(120));
  const person = { identityProvider: "one", tenant: "customer-a", claims: { email: userName }, emailVerified: true };
  return (await openProvisioned(deps, sources).refuses(person as unknown as Person))?.detail;
};
const out = "the pushed user was removed";

describe("a removed person stays out", () => {
  test.each([
    ["whose name is pushed with another's id", () => addUser(deps, source, { userName: "ann", externalId: "x1" })],
    [
      "whose name is pushed where there is no room",
      () => {
        full = true;
        return addUser(deps, source, { userName: "ann" });
      },
    ],
    [
      "whose name another user is given with another's id",
      async () => changeUser(deps, source, await added("bea"), { attributes: { userName: "ann", externalId: "x1" } }),
    ],
    [
      "whose name another user is given that was changed meanwhile",
      async () =>
        changeUser(deps, source, { ...(await added("bea")), version: "old" }, { attributes: { userName: "ann" } }),
    ],
  ])("%s", async (_, push) => {
    await added("carl", "x1");
    await removed("ann");
    expect(await refused("ann")).toBe(out);
    expect((await push()).ok).toBe(false);
    expect(await refused("ann")).toBe(out);
    full = false;
    expect((await addUser(deps, source, { userName: "ann" })).ok).toBe(true);
    expect(await refused("ann")).toBeUndefined();
  });

  test("who was renamed away, when the way back fails", async () => {
    await added("carl", "x1");
    const ann = await added("ann");
    const renamed = await changeUser(deps, source, ann, { attributes: { userName: "anna" } });
    if (!renamed.ok) throw new Error("not renamed");
    expect(await refused("ann")).toBe(out);
    expect(
      (await changeUser(deps, source, renamed.value, { attributes: { userName: "ann", externalId: "x1" } })).ok,
    ).toBe(false);
    expect(await refused("ann")).toBe(out);
    expect(await refused("anna")).toBeUndefined();
  });

  test("and a name that was nobody's is nobody's after a push that fails", async () => {
    await added("carl", "x1");
    expect((await addUser(deps, source, { userName: "dora", externalId: "x1" })).ok).toBe(false);
    expect(await refused("dora")).toBeUndefined();
  });
});
