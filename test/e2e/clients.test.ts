import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as oidc from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { openstackClient } from "../rigs/index.ts";
import { claimsOf, decideInBrowser, keycloakVisitor } from "../support/device-login.ts";
import type { RealStack } from "../support/real-stack.ts";
import { sharedStack } from "../support/shared-stack.ts";
import type { Stage } from "../support/stage.ts";

// Released clients as they are, on real servers. The person's part is a scripted browser on Keycloak's own pages.

let stack: RealStack;
let stage: Stage;
let folder: string;
beforeAll(async () => {
  ({ stack, stage } = await sharedStack());
  folder = await mkdtemp(join(tmpdir(), "cloudpass-clients-"));
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a client; when it shows a link, `email` signs in there and approves. */
async function client(
  command: string,
  args: readonly string[],
  options: { email?: string; env?: Record<string, string> },
): Promise<Ran> {
  const child = spawn(command, args, {
    env: { ...stage.env, ...stack.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  let approving: Promise<unknown> | undefined;
  const look = () => {
    const link = /(https:\/\/127\.0\.0\.1:\d+\/device\?user_code=[A-Z-]{9})/.exec(stdout + stderr)?.[1];
    if (link === undefined || approving || options.email === undefined) return;
    approving = decideInBrowser(link, keycloakVisitor(options.email), "approve");
    approving.catch(() => child.kill());
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    look();
  });
  const code = await new Promise<number>((resolve) => child.on("close", (c) => resolve(c ?? 1)));
  await approving;
  return { code, stdout, stderr };
}

/** Environment in which Python clients trust the test authority and show their prompt at once. */
const python = () => ({ REQUESTS_CA_BUNDLE: stack.ca.certFile, OS_CACERT: stack.ca.certFile, PYTHONUNBUFFERED: "1" });

describe("openstack", () => {
  const discovery = () => `${stack.issuer}/.well-known/openid-configuration`;
  const common = (cloud: "gx1" | "gx2", tenant = "customer-a") => [
    `--os-auth-url=${stack.clouds[cloud].url}`,
    `--os-identity-provider=cloudpass-${tenant}`,
    "--os-protocol=openid",
  ];

  test.each([
    ["gx1", "customer-a"],
    ["gx2", "d000001"],
  ] as const)("v3oidcdeviceauthz on %s: public client, default scope", async (cloud, domain) => {
    const { openstack } = await openstackClient();
    const ran = await client(
      openstack,
      [
        "--os-auth-type=v3oidcdeviceauthz",
        ...common(cloud),
        `--os-discovery-endpoint=${discovery()}`,
        `--os-client-id=${cloud}`,
        "--os-project-name=dev",
        `--os-project-domain-name=${domain}`,
        "token",
        "issue",
        "-f",
        "json",
      ],
      { email: "bob@a.example", env: python() },
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
  });

  test("v3oidcaccesstoken with a token of `cloudpass token`", async () => {
    const { openstack } = await openstackClient();
    const login = await client(process.execPath, ["src/main.ts", "login", "--issuer", stack.issuer, "--no-qr"], {
      email: "alice@a.example",
    });
    expect(login.code, login.stderr).toBe(0);
    const token = await stage.cloudpass(["token", "--target", "gx1", "--issuer", stack.issuer], {
      env: stack.env,
      silent: true,
    });
    // Without a project: the manager's own domain, which a device login carries since the example policy says so.
    const args = [
      "--os-auth-type=v3oidcaccesstoken",
      ...common("gx1"),
      "--os-domain-name=customer-a",
      "user",
      "list",
      "-f",
      "json",
    ];
    const ran = await client(openstack, args, { env: { ...python(), OS_ACCESS_TOKEN: token.stdout.trim() } });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("alice");
  });

  test("a token of one cloud opens no other, and an ID token opens none", async () => {
    const { openstack } = await openstackClient();
    const token = await stage.cloudpass(["token", "--target", "gx1", "--issuer", stack.issuer], {
      env: stack.env,
      silent: true,
    });
    const args = ["--os-auth-type=v3oidcaccesstoken", ...common("gx2"), "token", "issue"];
    const ran = await client(openstack, args, { env: { ...python(), OS_ACCESS_TOKEN: token.stdout.trim() } });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(/401|Unauthorized/);
  });
});

describe("kubectl", () => {
  async function kubeconfig(exec: object): Promise<string> {
    const file = join(folder, `kubeconfig-${Math.random().toString(36).slice(2)}`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "prod1", cluster: { server: stack.cluster.server, "certificate-authority": stack.cluster.caFile } },
      ],
      users: [{ name: "me", user: { exec } }],
      contexts: [{ name: "me", context: { cluster: "prod1", user: "me", namespace: "customer-a-dev" } }],
      "current-context": "me",
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  interface Whoami {
    readonly status: { readonly userInfo: { readonly username: string; readonly groups: readonly string[] } };
  }

  test("with `cloudpass kube-credential`", async () => {
    const file = await kubeconfig({
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: [
        join(import.meta.dirname, "../../src/main.ts"),
        "kube-credential",
        "--cluster",
        "prod1",
        "--issuer",
        stack.issuer,
      ],
      interactiveMode: "IfAvailable",
    });
    const ran = await client(stack.cluster.kubectl, [`--kubeconfig=${file}`, "auth", "whoami", "-o", "json"], {});
    expect(ran.code, ran.stderr).toBe(0);
    const { userInfo } = (JSON.parse(ran.stdout) as Whoami).status;
    expect(userInfo.groups).toEqual(["cp:cp.customer-a.developer", "system:authenticated"]);
    expect(userInfo.username).toMatch(/^cp:p-[0-9a-f]{40}$/);
    const list = await client(
      stack.cluster.kubectl,
      [`--kubeconfig=${file}`, "create", "configmap", "made-by-alice"],
      {},
    );
    expect(list.code, list.stderr).toBe(0);
    const foreign = await client(
      stack.cluster.kubectl,
      [`--kubeconfig=${file}`, "get", "configmaps", "-n", "customer-b-dev"],
      {},
    );
    expect(foreign.stderr).toContain("Forbidden");
  });

  test("with kubelogin's device-code, and its refresh after the ID token expired", async () => {
    const cache = join(folder, "kubelogin");
    const file = await kubeconfig({
      apiVersion: "client.authentication.k8s.io/v1",
      command: stack.cluster.kubelogin,
      args: [
        "get-token",
        "--grant-type=device-code",
        `--oidc-issuer-url=${stack.issuer}`,
        "--oidc-client-id=prod1",
        "--oidc-extra-scope=groups",
        "--oidc-extra-scope=offline_access",
        `--certificate-authority=${stack.ca.certFile}`,
        `--token-cache-dir=${cache}`,
        "--skip-open-browser",
      ],
      interactiveMode: "IfAvailable",
    });
    const whoami = (email?: string) =>
      client(
        stack.cluster.kubectl,
        [`--kubeconfig=${file}`, "auth", "whoami", "-o", "json"],
        email === undefined ? {} : { email },
      );
    const first = await whoami("bob@a.example");
    expect(first.code, first.stderr).toBe(0);
    const groups = (JSON.parse(first.stdout) as Whoami).status.userInfo.groups;
    expect(groups).toEqual(["cp:cp.customer-a.developer", "system:authenticated"]);
    // The ID token lives 60 s here; kubelogin takes it for expired a little before.
    await until(Date.now() + 62_000);
    const second = await whoami();
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).not.toContain("user_code");
    expect((JSON.parse(second.stdout) as Whoami).status.userInfo.groups).toEqual(groups);
  });
});

/** Waits for a moment: the one thing here that has no condition to watch but the clock. */
const until = (at: number) => new Promise((resolve) => setTimeout(resolve, at - Date.now()));

describe("openid-client", () => {
  test("device flow and refresh, strict as released", async () => {
    const config = await oidc.discovery(new URL(stack.issuer), "prod1", undefined, oidc.None());
    const started = await oidc.initiateDeviceAuthorization(config, { scope: "openid profile groups offline_access" });
    const polling = oidc.pollDeviceAuthorizationGrant(config, started);
    await decideInBrowser(String(started.verification_uri_complete), keycloakVisitor("bob@a.example"), "approve");
    const tokens = await polling;
    expect(tokens.claims()).toMatchObject({
      aud: "prod1",
      preferred_username: "bob",
      groups: ["cp.customer-a.developer"],
    });
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(claimsOf(again.access_token)).toMatchObject({ aud: "prod1", token_use: "access", flow: "device" });
    expect(again.claims()?.sub).toBe(tokens.claims()?.sub);
  });
});
