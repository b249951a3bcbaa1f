import { eventually } from "../../support/stack-person.ts";
import type { Step } from "../runner.ts";
import type { World } from "./world.ts";

const places = ["gx1", "gx2"] as const;
/** Seconds until a cloud must show what was decided, or what is over. */
const soon = 20;

/** Roles of Dora on project prod of each cloud, by a token that was made now. */
async function rolesOfDora(world: World): Promise<string> {
  const dora = await world.person("dora@a.example");
  const roles = await Promise.all(places.map(async (cloud) => dora.roles(cloud, await dora.atCloud(cloud), "prod")));
  return JSON.stringify(roles);
}

/** Dora asks on her own page for what the tenant lets people ask for. */
async function ask({ dora }: World, reason: string): Promise<void> {
  await dora.open("/access");
  await dora.choose({ set: "auditor", for: "2m" });
  for (const place of places) await dora.check(`at.${place}`);
  await dora.fill({ reason });
  await dora.click("main form button");
}

/** Access requests: one is denied, one approved, and its time ends. */
export const requests: Step<World> = {
  name: "A person asks for rights: one request is denied, one approved for two minutes; the clouds show it, and that it is over",
  run: async (world, tell) => {
    const { alice, dora } = world;
    await dora.signIn("dora@a.example", { at: "/access" });
    await ask(world, "curiosity");
    tell.same("what Dora reads", (await dora.read()).includes("waits for a decision"), true);
    await alice.open("/console/customer-a/requests?waiting=yes");
    alice.takeClicks();
    await alice.click("tbody a");
    await alice.fill({ reason: "That is no reason." });
    await alice.click("button[value=deny]");
    tell.same("then", (await alice.read()).includes("Denied."), true);
    tell.say(`denied with ${alice.takeClicks()} clicks`);
    tell.same("Dora's roles on project prod", await rolesOfDora(world), "[[],[]]");
    await ask(world, "the audit of this year");
    await alice.open("/console/customer-a/requests?waiting=yes");
    alice.takeClicks();
    await alice.click("tbody a");
    await alice.click("button[value=preview]");
    tell.same("it says first who gains", /Dora Ahrens/.test(await alice.read()), true);
    await alice.click("button[value=approve]");
    const approved = Date.now();
    tell.same("then", (await alice.read()).includes("Approved, and in use."), true);
    tell.say(`approved with ${alice.takeClicks()} clicks`);
    const has = (wanted: string) => (found: string) => found === wanted;
    const both = '[["reader"],["reader"]]';
    tell.same("Dora's roles", await eventually(() => rolesOfDora(world), has(both), soon), both);
    tell.say(`${((Date.now() - approved) / 1000).toFixed(1)} s until both clouds showed it`);
    const left = 120 - (Date.now() - approved) / 1000;
    tell.same("when it is over", await eventually(() => rolesOfDora(world), has("[[],[]]"), left + soon), "[[],[]]");
    tell.say(`${((Date.now() - approved) / 1000 - 120).toFixed(1)} s after its end`);
  },
};
