import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type KeystoneRig,
  type KubernetesRig,
  openstackClient,
  startKeystone,
  startKubernetes,
  startRedis,
} from "../rigs/index.ts";
import { keycloakVisitor } from "../support/device-login.ts";
import { changeFile, stepsOf } from "../support/how-to.ts";
import { approve } from "../support/real-client.ts";
import { type RealStack, startRealStack } from "../support/real-stack.ts";
import { root, Stage } from "../support/stage.ts";
import { type Seen, typeInto } from "../support/terminal.ts";

// docs/how-to, as an operator works through it: every file as it is shown, every command as it stands there, at a real
// terminal, on real servers. Only the addresses are others.

const accountPassword = "of-cloudpass-on-gx3";
let stack: RealStack;
let folder: string;
let path: string;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-how-to-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis({ dir: join(folder, "redis") });
  ends.push(() => redis.stop());
  const stage = await Stage.open();
  ends.push(() => stage.close());
  await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
  stack = await startRealStack(
    folder,
    {
      say: () => undefined,
      cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout,
    },
    { redis: redis.url, policies: join(folder, "policies") },
  );
  ends.push(() => stack.stop());
  await copyFile(join(folder, "environment.yaml"), join(folder, "environment.start.yaml"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const command = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/main.ts")}" "$@"\n`;
  await writeFile(join(bin, "cloudpass"), command, { mode: 0o755 });
  await symlink((await openstackClient()).openstack, join(bin, "openstack"));
  await symlink(stack.cluster.kubectl, join(bin, "kubectl"));
  path = `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}`;
}, 600_000);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Each page begins with the example policies, and with what is connected already. */
beforeEach(async () => {
  await copyFile(join(folder, "environment.start.yaml"), join(folder, "environment.yaml"));
  await rm(join(folder, "policies"), { recursive: true });
  await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
});

/** What is set in the shell of somebody with a home of their own. */
const atHome = (person: string) => ({
  ...{ PATH: path, HOME: join(folder, "home", person), SSH_TTY: "no browser here", ...stack.env },
  REQUESTS_CA_BUNDLE: stack.ca.certFile,
});

/** A page that is worked through. */
interface Page {
  /** Does what the page says up to the command that begins so, which must end with `code`; answers what it showed. */
  until(begin: string, code?: number): Promise<Seen>;
  /** The last command once more. */
  again(): Promise<Seen>;
  /** Nothing is left. */
  end(): void;
}

interface Reader {
  readonly put: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: readonly (readonly [RegExp, string])[];
  /** Who opens the links of logins. */
  readonly email: string;
}

function open(name: string, { put, env, answers = [], email }: Reader): Page {
  const steps = stepsOf(name, put);
  const sitting = {
    cwd: folder,
    env: { ...atHome("operator"), GX3_PASSWORD: accountPassword, ...env },
    answers: [[/Only “yes” applies it: /, "yes"] as const, ...answers],
    visit: (link: string) => approve(link, keycloakVisitor(email)),
  };
  let last = "";
  const run = async (command: string, wanted: number) => {
    last = command;
    const seen = await typeInto(sitting, command);
    expect(seen.code, `$ ${command}\n${seen.screen}`).toBe(wanted);
    return seen;
  };
  return {
    until: async (begin, code = 0) => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
        if (step.kind === "write") await writeFile(join(folder, step.file), step.text);
        else if (step.kind === "change") changeFile(join(folder, step.file), step.hunks);
        else if (step.command.startsWith(begin)) return run(step.command, code);
        else await run(step.command, 0);
      }
      throw new Error(`${name} has no command ${begin}`);
    },
    again: () => run(last, 0),
    end: () => expect(steps).toEqual([]),
  };
}

/** What the administrator of the new cloud has at home. */
async function administrator({ url, adminPassword: password }: KeystoneRig): Promise<void> {
  const names = {
    username: "admin",
    project_name: "admin",
    user_domain_name: "Default",
    project_domain_name: "Default",
  };
  const clouds = { "gx3-admin": { auth: { auth_url: url, password, ...names } } };
  await mkdir(join(folder, "home/operator/.config/openstack"), { recursive: true });
  await writeFile(join(folder, "home/operator/.config/openstack/clouds.yaml"), JSON.stringify({ clouds }));
}

describe("docs/how-to/a-new-cloud.md", () => {
  let gx3: KeystoneRig;
  beforeAll(async () => {
    const front = { issuer: stack.issuer, jwksUri: `${stack.issuer}/jwks`, audience: "gx3", caFile: stack.ca.certFile };
    gx3 = await startKeystone({ ...front, dir: join(folder, "gx3"), name: "gx3", apacheSnippet: "# nothing yet" });
    ends.push(() => gx3.stop());
  }, 240_000);

  test("from the policy file to the first login and the proof of scs-0302", { timeout: 300_000 }, async () => {
    await administrator(gx3);
    const page = open("a-new-cloud.md", {
      put: { "https://api.gx3.example:5000/v3": gx3.url },
      answers: [
        [/User Password: ?/, accountPassword],
        [/Repeat User Password: ?/, accountPassword],
      ],
      email: "alice@a.example",
    });
    expect((await page.until("cloudpass policies check")).screen).toContain("0 problems, 0 warnings");
    await page.until("cloudpass targets render");
    const apacheSnippet = await readFile(join(folder, "rendered/gx3.apache.conf"), "utf8");
    await gx3.reloadFront({ issuer: stack.issuer, jwksUri: `${stack.issuer}/jwks`, audience: "gx3", apacheSnippet });
    expect((await page.until("cloudpass policies plan", 2)).screen).toContain("keystone gx3: 10 to create");
    expect((await page.until("cloudpass policies apply")).screen).toContain("cloud gx3: 10 steps done and verified");
    await stack.restartBroker();
    const { screen } = await page.until("cloudpass doctor");
    expect(screen).toMatch(/front: a token for another target is refused \(401\)[\s\S]* 0 wrong/);
    expect((await page.until("cloudpass login")).screen).toContain("Logged in at");
    expect((await page.until("cloudpass status")).screen).toMatch(/gx3[\s\S]*member on project customer-a\/dev/);
    expect((await page.until("cloudpass exec")).screen).toContain("project_id");
    expect((await page.until("OS_CLIENT_CONFIG_FILE=")).screen).toMatch(
      /To authenticate please go to[\s\S]*project_id/,
    );
    expect((await page.until("cloudpass targets scs-check")).screen).toMatch(/ checks passed: conformant/);
    const proof = await page.until("cloudpass token");
    expect(proof.screen).toMatch(/ checks passed: conformant/);
    expect(proof.screen).not.toContain("A federated manager was not tried");
    page.end();
  });
});

describe("docs/how-to/a-new-cluster.md", () => {
  let prod2: KubernetesRig;
  const place = () => ({ dir: join(folder, "prod2"), ca: stack.ca });
  beforeAll(async () => {
    const none = { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: [] };
    prod2 = await startKubernetes({ ...place(), authenticationConfiguration: none });
    ends.push(() => prod2.stop());
    await copyFile(stack.ca.certFile, join(folder, "prod2-ca.crt"));
  }, 240_000);

  test("from the policy file to kubectl in the customer's namespace", { timeout: 300_000 }, async () => {
    const page = open("a-new-cluster.md", {
      put: { "https://k8s.prod2.example": prod2.server },
      env: { KUBECONFIG: prod2.adminKubeconfig },
      email: "bob@a.example",
    });
    expect((await page.until("cloudpass policies check")).screen).toContain("0 problems, 0 warnings");
    // For the account, then with its kubeconfig for the API server and the users.
    await page.until("cloudpass targets render");
    await page.until("cloudpass targets render");
    // The API server starts again, with the flag and the file.
    await prod2.stop();
    const rendered = JSON.parse(await readFile(join(folder, "rendered/prod2.authentication.json"), "utf8")) as object;
    const port = Number(new URL(prod2.server).port);
    prod2 = await startKubernetes({ ...place(), port, authenticationConfiguration: rendered });
    expect((await page.until("cloudpass policies plan", 2)).screen).toContain("kubernetes prod2: 2 to create");
    expect((await page.until("cloudpass policies apply")).screen).toContain("cluster prod2: 2 steps done and verified");
    await stack.restartBroker();
    const { screen } = await page.until("cloudpass doctor");
    expect(screen).toMatch(/a token that says system:masters gets no special rights[\s\S]* 0 wrong/);
    await page.until("cloudpass login");
    expect((await page.until("kubectl --kubeconfig rendered/prod2.kubeconfig.yaml auth whoami")).screen).toMatch(
      /cp:cp\.customer-a\.developer/,
    );
    const may = await page.until("kubectl --kubeconfig rendered/prod2.kubeconfig.yaml --namespace");
    expect(may.screen.trim()).toBe("yes");
    page.end();
  });
});

describe("docs/how-to/a-leaver.md", () => {
  /** Bob at his own terminal. */
  const bob = (command: string) => {
    const visit = (link: string) => approve(link, keycloakVisitor("bob@a.example"));
    return typeInto({ cwd: folder, env: atHome("bob"), visit }, command);
  };

  /** A machine with the key that Bob leaves on gx1: what it is answered. */
  async function machine(): Promise<() => Promise<number>> {
    expect((await bob("cloudpass login")).code).toBe(0);
    const made = await bob(
      "cloudpass exec --cloud gx1 -- openstack application credential create ci -f json -c ID -c Secret",
    );
    const { ID: id, Secret: secret } = JSON.parse(made.screen) as { ID: string; Secret: string };
    const identity = { methods: ["application_credential"], application_credential: { id, secret } };
    const body = JSON.stringify({ auth: { identity } });
    const headers = { "content-type": "application/json" };
    return async () => (await fetch(`${stack.clouds.gx1.url}/auth/tokens`, { method: "POST", headers, body })).status;
  }

  test("from the look to the proof, and again for somebody who is not signed in any more; then a whole customer", {
    timeout: 300_000,
  }, async () => {
    const asTheMachine = await machine();
    const page = open("a-leaver.md", {
      put: {},
      answers: [
        [/Type "revoke" to go on: /, "revoke"],
        [/Type "customer-b" to go on: /, "customer-b"],
        [/Type its name \(cloudpass-customer-b\) to go on: /, "cloudpass-customer-b"],
      ],
      email: "bob@a.example",
    });
    const look = await page.until("cloudpass people revoke");
    expect(look.screen).toMatch(/cloud gx1:[\s\S]*application credential ci on project dev: to be deleted/);
    expect(await asTheMachine()).toBe(201);
    const ended = await page.until("cloudpass people revoke");
    expect(ended.screen).toMatch(/ok {4}cloud gx1: application credential ci on project dev: deleted/);
    expect(ended.screen).toContain("Everything was read back as ended.");
    expect([401, 404]).toContain(await asTheMachine());
    expect((await bob("cloudpass status")).screen).toContain("→ run: cloudpass login");
    const again = await page.again();
    expect(again.screen).toMatch(/cloud gx1:\s+user bob, [0-9a-f]{64}: disabled already/);
    expect(again.screen).toContain("nothing was done");
    const stranger = "cloudpass people revoke upstream:customer-a-idp/nobody --environment environment.yaml";
    const asked = await typeInto({ cwd: folder, env: atHome("operator") }, stranger);
    expect(asked).toMatchObject({ code: 1, screen: expect.stringContaining("Keycloak knows none either") });
    expect((await page.until("cloudpass tenants offboard")).screen).toContain("Only shown: nothing was done.");
    const { screen } = await page.until("cloudpass tenants offboard");
    expect(screen).toMatch(/ok {4}cloud gx2: domain d000002: disabled[\s\S]*Everything was read back as ended\./);
    await takeOut("customer-b");
    expect((await page.until("cloudpass policies check")).screen).toContain("0 problems");
    expect((await page.until("cloudpass policies apply")).screen).toMatch(
      /cloud gx1: 6 steps done and verified[\s\S]*cloud gx2: 6 steps done and verified/,
    );
    page.end();
  });

  /** Takes a customer out of the policy, as an editor would. */
  async function takeOut(tenant: string): Promise<void> {
    const at = (file: string) => join(folder, "policies", file);
    await rm(at(`${tenant}.yaml`));
    const targets = await readFile(at("targets.yaml"), "utf8");
    await writeFile(at("targets.yaml"), targets.replace(new RegExp(`^  ${tenant}:\\n(?: {4}.*\\n)+`, "m"), ""));
    // A test of the other customer's that speaks of it.
    const other = await readFile(at("customer-a.yaml"), "utf8");
    await writeFile(
      at("customer-a.yaml"),
      other.replace(/ {2}- name: somebody of the other customer[\s\S]*?nothing: true \}\n/, ""),
    );
  }
});
