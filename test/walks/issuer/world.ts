import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startRedis } from "../../rigs/index.ts";
import { withRobots } from "../../support/clients.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { KeyRotation } from "../../support/key-rotation.ts";
import { startRealBrowser } from "../../support/real-browser.ts";
import { type RealStack, startRealStack } from "../../support/real-stack.ts";
import { type Finished, root, Stage } from "../../support/stage.ts";
import type { AtEnd, Teller } from "../runner.ts";
import { type Dashboard, startDashboard } from "./dashboard.ts";
import { Person } from "./person.ts";

/** Where the programs of this walk are told their codes; nobody listens there. */
export const callback = "http://127.0.0.1:7777/callback";
/** Where the dashboard wants a browser after signing out. */
export const signedOut = "http://127.0.0.1:7777/signed-out";
/** The secret of the confidential clients. */
export const clientSecret = "of-this-walk-only-0123456789abcdefghijklmnopqrst";

/** Life of an access token here: the one wait of a rotation that depends on the configuration. Seconds. */
export const tokenLife = 60;

/** Everything the steps work with. */
export interface World {
  readonly stack: RealStack;
  readonly dashboard: Dashboard;
  /** The key of the robot. */
  readonly robotKey: KeyHolder;
  /** The change of keys that goes on while everything else does. Its logins are Dora's. */
  readonly rotation: KeyRotation;
  /** Somebody at a browser of their own. */
  person(email: string): Promise<Person>;
  /** A command of the operator, with the broker's configuration. Throws when it fails. */
  operator(...args: readonly string[]): Promise<Finished>;
  /** True when the audit file has an event that names this. */
  wasAudited(event: string, about: string): Promise<boolean>;
}

/** Starts Redis, Keycloak, two Keystones behind Apache, etcd, kube-apiserver, the broker, Chromium and a dashboard. */
export async function startWorld(atEnd: AtEnd, tell: Teller): Promise<World> {
  const stage = await Stage.open();
  atEnd(() => stage.close());
  const { folder } = stage;
  const redis = await startRedis({ dir: join(folder, "redis") });
  atEnd(() => redis.stop());
  const browser = await startRealBrowser({ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
  atEnd(() => browser.close());
  const dashboard = await startDashboard();
  atEnd(() => dashboard.stop());
  const robotKey = await keyHolder();
  await robotKey.writeKeys(join(folder, "robot.jwks.json"));
  await writeFile(join(folder, "client-secret"), clientSecret, { mode: 0o600 });
  const stack = await startRealStack(
    folder,
    { say: tell.say, cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout },
    { redis: redis.url, policies: await policiesWithRobots(folder), yaml: configuration(dashboard) },
  );
  atEnd(() => stack.stop());
  const operator: World["operator"] = (...args) =>
    stage.cloudpass([...args, "--config", join(folder, "broker.yaml")], { env: stack.env, silent: true });
  const person: World["person"] = (email) => Person.sitDown(browser, email);
  const dora = await person("dora@a.example");
  const rotation = await KeyRotation.begin({
    stack,
    operator,
    tokenLife,
    approve: (link) => dora.approveDevice(link),
  });
  // Before what it looks at is ended.
  atEnd(async () => rotation.stop());
  tell.say(`Redis, Keycloak, two Keystones behind Apache, etcd, kube-apiserver, Chromium ${browser.version()}`);
  const wasAudited: World["wasAudited"] = async (event, about) =>
    (await readFile(join(folder, "audit.jsonl"), "utf8"))
      .split("\n")
      .some((line) => line.includes(`"${event}"`) && line.includes(about));
  return { stack, dashboard, robotKey, rotation, person, operator, wasAudited };
}

/** The project's policies, with robots of customer A. */
async function policiesWithRobots(folder: string): Promise<string> {
  const [from, to] = [join(root, "policies"), join(folder, "policies")];
  await mkdir(to);
  for (const file of await readdir(from))
    await writeFile(join(to, file), withRobots(await readFile(join(from, file), "utf8")));
  return to;
}

function configuration(dashboard: Dashboard): string {
  const secret = { file: "client-secret" };
  const clients = [
    {
      id: "dashboard",
      name: "Dashboard",
      grants: ["authorization-code", "refresh"],
      redirectUris: [callback],
      postLogoutRedirectUris: [signedOut],
      backchannelLogoutUri: dashboard.logoutUri,
      secret,
    },
    { id: "portal", name: "Portal", grants: ["exchange"], targets: ["gx1", "prod1"], secret },
    { id: "gate", name: "The gate of gx1", introspects: ["gx1"], secret },
    {
      id: "pipelines",
      name: "Pipelines of customer A",
      grants: ["client-credentials"],
      jwks: "robot.jwks.json",
      machine: { tenant: "customer-a", upstream: "customer-a-ci", claims: { job: "deploy" } },
    },
  ];
  return `lifetimes: {accessToken: ${tokenLife}s}\nclients: ${JSON.stringify(clients)}\n`;
}
