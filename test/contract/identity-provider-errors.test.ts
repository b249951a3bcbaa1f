import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { applyRealm, type KeycloakConnection, loadRealms, planRealm } from "../../src/realms/index.ts";
import { formatApplied, formatPlan } from "../../src/reconcile/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { Browser, type Page } from "../support/browser.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { listen, stopServer } from "../support/loopback.ts";

const folder = mkdtempSync(join(tmpdir(), "cloudpass-upstream-errors-"));
const broker = "http://127.0.0.1:1";
let rig: KeycloakRig;
let admin: KeycloakAdmin;
let connection: KeycloakConnection;
let provider = "";
/** The error that the identity provider answers with; `token`: a code that is worth nothing. */
let answers = "";

/** An identity provider that refuses. */
const idp = createServer((request, response) => {
  const url = new URL(request.url ?? "", "http://idp");
  if (url.pathname !== "/auth") {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"error":"invalid_client"}');
    return;
  }
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("state", url.searchParams.get("state") ?? "");
  back.searchParams.set(answers === "token" ? "code" : "error", answers);
  response.writeHead(302, { location: back.href });
  response.end();
});

const file = (more = "") => `
kind: Realm
realm: r
broker: {issuer: "${broker}"}
${more}
upstreams:
  - id: home-idp
    template: custom
    provider: oidc
    config: {authorizationUrl: "${provider}/auth", tokenUrl: "${provider}/token", clientId: x, defaultScope: openid offline_access}
    secrets: {clientSecret: {env: S}}
`;

async function apply(text: string): Promise<string> {
  const loaded = loadRealms([{ file: "r.yaml", text }], () => "secret");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded));
  const deps = { clock: systemClock, random: systemRandom };
  const applied = await applyRealm(await planRealm(spec, connection, deps));
  expect(applied.outcome, formatApplied(applied)).toBe("applied");
  return formatPlan((await planRealm(spec, connection, deps)).plan);
}

/** As the broker sends a person there. */
function goIn(): Promise<Page> {
  const url = new URL(`${rig.url}/realms/r/protocol/openid-connect/auth`);
  const query = { response_type: "code", client_id: "cloudpass", redirect_uri: `${broker}/login/callback` };
  const proof = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
  url.search = String(
    new URLSearchParams({ ...query, ...proof, scope: "openid", state: "s", kc_idp_hint: "home-idp" }),
  );
  return new Browser().open(url.href, broker);
}

beforeAll(async () => {
  rig = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(rig.url, rig.adminUser, rig.adminPassword);
  connection = {
    ...{ url: rig.url, realm: "master" },
    credentials: { kind: "password", username: rig.adminUser, password: new Secret(rig.adminPassword) },
  };
  provider = `http://${await listen(idp)}`;
});
afterAll(async () => {
  await rig?.stop();
  await stopServer(idp);
  rmSync(folder, { recursive: true, force: true });
});

describe("an error of the identity provider", { timeout: 120_000 }, () => {
  test("ends on a page that leads back to the broker, and on no form for a password", async () => {
    expect(await apply(file())).toMatch(/0 to|unchanged/);
    for (const error of ["invalid_scope", "access_denied", "server_error", "temporarily_unavailable", "token"]) {
      answers = error;
      const page = await goIn();
      expect(page.text, error).toContain(`href="${broker}/login/failed"`);
      expect(page.text, error).not.toContain("kc-form-login");
    }
  });

  test("that says that somebody must log in comes back to the broker by itself", async () => {
    answers = "login_required";
    expect((await goIn()).stopped).toContain(`${broker}/login/callback?error=login_required`);
  });

  test("is left to a browser flow of the file, where it binds one", async () => {
    await apply(file("bindings: {browser: browser}"));
    const [client] = await admin.list("/r/clients?clientId=cloudpass");
    expect(client).toMatchObject({ baseUrl: `${broker}/login/failed`, authenticationFlowBindingOverrides: {} });
    const flows = await admin.list("/r/authentication/flows");
    expect(flows.map(({ alias }) => alias)).not.toContain("cloudpass-browser");
    answers = "invalid_scope";
    expect((await goIn()).status).toBeLessThan(500);
  });
});
