import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOPHERCLOUD_VERSION, gophercloud, openstackClient, openstackVersions } from "../../rigs/index.ts";
import { proves } from "../../support/proves.ts";
import { pythonEnvironment, runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";

// What `cloudpass clouds write` writes, by released tools: none of them asks anybody (decision 0083).

let stack: RealStack;
let home: string;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  home = join(stack.folder, "clouds-home");
  await mkdir(join(home, ".config/openstack"), { recursive: true });
  await writeFile(fileOf("clouds.yaml"), mine);
  const login = await ours(["login", "--device", "--no-qr"], "alice@a.example");
  expect(login.code, login.stderr).toBe(0);
});

proves(() => ({
  name: "Tools that read a clouds.yaml",
  version: `${openstackVersions}, gophercloud ${GOPHERCLOUD_VERSION}`,
  needs:
    "`cloudpass clouds write` writes the entries, and renews the tokens beside them, which last as long as the cloud lets them.",
}));

const mine = "# mine\nclouds:\n  home: { auth_type: none, endpoint: http://192.168.1.2 }\n";
const fileOf = (name: string) => join(home, ".config/openstack", name);
const atHome = async () => ({
  ...(await pythonEnvironment()),
  HOME: home,
  XDG_CONFIG_HOME: join(home, ".config"),
  XDG_STATE_HOME: join(home, "state"),
  CLOUDPASS_ISSUER: stack.issuer,
});

const ours = async (args: readonly string[], email?: string) =>
  runClient(process.execPath, ["src/main.ts", ...args], {
    env: await atHome(),
    ...(email !== undefined && { email }),
  });

async function openstack(...args: readonly string[]) {
  const { openstack: command } = await openstackClient();
  return runClient(command, args, { env: await atHome() });
}

test("openstack: on two clouds, on a project and as a domain's manager, one command after the other without a prompt", async () => {
  const written = await ours(["clouds", "write"]);
  expect(written.code, written.stderr).toBe(0);
  for (const cloud of ["gx1-dev", "gx2-dev"]) {
    const ran = await openstack("--os-cloud", cloud, "token", "issue", "-f", "json");
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toHaveProperty("project_id");
  }
  const users = await openstack("--os-cloud", "gx1-domain", "user", "list", "-f", "value", "-c", "Name");
  expect(users.code, users.stderr).toBe(0);
  expect(users.stdout).toContain("alice");
});

test("openstacksdk: a program that names its cloud, and nothing else", async () => {
  const { openstack: command } = await openstackClient();
  const program = `import openstack\ncloud = openstack.connect("gx1-domain")\nprint([p.name for p in cloud.identity.projects()])`;
  const ran = await runClient(join(dirname(command), "python"), ["-c", program], { env: await atHome() });
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain("'dev'");
});

test("gophercloud: a program that finds its cloud by OS_CLOUD, in the person's files and by `cloudpass exec`", async () => {
  const program = await gophercloud();
  const env = { ...(await atHome()), SSL_CERT_FILE: stack.ca.certFile, OS_CLOUD: "gx1-dev" };
  const ran = await runClient(program, [], { env });
  expect(ran.code, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout)).toEqual({ project: "dev", domain: "customer-a" });
  const run = await ours(["exec", "--cloud", "gx2", "--project", "dev", "--", program]);
  expect(run.code, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toEqual({ project: "dev", domain: "d000001" });
});

afterAll(async () => {
  const undone = await ours(["clouds", "undo"]);
  expect(undone.code, undone.stderr).toBe(0);
  expect([await readFile(fileOf("clouds.yaml"), "utf8"), await readFile(fileOf("secure.yaml"), "utf8")]).toEqual([
    mine,
    "",
  ]);
});
