import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { withBrought } from "../../../src/realms/brought.ts";
import { realmKinds } from "../../../src/realms/driver.ts";
import { authorizationPolicyKind } from "../../../src/realms/kinds/authorization.ts";
import type { Sight } from "../../../src/realms/kinds/kind.ts";
import { planFrom, type Resource } from "../../../src/reconcile/index.ts";

/** How often a member of these objects is read while `work` is done. */
async function readsOf<T extends object>(
  all: readonly T[],
  member: keyof T,
  work: (all: readonly T[]) => unknown,
): Promise<number> {
  let reads = 0;
  const counted = all.map((one) => {
    const value = one[member];
    const get = () => {
      reads++;
      return value;
    };
    return Object.defineProperty({ ...one }, member, { get, enumerable: true });
  });
  await work(counted);
  return reads;
}

const names = (length: number): string[] => Array.from({ length }, (_, i) => `thing ${i}`);

/** Twice as many things may be looked at twice as often, and a little more. */
async function isLinear(reads: (length: number) => Promise<number>): Promise<void> {
  const [few, many] = [await reads(100), await reads(200)];
  expect(many).toBeLessThan(few * 2.5);
}

describe("in a realm with thousands of objects each is looked at a few times", () => {
  it("where it is told what Keycloak brings along with every client", async () => {
    const clients = (length: number): Resource[] => names(length).map((key) => ({ kind: "client", key, fields: {} }));
    const asked = { all: [], asksWhose: () => false, isOurs: () => false };
    await isLinear((length) =>
      readsOf(clients(length), "kind", (desired) => withBrought({} as never, [], { ...asked, desired })),
    );
  });

  it("where an imported file leaves a masked secret of each alone", async () => {
    const planner = { name: "keycloak", kinds: realmKinds };
    const things = (length: number) => names(length).map((key) => ({ kind: "identity-provider", key, fields: {} }));
    const ignored = (length: number) => things(length).map((it) => ({ ...it, path: ["config"], because: "masked" }));
    await isLinear((length) =>
      readsOf(ignored(length), "kind", (ignore) => planFrom(planner, things(length), [], { ignore, now: instant(0) })),
    );
  });

  it("where a client guards something by every policy", async () => {
    const policies = (length: number) => names(length).map((name) => ({ name, type: "role", config: {} }));
    const sightOf = (list: readonly object[]) => {
      const clientExport = { clients: [{ clientId: "shop", authorizationSettings: { policies: list } }] };
      return { snapshot: { clients: [], clientExport }, wanted: new Map() } as unknown as Sight<"authorization-policy">;
    };
    await isLinear((length) =>
      readsOf(policies(length), "type", (list) => authorizationPolicyKind.observe(sightOf(list))),
    );
  });
});
