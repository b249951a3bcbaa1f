import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock, systemRandom } from "../../src/core/index.ts";
import { startDevices } from "../../src/issuer/device/authorize.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { poll, postForm, startDevice } from "../support/device-login.ts";

// A limit that is checked and then spent is overrun by asking in parallel (CVE-2024-1722).

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

describe("S-56: one atomic limiter", () => {
  test("200 concurrent requests never exceed a budget by one", async () => {
    const store = createMemoryStore({ clock: systemClock, random: systemRandom });
    const budget = { ...startDevices, limit: 7 };
    const granted = await Promise.all(Array.from({ length: 200 }, () => store.spend(budget, "192.0.2.1")));
    expect(granted.filter((s) => s.granted)).toHaveLength(7);
    await store.close();
  });

  test("device starts of one address end at the budget, say when to come back, and leave honest polls alone", async () => {
    const honest = await startDevice(broker.issuer, { client_id: "gx1" });
    const answers = await Promise.all(
      Array.from({ length: startDevices.limit + 50 }, () =>
        postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }),
      ),
    );
    expect(answers.filter((a) => a.status === 200)).toHaveLength(startDevices.limit - 1);
    expect(answers.filter((a) => a.status === 429)).toHaveLength(51);
    const pending = await poll(broker.issuer, { client_id: "gx1", device_code: honest.device_code });
    expect(pending).toMatchObject({ status: 400, body: { error: "authorization_pending" } });
  });
});
