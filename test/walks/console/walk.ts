import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../../support/policy-repository.ts";
import { eventually, mayOnCluster } from "../../support/stack-person.ts";
import { root } from "../../support/stage.ts";
import type { Step, Walk } from "../runner.ts";
import { byKubectl, byOpenstack } from "./clients.ts";
import { invite } from "./members.ts";
import { makeCora } from "./members-world.ts";
import { project } from "./projects.ts";
import { requests } from "./requests.ts";
import { review } from "./review.ts";
import { startWorld, type World } from "./world.ts";

const clouds = ["gx1", "gx2"] as const;
/** Seconds until a cloud must show what was saved. */
const soon = 20;
const developer = ["cp.customer-a.developer"];
const both = ["cp.customer-a.auditor", "cp.customer-a.developer"];
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

const same = (wanted: unknown) => (found: unknown) => JSON.stringify(found) === JSON.stringify(wanted);
const seconds = (from: number) => ((Date.now() - from) / 1000).toFixed(1);

/** Roles of somebody on project prod of each cloud, by a token that was made now. */
async function rolesOnProd(world: World, email: string): Promise<readonly (readonly string[])[]> {
  const person = await world.person(email);
  return Promise.all(clouds.map(async (cloud) => person.roles(cloud, await person.atCloud(cloud), "prod")));
}

const push: Step<World> = {
  name: "The customer's own policy is pushed to the repository, and both clouds and the cluster have it",
  run: async (world, tell) => {
    const { clone, stack } = world;
    await mkdir(join(clone, "customer-a"));
    const text = await readFile(join(root, "policies/customer-a.yaml"), "utf8");
    // Its last test speaks of the other customer, who has no policy here.
    const askable = "requestable: { sets: [auditor], longest: 2m }\n";
    await writeFile(join(clone, "customer-a/policy.yaml"), text + askable);
    await mkdir(join(clone, "customer-c"));
    await writeFile(join(clone, "customer-c/policy.yaml"), await makeCora(stack));
    git(clone, ["add", "."]);
    git(clone, ["commit", "--quiet", "--message", "Customer A as it was"]);
    git(clone, ["push", "--quiet", "origin", "HEAD:main"]);
    const started = Date.now();
    const dora = await eventually(() => world.person("dora@a.example").catch(() => undefined), Boolean, soon);
    if (dora === undefined) throw new Error("dora is not let in");
    for (const cloud of clouds) {
      const roles = async () => dora.roles(cloud, await dora.atCloud(cloud), "dev");
      tell.same(`dora on project dev of ${cloud}`, await eventually(roles, same(["member", "reader"]), soon), [
        "member",
        "reader",
      ]);
    }
    const mayCreate = async () => mayOnCluster(stack, await dora.token("prod1"), "create");
    tell.same("dora may create in the namespace", await eventually(mayCreate, same("yes"), soon), "yes");
    tell.say(`${seconds(started)} s after the push`);
  },
};

const signIn: Step<World> = {
  name: "A manager signs in at the customer's own Keycloak, and sees who logged in, with every right and its reason",
  run: async ({ alice }, tell) => {
    await alice.signIn("alice@a.example");
    tell.same("the page", await alice.heading(), "People");
    await alice.openPerson("dora");
    tell.same("dora's page", await alice.heading(), "Dora Ahrens");
    tell.same("it names the grant", /project customer-a\/dev\s*member[\s\S]*dev/.test(await alice.read()), true);
    tell.say(`${alice.takeClicks()} clicks`);
  },
};

const give: Step<World> = {
  name: "Dora may read every project until tomorrow: one form, and both clouds and the cluster show it",
  run: async (world, tell) => {
    const { alice, stack } = world;
    tell.same("roles on project prod before", await rolesOnProd(world, "dora@a.example"), [[], []]);
    await alice.openPerson("dora");
    alice.takeClicks();
    await alice.click("main a[href*='/give?']");
    const preview = await alice.wish({ set: "auditor", at: ["gx1", "gx2", "prod1"], lastDay: tomorrow() });
    tell.same("it says first who gains", /1 person gains it:\s*Dora Ahrens/.test(preview), true);
    await alice.click("button[value=save]");
    const saved = Date.now();
    tell.same("then", (await alice.read()).includes("Saved, and in use."), true);
    tell.say(`${alice.takeClicks()} clicks, of which 3 choose the places`);
    const roles = () => rolesOnProd(world, "dora@a.example");
    tell.same("roles on project prod", await eventually(roles, same([["reader"], ["reader"]]), soon), [
      ["reader"],
      ["reader"],
    ]);
    const dora = await world.person("dora@a.example");
    for (const cloud of clouds) tell.same(`openstack on ${cloud}`, await byOpenstack(world, dora, cloud), "yes");
    const mayRead = async () => mayOnCluster(stack, await dora.token("prod1"), "get");
    tell.same("on the cluster", await eventually(mayRead, same("yes"), soon), "yes");
    tell.same("kubectl: may get", await byKubectl(world, dora, "get"), "yes");
    tell.same("kubectl: may escalate", await byKubectl(world, dora, "escalate"), "no");
    tell.say(`${seconds(saved)} s until the clouds showed it`);
  },
};

const file: Step<World> = {
  name: "The change is a commit of hers, and what was written by hand is as it was",
  run: async ({ clone }, tell) => {
    git(clone, ["pull", "--quiet", "origin", "main"]);
    const text = await readFile(join(clone, "customer-a/policy.yaml"), "utf8");
    const before = await readFile(join(root, "policies/customer-a.yaml"), "utf8");
    const kept = before.split("\n").filter((line) => !text.split("\n").includes(line));
    tell.same("lines that were there and are not", kept, []);
    tell.same(
      "author",
      git(clone, ["log", "-1", "--format=%an, %s"]).trim(),
      "Alice Ahrens, customer-a: grant auditor-person-dora and 1 more",
    );
    for (const line of git(clone, ["show", "--format=", "--unified=0"]).trim().split("\n").slice(4))
      tell.say(`| ${line}`);
  },
};

const undo: Step<World> = {
  name: "It is undone with one click, and gone from the next token and from both clouds",
  run: async (world, tell) => {
    const { alice } = world;
    const dora = await world.person("dora@a.example");
    tell.same("groups before", await dora.groups("gx1"), both);
    await alice.open("/console/customer-a/changes");
    alice.takeClicks();
    await alice.click("main button.small");
    const undone = Date.now();
    tell.same("then", (await alice.read()).includes("Undone, and in use."), true);
    tell.same("groups in the next token", await dora.groups("gx1"), developer);
    tell.say(`${alice.takeClicks()} click`);
    const roles = () => rolesOnProd(world, "dora@a.example");
    tell.same("roles on project prod", await eventually(roles, same([[], []]), soon), [[], []]);
    for (const cloud of clouds) tell.same(`openstack on ${cloud}`, await byOpenstack(world, dora, cloud), "no");
    tell.say(`${seconds(undone)} s until the clouds showed it`);
  },
};

const limits: Step<World> = {
  name: "What makes a manager is not offered, and a red test of the policy stops a change",
  run: async ({ alice }, tell) => {
    await alice.open("/console/customer-a/give");
    tell.same("domain-manager stands in the form", (await alice.read()).includes("domain-manager"), false);
    await alice.open("/console/customer-a/grants/audit");
    await alice.click("main button.deny");
    tell.same("taking the auditors' grant back", await alice.heading(), "audit cannot be taken back like this");
    await alice.open("/console/customer-b/people");
    tell.same("the other customer", await alice.heading(), "There is nothing here");
  },
};

const leaver: Step<World> = {
  name: "Dora leaves: all that she has open ends in two clicks",
  run: async (world, tell) => {
    const { alice } = world;
    const dora = await world.person("dora@a.example");
    const held = await dora.atCloud("gx1");
    await alice.openPerson("dora");
    alice.takeClicks();
    await alice.click("main a[href$='/end']");
    await alice.click("main button.deny");
    const ended = Date.now();
    tell.same("the page", await alice.heading(), "Ended");
    tell.say(`${alice.takeClicks()} clicks`);
    tell.same("her refresh token", (await dora.refresh("gx1")).body["error"], "invalid_grant");
    const roles = () => dora.roles("gx1", held, "dev");
    tell.same("her token of gx1", await eventually(roles, same([]), 60), []);
    tell.say(`${seconds(ended)} s until the cloud took her token no more`);
  },
};

/** A domain manager runs the own house by the console, on real servers. */
export const consoleWalk: Walk<World> = {
  name: "console",
  about: [
    "Real Keycloak, two real Keystones behind Apache, a real kube-apiserver, a real Chromium, a plain git.",
    "Keycloak's mail goes to a mail server of the walk's own.",
  ],
  limit: 900,
  start: startWorld,
  steps: [push, invite, signIn, give, file, undo, project, requests, review, limits, leaver],
};
