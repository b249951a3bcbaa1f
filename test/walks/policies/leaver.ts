import { join } from "node:path";
import { commandsOf } from "../../support/how-to.ts";
import type { Step } from "../runner.ts";
import { eventually, mayOnCluster, placeOf } from "./person.ts";
import { exits, tokenLife, type World } from "./world.ts";

/** Asks a Keystone and reads JSON, whatever the status. */
async function keystone(url: string, method: string, path: string, token: string, body?: object) {
  const headers = { "content-type": "application/json", ...(token !== "" && { "x-auth-token": token }) };
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return {
    status: answer.status,
    token: answer.headers.get("x-subject-token") ?? "",
    // biome-ignore lint/suspicious/noExplicitAny: whatever Keystone answers
    body: (text.startsWith("{") ? JSON.parse(text) : {}) as any,
  };
}

/** A key for machines that Bob leaves on gx1. For that the cloud's admin gives him a role of his own: those of groups expire. */
async function leaveKey({ stack }: World, unscoped: string): Promise<{ id: string; secret: string }> {
  const { url, adminPassword } = stack.clouds.gx1;
  const user = { name: "admin", domain: { name: "Default" }, password: adminPassword };
  const scope = { project: { name: "admin", domain: { name: "Default" } } };
  const admin = await keystone(url, "POST", "/auth/tokens", "", {
    auth: { identity: { methods: ["password"], password: { user } }, scope },
  });
  const identity = { methods: ["token"], token: { id: unscoped } };
  const scoped = await keystone(url, "POST", "/auth/tokens", "", {
    auth: { identity, scope: placeOfProject() },
  });
  const { user: bob, project } = scoped.body.token;
  const roles = await keystone(url, "GET", "/roles?name=member", admin.token);
  const path = `/projects/${project.id}/users/${bob.id}/roles/${roles.body.roles[0].id}`;
  await keystone(url, "PUT", path, admin.token);
  const made = await keystone(url, "POST", `/users/${bob.id}/application_credentials`, scoped.token, {
    application_credential: { name: "ci-of-bob" },
  });
  if (made.status !== 201) throw new Error(`no application credential: ${made.status}`);
  return made.body.application_credential;
}

const placeOfProject = () => {
  const place = placeOf("gx1", "dev");
  return "project" in place ? { project: { name: place.project, domain: { name: place.domain } } } : {};
};

/** Somebody leaves: everything is shown, then ended, then asked again. */
export const leaver: Step<World> = {
  name: "A leaver: people revoke shows what Bob has, takes it back everywhere, and proves it",
  run: async (world, tell) => {
    const { stack, folder } = world;
    const { url } = stack.clouds.gx1;
    const bob = await world.person("bob@a.example");
    const [first, second] = [await bob.atCloud("gx1"), await bob.atCloud("gx2")];
    const ofCluster = await bob.token("prod1");
    const key = await leaveKey(world, first);
    const withKey = async () => {
      const identity = {
        methods: ["application_credential"],
        application_credential: { id: key.id, secret: key.secret },
      };
      return (await keystone(url, "POST", "/auth/tokens", "", { auth: { identity } })).status;
    };
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
