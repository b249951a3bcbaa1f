import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { handOn } from "../../realms-corpus/hand.ts";
import { comparable } from "../../realms-corpus/oracle/comparable.ts";
import { differences } from "../../realms-corpus/oracle/differences.ts";
import { readWhole } from "../../realms-corpus/oracle/read.ts";
import { make, realmOf, takeAway } from "../../realms-corpus/recipe.ts";
import type { KeycloakAdmin } from "../../support/keycloak-admin.ts";
import type { Step, Walk } from "../runner.ts";
import { livedRealm, secretOfAll } from "./lived.ts";
import { exits, startWorld, type World } from "./world.ts";

/** What somebody made by hand, as far as Keycloak tells it. */
const handMade = async (admin: KeycloakAdmin) => ({
  client: await admin.list("/scs/clients?clientId=by-hand"),
  idp: await admin.get("/scs/identity-provider/instances/self-made"),
});

const steps: readonly Step<World>[] = [
  {
    name: "realms validate: the files are sound, and no server is asked",
    run: async ({ realms }, tell) => {
      tell.same("exit code", (await realms(tell, "validate")).code, exits.ok);
    },
  },
  {
    name: "realms plan: an empty Keycloak lacks all of it",
    run: async ({ realms, folder }, tell) => {
      tell.same("exit code", (await realms(tell, "plan", "--out", join(folder, "plan.json"))).code, exits.changes);
    },
  },
  {
    name: "realms apply: exactly that plan is carried out, and the next one is empty",
    run: async ({ realms, folder }, tell) => {
      tell.same(
        "exit code",
        (await realms(tell, "apply", "--yes", "--plan", join(folder, "plan.json"))).code,
        exits.ok,
      );
      tell.same("exit code of the next plan", (await realms(tell, "plan")).code, exits.ok);
      const again = await realms(tell, "apply", "--yes", "--plan", join(folder, "plan.json"));
      tell.same("exit code of the same plan again: it is stale", again.code, exits.error);
      tell.same("it says so", /the plan is stale/.test(again.stdout), true);
    },
  },
  {
    name: "Mallory makes a client and an IdP by hand, and changes some of ours",
    run: async ({ mallory }, tell) => {
      await mallory.call("POST", "/scs/clients", { clientId: "by-hand", redirectUris: ["https://x.example/"] });
      const urls = { authorizationUrl: "https://x.example/a", tokenUrl: "https://x.example/t" };
      const config = { ...urls, clientId: "x", clientSecret: "y" };
      const idp = { alias: "self-made", providerId: "oidc", enabled: true, config };
      await mallory.call("POST", "/scs/identity-provider/instances", idp);
      const [client] = await mallory.list("/scs/clients?clientId=cloudpass");
      const redirectUris = ["https://evil.example/*"];
      await mallory.call("PUT", `/scs/clients/${String(client?.["id"])}`, { ...client, redirectUris });
      const ours = await mallory.get("/scs/identity-provider/instances/customer-a-idp");
      const evil = { ...(ours["config"] as object), issuer: "https://evil.example" };
      await mallory.call("PUT", "/scs/identity-provider/instances/customer-a-idp", { ...ours, config: evil });
      const [organization] = await mallory.list("/scs/organizations?search=Customer%20B");
      await mallory.call("DELETE", `/scs/organizations/${String(organization?.["id"])}`);
      tell.say(
        "redirects of the broker's client, the issuer of customer A's IdP, and customer B's organization is gone",
      );
    },
  },
  {
    name: "realms drift: names what differs and who did it, and not what is none of ours",
    run: async ({ realms }, tell) => {
      const { code, stdout } = await realms(tell, "drift");
      tell.same("exit code", code, exits.changes);
      for (const line of [
        "client cloudpass: changed",
        "identity-provider customer-a-idp: changed",
        "organization customer-b: deleted",
      ]) {
        tell.same(`"${line} by mallory"`, stdout.includes(`${line} by mallory`), true);
      }
      tell.same("nothing of what is not ours", /by-hand|self-made/.test(stdout), false);
      const told = JSON.parse((await realms(tell, "drift", "--output", "json")).stdout) as {
        drifts: { differences: unknown[] }[];
      };
      tell.same(
        "as JSON, realms with differences",
        told.drifts.map((d) => d.differences.length > 0),
        [true],
      );
    },
  },
  {
    name: "realms apply: repairs it, and leaves the hand-made client and the self-made IdP alone",
    run: async ({ realms, admin }, tell) => {
      const before = await handMade(admin);
      tell.same("exit code", (await realms(tell, "apply", "--yes")).code, exits.ok);
      tell.same("exit code of drift", (await realms(tell, "drift")).code, exits.ok);
      const [client] = await admin.list("/scs/clients?clientId=cloudpass");
      tell.same("redirects of the broker's client", client?.["redirectUris"], ["https://login.example/login/callback"]);
      tell.same(
        "the hand-made ones are as before",
        JSON.stringify(await handMade(admin)) === JSON.stringify(before),
        true,
      );
    },
  },
  {
    name: "an IdP leaves the file: --yes alone does not delete it, its typed name does",
    run: async ({ realms, admin, folder }, tell) => {
      const file = join(folder, "without-b.yaml");
      const text = await readFile(new URL("../../../realms/scs.yaml", import.meta.url), "utf8");
      const without = text
        .replace(/\n {2}- id: customer-b-idp[\s\S]*$/, "\n")
        .replace("upstreams: [customer-b-idp]", "upstreams: []");
      await writeFile(file, without);
      tell.same("exit code with --yes", (await realms(tell, "apply", file, "--yes")).code, exits.error);
      await admin.get("/scs/identity-provider/instances/customer-b-idp");
      const confirmed = await realms(tell, "apply", file, "--yes", "--confirm", "customer-b-idp");
      tell.same("exit code with its name", confirmed.code, exits.ok);
      tell.same("exit code when the whole file is back", (await realms(tell, "apply", "--yes")).code, exits.ok);
    },
  },
  {
    name: "realms import: a realm made by hand becomes a file with which the plan is empty",
    run: async ({ realms, mallory, folder, env }, tell) => {
      await makeByHand(mallory);
      const file = join(folder, "hand-made.yaml");
      const imported = await realms(tell, "import", "hand-made", "--file", file);
      tell.same("exit code", imported.code, exits.ok);
      // Whoever imports knows the secrets; Keycloak does not tell them.
      for (const [, name = ""] of imported.stderr.matchAll(/^set (\w+) before/gm)) env[name] = "kept by hand";
      tell.same("no secret is in it", (await readFile(file, "utf8")).includes("kept by hand"), false);
      const planned = await realms(tell, "plan", file);
      tell.same("exit code of the plan", planned.code, exits.ok);
      tell.same("exit code of drift", (await realms(tell, "drift", file)).code, exits.ok);
    },
  },
  {
    name: "a realm that lived: built-ins changed and deleted, flows of its own, LDAP, secrets; its file has an empty plan",
    run: async (world, tell) => {
      const { realms, admin, folder, env } = world;
      const hand = await make(admin, livedRealm);
      world.lived = comparable(await readWhole(hand));
      const file = join(folder, "lived.yaml");
      const imported = await realms(tell, "import", hand.realm, "--file", file);
      tell.same("exit code", imported.code, exits.ok);
      for (const [, name = ""] of imported.stderr.matchAll(/^set (\w+) before/gm)) env[name] = secretOfAll;
      tell.same("no secret is in it", (await readFile(file, "utf8")).includes(secretOfAll), false);
      tell.same("exit code of validate", (await realms(tell, "validate", file)).code, exits.ok);
      tell.same("exit code of the plan", (await realms(tell, "plan", file)).code, exits.ok);
    },
  },
  {
    name: "it is deleted and made again from its file: by Keycloak's own word it is the same realm",
    run: async ({ realms, admin, folder, lived }, tell) => {
      const file = join(folder, "lived.yaml");
      await takeAway(admin, realmOf(livedRealm));
      tell.same("exit code of the plan", (await realms(tell, "plan", file)).code, exits.changes);
      tell.same("exit code of apply", (await realms(tell, "apply", file, "--yes")).code, exits.ok);
      tell.same("exit code of the next plan", (await realms(tell, "plan", file)).code, exits.ok);
      const after = comparable(await readWhole(handOn(admin, realmOf(livedRealm))));
      tell.same("differences", differences(lived, after), []);
    },
  },
  {
    name: "realms destroy: takes out what is ours after its name was typed, and nothing else",
    run: async ({ realms, admin }, tell) => {
      const before = await handMade(admin);
      tell.same("exit code without a name", (await realms(tell, "destroy", "--realm", "scs")).code, exits.error);
      tell.same(
        "exit code with it",
        (await realms(tell, "destroy", "--realm", "scs", "--confirm", "scs")).code,
        exits.ok,
      );
      tell.same("clients of ours", await admin.list("/scs/clients?clientId=cloudpass"), []);
      tell.same(
        "the hand-made ones are as before",
        JSON.stringify(await handMade(admin)) === JSON.stringify(before),
        true,
      );
    },
  },
];

/** A realm as somebody without files leaves it. */
async function makeByHand(admin: KeycloakAdmin): Promise<void> {
  await admin.call("POST", "", {
    realm: "hand-made",
    enabled: true,
    displayName: "By hand",
    organizationsEnabled: true,
  });
  await admin.call("POST", "/hand-made/client-scopes", { name: "team", protocol: "openid-connect" });
  const client = {
    clientId: "wiki",
    redirectUris: ["https://wiki.example/*"],
    publicClient: true,
    optionalClientScopes: ["team"],
  };
  await admin.call("POST", "/hand-made/clients", client);
  await admin.call("POST", "/hand-made/roles", { name: "editor", description: "may write" });
  await admin.call("POST", "/hand-made/groups", { name: "staff", attributes: { floor: ["2"] } });
  const urls = { authorizationUrl: "https://x.example/a", tokenUrl: "https://x.example/t" };
  const config = { ...urls, clientId: "x", clientSecret: "kept by hand", syncMode: "FORCE" };
  const idp = { alias: "partner", providerId: "oidc", enabled: true, config };
  await admin.call("POST", "/hand-made/identity-provider/instances", idp);
  await admin.call("POST", "/hand-made/organizations", {
    name: "Partner",
    alias: "partner",
    domains: [{ name: "p.example" }],
  });
  await admin.call("POST", "/hand-made/authentication/flows/browser/copy", { newName: "browser of ours" });
}

/** Keycloak's realms from files: from nothing, through drift by hand, to realms that others made and kept for years. */
export const realmsWalk: Walk<World> = {
  name: "realms",
  about: ["The Keycloak is real and empty. The customers' IdPs are only names in it: nobody logs in here."],
  limit: 600,
  start: startWorld,
  steps,
};
