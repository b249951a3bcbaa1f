import type { Step } from "../runner.ts";
import type { World } from "./world.ts";

/** A review of all grants. */
export const review: Step<World> = {
  name: "The manager reviews all grants of the tenant, and what came of it stands beside the policy",
  run: async ({ alice }, tell) => {
    await alice.open("/console/customer-a/reviews");
    alice.takeClicks();
    const started = Date.now();
    await alice.click("main form button");
    tell.same("one by one", /One by one: \d+/.test(await alice.read()), true);
    await alice.click("button[value=keep-rest]");
    tell.same("then", (await alice.read()).includes("All is decided."), true);
    await alice.click("form[action$='/close'] button");
    tell.same("over", /kept|confirmed/i.test(await alice.read()), true);
    tell.say(`${alice.takeClicks()} clicks, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  },
};
