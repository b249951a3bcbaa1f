import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OidcAgentRig, startOidcAgent } from "../../rigs/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { proves } from "../../support/proves.ts";
import { runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";

let stack: RealStack;
let agent: OidcAgentRig;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  agent = await startOidcAgent(await mkdtemp(join(tmpdir(), "cp-agent-")));
});
afterAll(() => agent?.stop());

proves(() => ({
  name: "oidc-agent",
  version: `${agent.version} (Debian)`,
  needs: '`oidc-gen --manual --flow=device --client-id=<target> --client-secret= --scope="openid offline_access"`.',
}));

test("device login by oidc-gen: Basic with an empty secret is the public client", async () => {
  const args = [
    "gx1",
    "--manual",
    "--flow=device",
    `--issuer=${stack.issuer}`,
    "--client-id=gx1",
    "--client-secret=",
    "--redirect-uri=http://localhost:4242",
    "--scope=openid profile offline_access",
    `--cert-path=${stack.ca.certFile}`,
    "--pw-env",
    "--prompt=none",
    "--confirm-yes",
    "--no-url-call",
  ];
  const ran = await runClient("oidc-gen", args, { email: "bob@a.example", env: agent.env });
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stdout + ran.stderr).toContain("Everything setup correctly");
});

test("oidc-token gives tokens of that cloud, fresh ones by refresh", async () => {
  const token = async (...args: readonly string[]) => {
    const ran = await runClient("oidc-token", [...args, "gx1"], { env: agent.env });
    expect(ran.code, ran.stderr).toBe(0);
    return ran.stdout.trim();
  };
  const [first, fresh] = [await token(), await token("--force-new")];
  expect(claimsOf(fresh)).toMatchObject({ aud: "gx1", preferred_username: "bob" });
  expect(fresh).not.toBe(first);
});
