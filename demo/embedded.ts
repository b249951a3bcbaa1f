import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig, lookupIn, readYamlFiles } from "../src/config/index.ts";
import { type Result, systemClock, systemRandom } from "../src/core/index.ts";
import { createLog } from "../src/http/index.ts";
import { createKeyFile } from "../src/issuer/index.ts";
import { loadPolicy } from "../src/policy/index.ts";
import { startBroker } from "../src/server.ts";
import { formatProblem, type Problem } from "../src/yaml/index.ts";
import { freePort } from "../test/rigs/support/free-port.ts";
import { embeddedVisitor } from "../test/support/device-login.ts";
import { demoPeople, startEmbeddedIdp } from "../test/support/embedded-idp.ts";
import { root, type Stage, say, scene } from "../test/support/stage.ts";
import { login, showToken } from "./login.ts";

/** The main job on embedded parts: no server but ours, no download, under a minute. */
export async function embeddedDemo(stage: Stage, yes: boolean): Promise<void> {
  scene("Starting: a broker on the memory store; an embedded OpenID Provider stands where Keycloak stands");
  const issuer = await startParts(stage);
  say(`broker at ${issuer}, with the policies of this folder's policies/`);

  scene("You log in once");
  const hint =
    "Open the link, type alice@a.example, and sign in as alice with the password alice.\n(`npm run demo -- --yes` lets a scripted browser do this.)\n";
  await login(stage, { issuer }, yes ? embeddedVisitor("alice@a.example") : undefined, hint);

  scene("One login, a token for each target; each is good for that target only");
  for (const target of ["gx1", "prod1"]) await showToken(stage, { issuer }, target);

  scene("What the login may do");
  await stage.cloudpass(["status", "--issuer", issuer]);

  scene("And why: the line of the policy that gave each right");
  await explain(stage);

  scene("Logging out ends it everywhere");
  await stage.cloudpass(["logout", "--issuer", issuer]);
  say(
    "\nNext: `npm run demo -- --real` does the same with a real Keycloak, two real Keystones and a real kube-apiserver.",
  );
}

async function startParts(stage: Stage): Promise<string> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const idp = await startEmbeddedIdp({
    redirectUri: `${issuer}/login/callback`,
    clientJwksUri: `${issuer}/upstream/jwks`,
  });
  stage.atEnd(() => idp.stop());
  await createKeyFile(join(stage.folder, "keys.json"), systemClock);
  const file = join(stage.folder, "broker.yaml");
  const yaml = `issuer: ${issuer}
allowInsecureLoopback: true
listen: {port: ${port}}
masterKey: {env: CLOUDPASS_MASTER_KEY}
keys: keys.json
store: {kind: memory}
upstream: {issuer: "${idp.issuer}", allowInsecureLoopback: true}
policies: [${join(root, "policies")}]
log: {level: silent}
`;
  await writeFile(file, yaml);
  const env = { CLOUDPASS_MASTER_KEY: systemRandom.bytes(48).toString("base64url") };
  const config = must(loadConfig(yaml, file, lookupIn(env)));
  const policy = must(loadPolicy(must(readYamlFiles(config.policies))));
  const log = createLog("silent");
  const noRealmFiles = { rechecks: [] };
  const broker = await startBroker(config, {
    policy,
    identityProviders: () => noRealmFiles,
    clock: systemClock,
    random: systemRandom,
    log,
  });
  stage.atEnd(() => broker.stop(1_000));
  return issuer;
}

async function explain(stage: Stage): Promise<void> {
  const alice = demoPeople()["customer-a-idp"]?.["alice"];
  const claims = join(stage.folder, "claims.json");
  const facts = {
    upstream: "customer-a-idp",
    claims: { sub: "alice", preferred_username: "alice", email: alice?.email, groups: alice?.groups },
    flow: "device",
    client: "cloudpass",
  };
  await writeFile(claims, JSON.stringify(facts, undefined, 2));
  await stage.cloudpass(["policies", "explain", claims, "--policies", "policies"], {
    shown: "cloudpass policies explain claims.json",
  });
}

function must<T>(result: Result<T, Problem[]>): T {
  if (result.ok) return result.value;
  throw new Error(result.refusal.map(formatProblem).join("\n"));
}
