import { eventually } from "../../support/stack-person.ts";
import type { Step } from "../runner.ts";
import type { World } from "./world.ts";

const clouds = ["gx1", "gx2"] as const;
const seconds = (from: number) => ((Date.now() - from) / 1000).toFixed(1);
const inTwoDays = () => new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

/** A project on two clouds, made with the manager's own rights there. */
export const project: Step<World> = {
  name: "The manager makes a project on two clouds, with the own rights there, and gives it to a group at once",
  run: async ({ alice, person }, tell) => {
    // A guest has no right yet; that he tried is how the manager finds such a person.
    await person("guest@a.example").catch(() => undefined);
    const known = async () => {
      await alice.open("/console/customer-a/people?search=guest");
      return (await alice.read()).includes("Guest Ahrens");
    };
    tell.same("a guest without any right is found", await eventually(known, Boolean, 40), true);
    await alice.open("/console/customer-a/projects");
    alice.takeClicks();
    await alice.click("main a[href$='/projects/new']");
    await alice.fill({ name: "web", description: "Made by the walk" });
    for (const cloud of clouds) await alice.check(`at.${cloud}`);
    await alice.check("role.member");
    const started = Date.now();
    await alice.click("main form button");
    tell.same("the outcome", [...(await alice.read()).matchAll(/is there/g)].length, 2);
    tell.say(`${alice.takeClicks()} clicks, of which 3 choose clouds and role; ${seconds(started)} s`);
    await alice.click("main a.button[href*='/give?']");
    await alice.press("to-group");
    await alice.fill({ group: "visitors", "last-day": inTwoDays() });
    await alice.click("main form button");
    const preview = await alice.read();
    if (!preview.includes("Guest Ahrens")) tell.say(preview.replace(/\s+/g, " "));
    tell.same("it says first who gains", /gains? it:[\s\S]*Guest Ahrens/.test(preview), true);
    await alice.click("button[value=save]");
    const saved = Date.now();
    tell.say(`${alice.takeClicks()} clicks give it to a group until the day after tomorrow`);
    const guest = await eventually(() => person("guest@a.example").catch(() => undefined), Boolean, 20);
    if (guest === undefined) throw new Error("the guest is not let in");
    for (const cloud of clouds) {
      const roles = async () =>
        guest.roles(cloud, await guest.atCloud(cloud), "web").catch(() => [] as readonly string[]);
      const has = (found: readonly string[]) => found.join() === "member,reader";
      tell.same(`The guest's roles on project web of ${cloud}`, await eventually(roles, has, 30), ["member", "reader"]);
    }
    tell.say(`${seconds(saved)} s until both clouds showed it`);
    const listed = async () => {
      await alice.open("/console/customer-a/projects");
      return /web\s*there\s*there/.test(await alice.read());
    };
    tell.same("the list shows it on both", await eventually(listed, Boolean, 40), true);
  },
};
