import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { policyWithRobots } from "../support/clients.ts";
import { codeRequest, decideCode } from "../support/code-login.ts";
import { type DeviceStart, decideInBrowser, embeddedVisitor, poll, postForm } from "../support/device-login.ts";
import { pkce } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { keyHolder } from "../support/key-holder.ts";
import { basic, type ClientName, known, once, tokensIn, type World } from "./world.ts";

const bob = embeddedVisitor("bob@a.example");

const yaml = (jwks: string) => `trustedProxies: [127.0.0.1]
clients:
  - id: app
    name: App
    grants: [authorization-code, device, refresh]
    redirectUris: [${known.redirectUri}]
    postLogoutRedirectUris: [${known.afterLogout}]
    deviceOrigin: allow-insecure # each request of a comparison has an address of its own (decision 0038)
  - {id: other, name: Other, grants: [authorization-code, device, refresh], redirectUris: [https://other.example/cb]}
  - {id: vault, name: Vault, grants: [device, refresh], secret: {env: VAULT_SECRET}}
  - {id: bound, name: Bound, grants: [device, refresh], dpop: required}
  - id: robot
    name: Robot
    grants: [client-credentials]
    jwks: ${jwks}
    machine: {tenant: customer-a, upstream: customer-a-ci, claims: {job: deploy}}
`;

/** Our broker, driven through its pages by a browser that stays signed in. */
export async function ours(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-oracle-"));
  const clock = heldClock();
  const key = await keyHolder("ES256", clock);
  await key.writeKeys(join(folder, "jwks.json"));
  const env = { VAULT_SECRET: known.secret };
  const broker = await boot({ clock, yaml: yaml(join(folder, "jwks.json")), env, policy: policyWithRobots() });
  const { issuer } = broker;
  // Person and program are on one network, as the proxy says: what another one changes is tested elsewhere.
  const home = { "x-forwarded-for": "192.0.2.9" };
  const browser = new Browser(home);
  const headersOf = (client: ClientName): Record<string, string> =>
    client === "vault" ? { ...home, authorization: basic() } : home;
  let started = 0;
  const start = async (client: ClientName, decision?: "approve" | "deny"): Promise<string> => {
    // So many logins from one address are too many for a minute (S-56), which is not what is compared here.
    if (++started % 200 === 0) clock.advance(60);
    const form = { client_id: client, scope: known.scope };
    const { body } = await postForm(`${issuer}/device_authorization`, form, headersOf(client));
    const { device_code, verification_uri_complete: link } = body as unknown as DeviceStart;
    if (decision) await decideInBrowser(link, bob, decision, browser);
    return device_code;
  };
  const tokens: World["tokens"] = async (client) => {
    const device_code = await start(client, "approve");
    const proof = client === "bound" ? { dpop: await key.proof("POST", `${issuer}/token`) } : {};
    const { body } = await poll(issuer, { client_id: client, device_code }, { ...headersOf(client), ...proof });
    return tokensIn(body);
  };
  return {
    issuer,
    key,
    deviceCode: (state) =>
      start("app", { pending: undefined, approved: "approve" as const, denied: "deny" as const }[state]),
    code: async () => {
      const more = { redirect_uri: known.redirectUri, code_challenge: pkce(known.verifier).challenge };
      const callback = await decideCode(codeRequest(issuer, "app", more), bob, "approve", browser);
      return callback.searchParams.get("code") ?? "";
    },
    tokens,
    lasting: once(tokens),
    stop: async () => {
      await broker.stop();
      await rm(folder, { recursive: true });
    },
  };
}
