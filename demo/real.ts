import { join } from "node:path";
import { openstackClient } from "../test/rigs/index.ts";
import { claimsOf, keycloakVisitor } from "../test/support/device-login.ts";
import { federatedLogin, type KeystoneScope, rescope } from "../test/support/keystone-token.ts";
import { type RealStack, startRealStack } from "../test/support/real-stack.ts";
import { type Stage, say, scene } from "../test/support/stage.ts";
import { type Access, login, showToken } from "./login.ts";

/** Of a plan's many lines, those that sum up. */
const summaries = /^(Made|\S+ \S+.*: (\d+ (to|steps)|nothing))/;

const clouds = [
  { cloud: "gx1", domain: "customer-a" },
  { cloud: "gx2", domain: "d000001" },
] as const;

/** The main job on real servers, all started here: Keycloak, two Keystones behind Apache, kube-apiserver. */
export async function realDemo(stage: Stage, yes: boolean): Promise<void> {
  scene("Starting everything; a new machine builds the servers first, which takes some minutes");
  const stack = await startRealStack(stage.folder, {
    say,
    cloudpass: async (args, env) => {
      const shown = `cloudpass ${args.join(" ").replaceAll(`${stage.folder}/`, "")}`;
      return (await stage.cloudpass(args, { env, shown, silent: args[0] === "targets", only: summaries })).stdout;
    },
  });
  stage.atEnd(() => stack.stop());
  const access = { issuer: stack.issuer, env: stack.env };

  scene("Applying again writes nothing");
  const environment = join(stack.folder, "environment.yaml");
  for (const what of ["realms", "policies"]) {
    const args = [what, "apply", what, "--environment", environment, "--yes"];
    const { stdout, stderr } = await stage.cloudpass(args, {
      env: stack.env,
      shown: `cloudpass ${what} apply ${what} --yes`,
    });
    same(`${what}: second apply`, [/\d+ steps/.test(stdout + stderr) ? "wrote" : "wrote nothing"], ["wrote nothing"]);
  }

  scene("Alice of customer A, a domain manager, logs in once");
  const hint = "Open the link, type alice@a.example, and sign in as alice with the password alice.\n";
  await login(stage, access, yes ? keycloakVisitor("alice@a.example") : undefined, hint);
  await stage.cloudpass(["status", "--issuer", stack.issuer], { env: stack.env });
  await showToken(stage, access, "gx1");
  await showToken(stage, access, "prod1");

  scene("The same login on both clouds, by the unmodified openstack client");
  for (const { cloud, domain } of clouds) await onCloud(stage, stack, access, cloud, domain);

  scene("The same login on the cluster, by the unmodified kubectl");
  await onCluster(stage, stack, ["cp:cp.customer-a.developer"]);

  scene("Customer B has an alice too, in a group of the same name; nothing crosses");
  const other = stage.another("customer-b");
  await login(other, access, keycloakVisitor("alice@b.example"));
  await refusedAtCustomerA(other, stack, access);
  say("\nAll of it held.");
}

/** The client's own words, then Keystone's: the person's domain, and the role on each scope. */
async function onCloud(
  stage: Stage,
  stack: RealStack,
  access: Access,
  cloud: "gx1" | "gx2",
  domain: string,
): Promise<void> {
  const { openstack } = await openstackClient();
  for (const scope of [["--project", "dev"], ["--domain"]]) {
    const command = ["token", "issue", "-c", "user_id", "-c", scope[0] === "--domain" ? "domain_id" : "project_id"];
    await stage.cloudpass(["exec", "--cloud", cloud, ...scope, "--issuer", stack.issuer, "--", openstack, ...command], {
      env: stack.env,
      shown: `cloudpass exec --cloud ${cloud} ${scope.join(" ")} -- openstack ${command.join(" ")}`,
    });
  }
  const { url } = stack.clouds[cloud];
  const unscoped = await federatedLogin(url, "cloudpass-customer-a", await tokenFor(stage, access, cloud));
  same(`${cloud}: the person's domain`, [unscoped.domain ?? "none"], [domain]);
  const rolesOn = async (scope: KeystoneScope) => (await rescope(url, unscoped.token ?? "", scope)).roles;
  // Keystone adds what a role implies: manager > member > reader.
  same(`${cloud}: roles on domain ${domain}`, await rolesOn({ domain }), ["manager", "member", "reader"]);
  same(`${cloud}: roles on project dev`, await rolesOn({ project: "dev", domain }), ["member", "reader"]);
}

async function onCluster(stage: Stage, stack: RealStack, groups: readonly string[]): Promise<void> {
  const whoami = await kubectl(stage, stack, "auth", "whoami", "-o", "json");
  const { userInfo } = (JSON.parse(whoami.stdout) as { status: { userInfo: { username: string; groups: string[] } } })
    .status;
  say(`username  ${userInfo.username}\ngroups    ${userInfo.groups.join(", ")}`);
  same(
    "groups with our prefix",
    userInfo.groups.filter((g) => g.startsWith("cp:")),
    groups,
  );
  const list = await kubectl(stage, stack, "get", "configmaps", "--namespace", "customer-a-dev");
  same("own namespace", [String(list.code)], ["0"]);
}

/** The other customer's alice, at the first customer's doors. */
async function refusedAtCustomerA(stage: Stage, stack: RealStack, access: Access): Promise<void> {
  for (const { cloud, domain } of clouds) {
    const { url } = stack.clouds[cloud];
    const token = await tokenFor(stage, access, cloud);
    say(`${cloud}: token of tenant ${String(claimsOf(token)["tenant"])}`);
    const foreign = await federatedLogin(url, "cloudpass-customer-a", token);
    same(`${cloud}: customer B's token at customer A's identity provider`, [String(foreign.status)], ["403"]);
    const own = await federatedLogin(url, "cloudpass-customer-b", token);
    const project = await rescope(url, own.token ?? "", { project: "dev", domain });
    same(`${cloud}: customer B's user on customer A's project`, [String(project.status)], ["401"]);
  }
  const denied = await kubectl(stage, stack, "get", "configmaps", "--namespace", "customer-a-dev");
  same("customer B's user in customer A's namespace is refused", [String(denied.code)], ["1"]);
}

/** `kubectl` with a kubeconfig that holds no secret: it asks `cloudpass kube-credential`. */
function kubectl(stage: Stage, stack: RealStack, ...args: readonly string[]) {
  const target = [`--server=${stack.cluster.server}`, `--certificate-authority=${stack.cluster.caFile}`];
  return stage.kubeconfig("prod1", stack.issuer, stack.env).then((kubeconfig) =>
    stage.run(stack.cluster.kubectl, [`--kubeconfig=${kubeconfig}`, ...target, ...args], {
      env: stack.env,
      shown: `kubectl ${args.join(" ")}`,
      mayFail: true,
      silent: args.includes("json"),
    }),
  );
}

async function tokenFor(stage: Stage, access: Access, target: string): Promise<string> {
  const args = ["token", "--target", target, "--issuer", access.issuer];
  const { stdout } = await stage.cloudpass(args, { silent: true, ...(access.env && { env: access.env }) });
  return stdout.trim();
}

/** Says what was found, and stops the demo when it is not what it must be. */
function same(what: string, found: readonly string[], expected: readonly string[]): void {
  const [a, b] = [[...found].sort().join(", "), [...expected].sort().join(", ")];
  if (a !== b) throw new Error(`${what}: expected ${b}, found ${a}`);
  say(`✓ ${what}: ${a}`);
}
