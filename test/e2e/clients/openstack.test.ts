import { beforeAll, describe, expect, test } from "vitest";
import { openstackClient, openstackVersions } from "../../rigs/index.ts";
import { keycloakVisitor, poll, startDevice } from "../../support/device-login.ts";
import { proves } from "../../support/proves.ts";
import { approve, type ClientOptions, pythonEnvironment, type Ran, runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { clientSecret, sharedStack } from "../../support/shared-stack.ts";

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
});

proves(() => ({
  name: "The openstack command (keystoneauth)",
  version: openstackVersions,
  needs:
    "`--os-client-id` is the cloud's name in the policy. The plain command logs in anew each time: it never uses a " +
    "refresh token; `cloudpass token` gives `v3oidcaccesstoken` one without a prompt.",
}));

async function openstack(cloud: "gx1" | "gx2", args: readonly string[], options: ClientOptions = {}): Promise<Ran> {
  const { openstack: command } = await openstackClient();
  const where = [
    `--os-auth-url=${stack.clouds[cloud].url}`,
    "--os-identity-provider=cloudpass-customer-a",
    "--os-protocol=openid",
  ];
  return runClient(command, [...where, ...args], {
    ...options,
    env: { ...(await pythonEnvironment()), ...options.env },
  });
}

const deviceLogin = (cloud: "gx1" | "gx2", domain: string, more: readonly string[] = [], client: string = cloud) =>
  openstack(
    cloud,
    [
      "--os-auth-type=v3oidcdeviceauthz",
      `--os-discovery-endpoint=${stack.issuer}/.well-known/openid-configuration`,
      `--os-client-id=${client}`,
      "--os-project-name=dev",
      `--os-project-domain-name=${domain}`,
      ...more,
      ...["token", "issue", "-f", "json"],
    ],
    { email: "bob@a.example" },
  );

describe("v3oidcdeviceauthz", () => {
  test("v3oidcdeviceauthz: a device login as it is, scoped to a project", async () => {
    const ran = await deviceLogin("gx1", "customer-a");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
  });

  test("v3oidcdeviceauthz on a second cloud, where the customer's domain has another name", async () => {
    const ran = await deviceLogin("gx2", "d000001");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
  });

  test("v3oidcdeviceauthz with PKCE (--os-code-challenge-method S256)", async () => {
    const ran = await deviceLogin("gx1", "customer-a", ["--os-code-challenge-method=S256"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
  });

  test("v3oidcdeviceauthz with the scope `openid` alone: Keystone has its user name all the same", async () => {
    const ran = await deviceLogin("gx1", "customer-a", ["--os-openid-scope=openid"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
  });

  test("v3oidcdeviceauthz with a secret: Basic and `client_id` in the body at once", async () => {
    const ran = await deviceLogin("gx1", "customer-a", [`--os-client-secret=${clientSecret}`], "gx1-robot");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('"project_id"');
    const wrong = await deviceLogin("gx1", "customer-a", ["--os-client-secret=wrong"], "gx1-robot");
    expect(wrong.code).not.toBe(0);
  });
});

describe("v3oidcaccesstoken", () => {
  /** Tokens of a device login by hand, for the client of one cloud. */
  async function tokensFor(cloud: "gx1" | "gx2"): Promise<{ access: string; id: string }> {
    const started = await startDevice(stack.issuer, { client_id: cloud });
    await approve(started.verification_uri_complete, keycloakVisitor("bob@a.example"));
    const { body } = await poll(stack.issuer, { client_id: cloud, device_code: started.device_code });
    return { access: String(body["access_token"]), id: String(body["id_token"]) };
  }

  test("v3oidcaccesstoken: a manager's token lists the users of the manager's own domain", async () => {
    const { stage } = await sharedStack();
    const login = await runClient(
      process.execPath,
      ["src/main.ts", "login", "--device", "--issuer", stack.issuer, "--no-qr"],
      {
        email: "alice@a.example",
      },
    );
    expect(login.code, login.stderr).toBe(0);
    const args = ["token", "--target", "gx1", "--issuer", stack.issuer];
    const token = await stage.cloudpass(args, { env: stack.env, silent: true });
    // Without a project: the manager's own domain, which a device login carries since the example policy says so.
    const list = ["--os-auth-type=v3oidcaccesstoken", "--os-domain-name=customer-a", "user", "list", "-f", "json"];
    const ran = await openstack("gx1", list, { env: { OS_ACCESS_TOKEN: token.stdout.trim() } });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("alice");
  });

  test("v3oidcaccesstoken: a token of one cloud opens no other, and an ID token opens none", async () => {
    const { access, id } = await tokensFor("gx1");
    for (const [cloud, token] of [
      ["gx2", access],
      ["gx1", id],
    ] as const) {
      const args = ["--os-auth-type=v3oidcaccesstoken", "token", "issue"];
      const ran = await openstack(cloud, args, { env: { OS_ACCESS_TOKEN: token } });
      expect(ran.code, `${cloud}: ${ran.stdout}`).not.toBe(0);
      expect(ran.stderr).toMatch(/401|Unauthorized/);
    }
  });
});
