import { expect, test } from "vitest";
import type { MemoryStore } from "../../src/store/memory.ts";
import { boot } from "../support/boot.ts";
import { poll, postForm, startDevice } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(() => boot({ yaml: "clients: [{id: portal, name: Portal, grants: [refresh]}]" }));

test("S-01: a client without the device grant starts nothing, redeems nothing, and leaves nothing in the store", async () => {
  const { device_code } = await startDevice(broker.issuer, { client_id: "gx1" });
  const store = broker.broker.store as MemoryStore;
  const before = store.held();
  expect(outcome(await postForm(`${broker.issuer}/device_authorization`, { client_id: "portal" }))).toBe(
    "400 unauthorized_client",
  );
  expect(outcome(await poll(broker.issuer, { client_id: "portal", device_code }))).toBe("400 unauthorized_client");
  expect(store.held()).toBe(before);
  expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code }))).toBe("400 authorization_pending");
});
