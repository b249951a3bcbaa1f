import { systemClock, systemRandom } from "../../src/core/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { describeAccessRequests } from "./access-requests.ts";

describeAccessRequests("the memory store", async () => {
  const store = createMemoryStore({ clock: systemClock, random: systemRandom });
  return { peers: [store], close: () => store.close() };
});
