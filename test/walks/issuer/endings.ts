import * as oidc from "openid-client";
import { claimsOf } from "../../support/device-login.ts";
import type { Step } from "../runner.ts";
import { clientOf, codeLogin, dashboardClient, deviceLogin, refusalOf, renew } from "./programs.ts";
import { endAtKeycloak, isAtKeycloak, soon } from "./realm.ts";
import { signedOut, type World } from "./world.ts";

/** Every way in which a login ends. */
export const endings: readonly Step<World>[] = [
  {
    name: "The account page lists one's browsers and programs, and ends one of them",
    run: async (world, tell) => {
      const dora = await world.person("dora@b.example");
      const [cloud, cluster] = [await clientOf(world, "gx1"), await clientOf(world, "prod1")];
      const first = await deviceLogin(cloud, dora);
      const second = await deviceLogin(cluster, dora);
      tell.same("the page", await dora.open(`${world.stack.issuer}/account`), "Your sessions and logins");
      const text = await dora.text();
      const listed = ["OpenStack cloud gx1", "Kubernetes cluster prod1", "This browser"].filter((p) =>
        text.includes(p),
      );
      tell.same("listed", listed, ["OpenStack cloud gx1", "Kubernetes cluster prod1", "This browser"]);
      await dora.press('section:has-text("OpenStack cloud gx1") button[value=end]');
      tell.same("the login that was ended", await refusalOf(renew(cloud, first)), "invalid_grant");
      tell.same("the other one", await refusalOf(renew(cluster, second)), "accepted");
    },
  },
  {
    name: "Signing out from a program ends the session, its logins and Keycloak's session; other programs are told",
    run: async (world, tell) => {
      const alice = await world.person("alice@b.example");
      const config = await dashboardClient(world);
      const { tokens } = await codeLogin(config, alice);
      tell.same("Keycloak's sessions before", await isAtKeycloak(world, alice.email), true);
      const hint = { id_token_hint: tokens.id_token ?? "", post_logout_redirect_uri: signedOut, state: "s1" };
      tell.same("asked first", await alice.open(oidc.buildEndSessionUrl(config, hint).href), "Sign out?");
      const back = await alice.pressTowards("main button", signedOut);
      tell.same("then back at the program", back.href, `${signedOut}?state=s1`);
      tell.same("the login", await refusalOf(renew(config, tokens)), "invalid_grant");
      tell.same("Keycloak's sessions after", await isAtKeycloak(world, alice.email), false);
      const { sid, sub } = claimsOf(tokens.access_token);
      const told = await world.dashboard.toldOf(world.stack.issuer, sid);
      tell.same("back-channel: the dashboard was told of this very login", told.sub, sub);
    },
  },
  {
    name: "A session ended in Keycloak ends the logins here, by back-channel logout",
    run: async (world, tell) => {
      const bob = await world.person("bob@b.example");
      const config = await clientOf(world, "prod1");
      const login = await deviceLogin(config, bob);
      await endAtKeycloak(world, bob.email);
      const ended = async () => await world.wasAudited("family.revoked", String(claimsOf(login.access_token)["sid"]));
      tell.say(`audited as ended after ${await soon("the login was not ended", ended)} s`);
      tell.same("the login", await refusalOf(renew(config, login)), "invalid_grant");
    },
  },
  {
    name: "Revocation: a program gives a refresh token back, and its login ends",
    run: async (world, tell) => {
      const config = await clientOf(world, "gx1");
      const login = await deviceLogin(config, await world.person("bob@a.example"));
      await oidc.tokenRevocation(config, login.refresh_token ?? "");
      tell.same("the login", await refusalOf(renew(config, login)), "invalid_grant");
    },
  },
  {
    name: "cloudpass people revoke: everything of one person ends at once, with Keycloak's session",
    run: async (world, tell) => {
      const alice = await world.person("alice@b.example");
      const [cloud, cluster] = [await clientOf(world, "gx1"), await clientOf(world, "prod1")];
      const [first, second] = [await deviceLogin(cloud, alice), await deviceLogin(cluster, alice)];
      const named = "upstream:customer-b-idp/alice";
      const { stdout, stderr } = await world.operator("people", "revoke", named, "--because", "CHG-17", "--yes");
      for (const line of `${stdout}${stderr}`.trim().split("\n")) tell.say(`| ${line}`);
      const refused = [await refusalOf(renew(cloud, first)), await refusalOf(renew(cluster, second))];
      tell.same("both logins", refused, ["invalid_grant", "invalid_grant"]);
      tell.same("Keycloak's sessions", await isAtKeycloak(world, alice.email), false);
      const page = await alice.open(`${world.stack.issuer}/account`);
      tell.same("the browser, signing in again at once", page, "Your logins were ended");
    },
  },
];
