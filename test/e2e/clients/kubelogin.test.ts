import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { KUBELOGIN_VERSION, KUBERNETES_VERSION } from "../../rigs/index.ts";
import { type Whoami, writeKubeconfig } from "../../support/kubeconfig.ts";
import { proves } from "../../support/proves.ts";
import { type ClientOptions, runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
});

proves(() => ({
  name: "kubelogin (kubectl oidc-login)",
  version: `kubelogin ${KUBELOGIN_VERSION}, kubectl and kube-apiserver ${KUBERNETES_VERSION}`,
  needs:
    "`--oidc-client-id` is the cluster's name in the policy; ask for `profile`, and for `offline_access` to be refreshed.",
}));

const groups = ["cp:cp.customer-a.developer", "system:authenticated"];

/** A `kubectl auth whoami` whose credential comes from kubelogin with these options. */
async function whoamiWith(...options: readonly string[]) {
  const kubeconfig = await writeKubeconfig(stack, {
    command: stack.cluster.kubelogin,
    args: [
      "get-token",
      `--oidc-issuer-url=${stack.issuer}`,
      "--oidc-client-id=prod1",
      "--oidc-extra-scope=profile",
      "--oidc-extra-scope=groups",
      "--oidc-extra-scope=offline_access",
      `--certificate-authority=${stack.ca.certFile}`,
      `--token-cache-dir=${await mkdtemp(join(tmpdir(), "cloudpass-kubelogin-"))}`,
      "--skip-open-browser",
      ...options,
    ],
  });
  return async (client: ClientOptions = {}) => {
    const args = [`--kubeconfig=${kubeconfig}`, "auth", "whoami", "-o", "json"];
    const ran = await runClient(stack.cluster.kubectl, args, client);
    expect(ran.code, ran.stderr).toBe(0);
    return { ...(JSON.parse(ran.stdout) as Whoami).status.userInfo, stderr: ran.stderr };
  };
}

let loggedIn: { whoami: Awaited<ReturnType<typeof whoamiWith>>; at: number };

test("device code: kubectl is let in with the groups of this cluster", async () => {
  const whoami = await whoamiWith("--grant-type=device-code");
  expect((await whoami({ email: "bob@a.example" })).groups).toEqual(groups);
  loggedIn = { whoami, at: Date.now() };
});

test("browser login: authorization code with PKCE on a loopback port", async () => {
  const whoami = await whoamiWith("--grant-type=authcode", "--listen-address=127.0.0.1:0");
  const who = await whoami({ email: "bob@a.example", link: /http:\/\/localhost:\d+\/?(?=\s)/ });
  expect(who.groups).toEqual(groups);
});

test("its refresh, without a prompt, after the ID token expired", async () => {
  // The ID token lives 60 s here.
  await until(loggedIn.at + 61_000);
  const again = await loggedIn.whoami();
  expect(again.stderr).not.toContain("visit");
  expect(again.groups).toEqual(groups);
});

/** Waits for a moment: the one thing here that has no condition to watch but the clock. */
const until = (at: number) => new Promise((resolve) => setTimeout(resolve, at - Date.now()));
