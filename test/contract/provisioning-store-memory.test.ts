import { instant, manualClock, systemRandom } from "../../src/core/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { describeProvisioning } from "./provisioning.ts";

describeProvisioning("the memory store", async () => {
  const clock = manualClock(instant(1_800_000_000));
  const store = createMemoryStore({ clock, random: systemRandom });
  return { peers: [store], clock, close: () => store.close() };
});
