import { join } from "node:path";
import { commandsOf } from "../../support/how-to.ts";
import {
  type ApplicationCredential,
  machineLogin,
  makeApplicationCredential,
  rescope,
} from "../../support/keystone-token.ts";
import { eventually, mayOnCluster, placeOf } from "../../support/stack-person.ts";
import type { Step } from "../runner.ts";
import { exits, tokenLife, type World } from "./world.ts";

/** A key for machines that somebody leaves on gx1, from a role that came by a group. */
async function leaveKey({ url }: { readonly url: string }, unscoped: string): Promise<ApplicationCredential> {
  const { token } = await rescope(url, unscoped, placeOf("gx1", "dev"));
  if (token === undefined) throw new Error("no token for project dev of gx1");
  return makeApplicationCredential(url, token, "ci-of-bob");
}

/** Somebody leaves: everything is shown, then ended, then asked again. */
export const leaver: Step<World> = {
  name: "A leaver: people revoke shows what Bob has, takes it back everywhere, and proves it",
  run: async (world, tell) => {
    const { stack, folder } = world;
    const { url } = stack.clouds.gx1;
    const bob = await world.person("bob@a.example");
    const [first, second] = [await bob.atCloud("gx1"), await bob.atCloud("gx2")];
    const ofCluster = await bob.token("prod1");
    const key = await leaveKey(stack.clouds.gx1, first);
    const withKey = async () => (await machineLogin(url, key)).status;
    tell.same("the machine with Bob's key is let in", await withKey(), 201);
    // As docs/how-to/a-leaver.md says it, and yes where a person is asked.
    const page = commandsOf("a-leaver.md", { "environment.yaml": join(folder, "environment.yaml") });
    const [look = [], takeBack = []] = page.map((command) => [...command, "--config", join(folder, "broker.yaml")]);
    tell.same("exit code of the look", (await world.cloudpass(tell, ...look)).code, exits.ok);
    tell.same("after it the machine is still let in", await withKey(), 201);
    const started = Date.now();
    tell.same("exit code", (await world.cloudpass(tell, ...takeBack, "--yes")).code, exits.ok);
    // Keystone says 404 of a key that is gone, and 401 of one whose user is disabled.
    tell.same("the machine with Bob's key is refused", [401, 404].includes(await withKey()), true);
    tell.same("Bob's refresh token", (await bob.refresh("gx1")).body["error"], "invalid_grant");
    tell.same("his token of gx1", await bob.roles("gx1", first, "dev"), []);
    tell.same("his token of gx2", await bob.roles("gx2", second, "dev"), []);
    tell.say(`until then ${((Date.now() - started) / 1000).toFixed(1)} s`);
    const onCluster = await eventually(
      () => mayOnCluster(stack, ofCluster, "get"),
      (found) => found === "401",
      tokenLife + 15,
    );
    tell.same("his token of the cluster, when its life is over", onCluster, "401");
    tell.say(
      `until then ${((Date.now() - started) / 1000).toFixed(1)} s; nothing but its own end ends a token at an API server`,
    );
  },
};
