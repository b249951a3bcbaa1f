import * as oidc from "openid-client";
import type { Step } from "../runner.ts";
import { clientOf, codeLogin, dashboardClient, deviceLogin } from "./programs.ts";
import { clientSecret, type World } from "./world.ts";

/** What programs and gates may ask about a token. */
export const questions: readonly Step<World>[] = [
  {
    name: "Userinfo: the program learns who its person is",
    run: async (world, tell) => {
      const config = await dashboardClient(world);
      const { tokens } = await codeLogin(config, await world.person("alice@a.example"));
      const sub = tokens.claims()?.sub ?? "";
      const about = await oidc.fetchUserInfo(config, tokens.access_token, sub);
      const { preferred_username: name, tenant } = about;
      tell.same("name and tenant", { name, tenant }, { name: "alice", tenant: "urn:cloudpass:tenant:customer-a" });
    },
  },
  {
    name: "Introspection: the gate of a cloud learns whether a token is good there, and nothing of others",
    run: async (world, tell) => {
      const gate = await clientOf(world, "gate", oidc.ClientSecretBasic(clientSecret));
      const bob = await world.person("bob@a.example");
      const here = await deviceLogin(await clientOf(world, "gx1"), bob);
      const elsewhere = await deviceLogin(await clientOf(world, "prod1"), bob);
      const { active, aud, username } = await oidc.tokenIntrospection(gate, here.access_token);
      tell.same("its own cloud's token", { active, aud, username }, { active: true, aud: "gx1", username: "bob" });
      const other = await oidc.tokenIntrospection(gate, elsewhere.access_token);
      tell.same("the cluster's token", other, { active: false });
    },
  },
];
