import { setTimeout as sleep } from "node:timers/promises";
import { importJWK } from "jose";
import * as oidc from "openid-client";
import { exchangeGrant, resource } from "../../support/clients.ts";
import { claimsOf } from "../../support/device-login.ts";
import { federatedLogin, rescope } from "../../support/keystone-token.ts";
import type { Step } from "../runner.ts";
import { clientOf, codeLogin, dashboardClient, deviceLogin, refusalOf, renew } from "./programs.ts";
import { clientSecret, type World } from "./world.ts";

/** A refresh token may be used again for this long by its own client, whose answer got lost (S-26). Seconds. */
const grace = 10;
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const developer = ["cp.customer-a.developer"];

/** Every way to a token. */
export const grants: readonly Step<World>[] = [
  {
    name: "Authorization code with PKCE: a program on this machine gets tokens for one cluster",
    run: async (world, tell) => {
      const { tokens } = await codeLogin(await clientOf(world, "prod1"), await world.person("bob@a.example"));
      const { aud, groups, flow } = claimsOf(tokens.access_token);
      tell.same("audience, groups, flow", { aud, groups, flow }, { aud: "prod1", groups: developer, flow: "browser" });
    },
  },
  {
    name: "Pushed authorization request (PAR): the browser carries a reference, and the answer names the issuer",
    run: async (world, tell) => {
      const config = await dashboardClient(world);
      const { to, back, tokens } = await codeLogin(config, await world.person("bob@a.example"), { pushed: true });
      tell.same("parameters in the browser", [...to.searchParams.keys()].sort(), ["client_id", "request_uri"]);
      tell.same("iss in the answer", back.searchParams.get("iss"), world.stack.issuer);
      tell.same("the ID token is for", tokens.claims()?.aud, "dashboard");
    },
  },
  {
    name: "Device login: a terminal gets tokens for one cloud, and Keystone gives the roles of the policy",
    run: async (world, tell) => {
      const { access_token: token } = await deviceLogin(
        await clientOf(world, "gx1"),
        await world.person("bob@a.example"),
      );
      const { url } = world.stack.clouds.gx1;
      const entered = await federatedLogin(url, "cloudpass-customer-a", token);
      const scoped = await rescope(url, entered.token ?? "", { project: "dev", domain: "customer-a" });
      tell.same("roles on project dev", scoped.roles, ["member", "reader"]);
    },
  },
  {
    name: "Refresh with DPoP: one login, tokens for each target, and only with the key that it was made with",
    run: async (world, tell) => {
      const config = await clientOf(world, "cloudpass");
      const keyOf = async () => oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair());
      const [mine, foreign] = [await keyOf(), await keyOf()];
      const login = await deviceLogin(config, await world.person("alice@a.example"), mine);
      tell.same("with another key", await refusalOf(renew(config, login, foreign)), "invalid_grant");
      const cloud = await renew(config, login, mine, "gx1");
      const cluster = await renew(config, cloud, mine, "prod1");
      const audiences = [cloud, cluster].map((t) => claimsOf(t.access_token)["aud"]);
      tell.same("audiences, one after the other", audiences, ["gx1", "prod1"]);
    },
  },
  {
    name: "A refresh token that is used again later was stolen: the whole login ends",
    run: async (world, tell) => {
      const config = await clientOf(world, "gx1");
      const stolen = await deviceLogin(config, await world.person("bob@a.example"));
      const owner = await renew(config, stolen);
      tell.say(`waiting ${grace + 1} s: within ${grace} s a lost answer may be asked for again (real time)`);
      await sleep((grace + 1) * 1000);
      tell.same("the used one", await refusalOf(renew(config, stolen)), "invalid_grant");
      tell.same("its owner's next one", await refusalOf(renew(config, owner)), "invalid_grant");
    },
  },
  {
    name: "Token exchange: a portal trades a person's token for one target it may reach, and for no other",
    run: async (world, tell) => {
      const { tokens } = await codeLogin(await dashboardClient(world), await world.person("bob@a.example"));
      const portal = await clientOf(world, "portal", oidc.ClientSecretBasic(clientSecret));
      const exchange = (target: string) =>
        oidc.genericGrantRequest(portal, exchangeGrant, {
          ...{ subject_token: tokens.access_token, subject_token_type: accessTokenType },
          resource: resource(target),
        });
      const { aud, act } = claimsOf((await exchange("prod1")).access_token);
      tell.same("audience and actor", { aud, act }, { aud: "prod1", act: { sub: "portal" } });
      tell.same("to a cloud that it may not reach", await refusalOf(exchange("gx2")), "invalid_target");
    },
  },
  {
    name: "Client credentials: a robot of customer A proves itself by its key and works on its cloud",
    run: async (world, tell) => {
      const key = await importJWK(world.robotKey.privateJwk, "ES256");
      if (key instanceof Uint8Array) throw new Error("the robot has no key pair");
      const robot = await clientOf(world, "pipelines", oidc.PrivateKeyJwt({ key, kid: "k1" }));
      const { access_token: token } = await oidc.clientCredentialsGrant(robot, {
        resource: resource("gx1"),
        scope: "groups",
      });
      tell.same("groups", claimsOf(token)["groups"], developer);
      const entered = await federatedLogin(world.stack.clouds.gx1.url, "cloudpass-customer-a", token);
      tell.same("Keystone answers", entered.status, 201);
    },
  },
];
