import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SubjectId, TenantName } from "../../src/core/index.ts";
import {
  type AccessRequest,
  keepRequest,
  moveRequest,
  readRequest,
  requestsBy,
} from "../../src/operations/access/record.ts";
import type { Store } from "../../src/store/index.ts";

/** Instances that share one state, and the end of it. */
interface StoresUnderTest {
  readonly peers: readonly [Store, ...Store[]];
  close(): Promise<void>;
}

const racers = 16;
const tenant = "acme" as TenantName;
const request = (sub: string, askedAt: number) =>
  ({
    state: "asked",
    tenant,
    sub,
    set: "s",
    at: ["gx1"],
    askedAt,
    waitsUntil: askedAt + 60,
  }) as unknown as AccessRequest;
let count = 0;
const fresh = () => `request-${String(++count).padStart(20, "0")}`;

/** What access requests need of a store: many ask and decide at once, at many instances. */
export function describeAccessRequests(name: string, open: () => Promise<StoresUnderTest>): void {
  describe(`access requests on ${name}`, () => {
    let under: StoresUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());
    const at = (n: number) => ({ store: under.peers[n % under.peers.length] ?? under.peers[0] });
    const all = <T>(act: (n: number) => Promise<T>) => Promise.all(Array.from({ length: racers }, (_, n) => act(n)));

    it("one wish is kept once", async () => {
      const id = fresh();
      const kept = await all((n) => keepRequest(at(n), id, request("p-1", 1)));
      expect(kept.filter((outcome) => outcome === "created")).toHaveLength(1);
      expect(new Set(kept)).toEqual(new Set(["created", "exists"]));
    });

    it("of all who decide at once one does, and each other sees what it became", async () => {
      const id = fresh();
      await keepRequest(at(0), id, request("p-2", 2));
      const states = ["approving", "denied", "withdrawn", "expired"] as const;
      const moved = await all((n) => moveRequest(at(n), id, ["asked"], { state: states[n % 4] ?? "denied" }));
      expect(moved.filter(({ won }) => won)).toHaveLength(1);
      const now = (await readRequest(at(1), id))?.state;
      expect(moved.every((one) => one.now?.state === now)).toBe(true);
    });

    it("are found by tenant and by person, the newest first, and whole", async () => {
      const [first, second] = [fresh(), fresh()];
      await keepRequest(at(0), first, request("p-3", 30));
      await keepRequest(at(1), second, request("p-3", 31));
      await moveRequest(at(2), first, ["asked"], { state: "denied", denial: "no" });
      const own = await requestsBy(at(0), { sub: "p-3" as SubjectId });
      expect(own).toEqual([
        { id: second, value: request("p-3", 31) },
        { id: first, value: { ...request("p-3", 30), state: "denied", denial: "no" } },
      ]);
      const ids = (await requestsBy(at(1), { tenant })).map(({ id }) => id);
      expect([ids.indexOf(second), ids.indexOf(first)]).toEqual([0, 1]);
      expect(await requestsBy(at(0), { tenant: "other" as TenantName })).toEqual([]);
    });

    it("a person asks twenty times a day at most, whatever the instance", async () => {
      const kept = await Promise.all(
        Array.from({ length: 24 }, (_, n) => keepRequest(at(n), fresh(), request("p-4", 40))),
      );
      expect(kept.filter((outcome) => outcome === "created")).toHaveLength(20);
      expect(kept.filter((outcome) => outcome === "refused")).toHaveLength(4);
    });
  });
}
