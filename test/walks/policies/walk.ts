import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, mayOnCluster } from "../../support/stack-person.ts";
import type { Step, Walk } from "../runner.ts";
import { leaver } from "./leaver.ts";
import { example, exits, startWorld, tokenLife, type World } from "./world.ts";

/** How long the grant of the contractors lasts, in seconds: enough to see it work, short enough to see it end. */
const windowSeconds = 75;
const clouds = ["gx1", "gx2"] as const;
let until = 0;

/** Customer A's policy without its tests; nobody audits, until somebody is let for a while. */
async function policyOfA(grant = ""): Promise<string> {
  const text = `${(await example("customer-a.yaml")).split("\ntests:")[0]}\n`;
  return text.replace(/^ {2}- \{ id: audit,.*\n/m, grant);
}

const windowed = (end: number): string =>
  `  - { id: audit-week, give: auditor, to: developers, at: [gx1, gx2, prod1], valid: { until: "${new Date(end).toISOString()}" } }\n`;

const customer: Step<World> = {
  name: "A new customer: two files, a plan, an apply; both clouds and the cluster have it, and the broker without a restart",
  run: async (world, tell) => {
    const { write, policies, stack } = world;
    await write("targets.yaml", await example("targets.yaml"));
    await write("customer-a.yaml", await policyOfA());
    tell.same("exit code of plan", (await policies(tell, "plan")).code, exits.changes);
    tell.same("exit code of apply", (await policies(tell, "apply", "--yes")).code, exits.ok);
    tell.same("exit code of the next plan", (await policies(tell, "plan")).code, exits.ok);
    const alice = await eventually(
      () => world.person("alice@a.example").catch(() => undefined),
      (person) => person !== undefined,
      20,
    );
    if (alice === undefined) throw new Error("the broker does not let alice of the new customer in");
    for (const cloud of clouds) {
      const unscoped = await alice.atCloud(cloud);
      tell.same(`alice on project dev of ${cloud}`, await alice.roles(cloud, unscoped, "dev"), ["member", "reader"]);
    }
    const token = await alice.token("prod1");
    tell.same("alice may create in the namespace", await mayOnCluster(stack, token, "create"), "yes");
  },
};

const grant: Step<World> = {
  name: `A grant for ${windowSeconds} seconds: developers may read every project`,
  run: async (world, tell) => {
    until = Date.now() + windowSeconds * 1000;
    await world.write("customer-a.yaml", await policyOfA(windowed(until)));
    tell.same("exit code of apply", (await world.policies(tell, "apply", "--yes")).code, exits.ok);
    const dora = await world.person("dora@a.example");
    const both = ["cp.customer-a.auditor", "cp.customer-a.developer"];
    const groups = await eventually(
      () => dora.groups("gx1"),
      (found) => JSON.stringify(found) === JSON.stringify(both),
      10,
    );
    tell.same("groups in dora's token", groups, both);
    for (const cloud of clouds) {
      const unscoped = await dora.atCloud(cloud);
      tell.same(`dora on project prod of ${cloud}`, await dora.roles(cloud, unscoped, "prod"), ["reader"]);
    }
  },
};

const explanation: Step<World> = {
  name: "Why: the grants that match a login, the failing condition of those that do not, and who holds a right",
  run: async ({ cloudpass, folder }, tell) => {
    const claims = join(folder, "claims.json");
    await writeFile(claims, JSON.stringify({ groups: ["developers"] }));
    const where = ["--policies", join(folder, "policies")];
    const asked = ["policies", "explain", claims, ...where, "--upstream", "customer-a-idp", "--target", "gx1"];
    const now = await cloudpass(tell, ...asked);
    tell.same("exit code", now.code, exits.ok);
    tell.same("it names the grant and its line", /audit-week[\s\S]*customer-a\.yaml:\d+/.test(now.stdout), true);
    const later = await cloudpass(tell, ...asked, "--at", new Date(until + 1000).toISOString());
    tell.same("after its end it says why not", /valid only until/.test(later.stdout), true);
    const who = await cloudpass(tell, "policies", "explain", ...where, "--who", "manager on gx1 domain customer-a");
    tell.same("who is manager", /dm\b/.test(who.stdout), true);
  },
};

const expiry: Step<World> = {
  name: "The window ends: gone from the next token at once, and an apply takes it from who still has a token of a cloud",
  run: async (world, tell) => {
    const dora = await world.person("dora@a.example");
    const held = await Promise.all(clouds.map(async (cloud) => [cloud, await dora.atCloud(cloud)] as const).reverse());
    const ofCluster = await dora.token("prod1");
    const left = Math.max(0, until - Date.now());
    tell.say(`${Math.ceil(left / 1000)} s until the end of the window`);
    const groups = await eventually(
      () => dora.groups("gx1"),
      (found) => JSON.stringify(found) === JSON.stringify(["cp.customer-a.developer"]),
      left / 1000 + 5,
    );
    tell.same("groups in dora's next token", groups, ["cp.customer-a.developer"]);
    const capped = await eventually(
      () => mayOnCluster(world.stack, ofCluster, "get"),
      (found) => found === "401",
      30,
    );
    tell.same("the cluster's token of before, which could not outlive the window", capped, "401");
    tell.same("exit code of plan", (await world.policies(tell, "plan")).code, exits.changes);
    tell.same("exit code of apply", (await world.policies(tell, "apply", "--yes")).code, exits.ok);
    for (const [cloud, unscoped] of held)
      tell.same(`${cloud}'s token of before, on project prod`, await dora.roles(cloud, unscoped, "prod"), []);
    const again = await dora.atCloud("gx1");
    tell.same("dora is still a developer", await dora.roles("gx1", again, "dev"), ["member", "reader"]);
  },
};

const end: Step<World> = {
  name: "Nothing is left to do, and what was written down of all this is whole",
  run: async ({ policies, cloudpass, folder }, tell) => {
    tell.same("exit code of plan", (await policies(tell, "plan")).code, exits.ok);
    const verified = await cloudpass(tell, "audit", "verify", "--config", join(folder, "broker.yaml"));
    tell.same("exit code of audit verify", verified.code, exits.ok);
  },
};

/** Policies as files on real servers: from a customer's first day to a leaver's last. */
export const policiesWalk: Walk<World> = {
  name: "policies",
  about: [
    "Real: Keycloak, two Keystones behind Apache, etcd, kube-apiserver, Redis, the broker. Only the browser is a script.",
    `Waited for: the end of a grant's window (${windowSeconds} s) and of a leaver's last token for the cluster (${tokenLife} s).`,
  ],
  limit: 300,
  start: startWorld,
  steps: [customer, grant, explanation, expiry, leaver, end],
};
