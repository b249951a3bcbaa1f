import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { systemClock } from "../../../src/core/index.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const keys = await generateKeyPair("ES256");
const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k", alg: "ES256", use: "sig" };

/** What the identity provider allows our client. */
interface Allows {
  readonly scopes: readonly string[];
  /** Gives a refresh token, and takes it. */
  readonly refresh: boolean;
}

const policies = fileURLToPath(new URL("../../../policies", import.meta.url));
let folder: string;
let issuer: string;
let allows: Allows;
let nonce = "";
const asked: URLSearchParams[] = [];
const idp = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", issuer);
  const json = (body: object, status = 200) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === "/.well-known/openid-configuration") return json(metadata());
  if (url.pathname === "/jwks") return json({ keys: [jwk] });
  if (url.pathname === "/userinfo") return json({ sub: "s1", preferred_username: "ada" });
  if (url.pathname === "/auth") return authorize(url, response);
  let text = "";
  for await (const part of request) text += String(part);
  const form = new URLSearchParams(text);
  asked.push(form);
  if (form.get("grant_type") === "refresh_token" && !allows.refresh) return json({ error: "invalid_grant" }, 400);
  const id_token = await new SignJWT({ nonce })
    .setProtectedHeader({ alg: "ES256", kid: "k" })
    .setIssuer(issuer)
    .setSubject("s1")
    .setAudience("broker")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(keys.privateKey);
  const tokens = { access_token: "a", token_type: "Bearer", id_token };
  json(allows.refresh ? { ...tokens, refresh_token: "r" } : tokens);
}

const metadata = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  scopes_supported: ["openid", "profile", "email", "offline_access"],
  id_token_signing_alg_values_supported: ["ES256"],
});

/** Answers at once, as a provider does that knows its user. */
function authorize(url: URL, response: ServerResponse): void {
  asked.push(url.searchParams);
  nonce = url.searchParams.get("nonce") ?? "";
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("state", url.searchParams.get("state") ?? "");
  const refused = (url.searchParams.get("scope") ?? "").split(" ").filter((scope) => !allows.scopes.includes(scope));
  if (refused.length === 0) back.searchParams.set("code", "c");
  else {
    back.searchParams.set("error", "invalid_scope");
    back.searchParams.set("error_description", `${refused.join(" ")} is not allowed`);
  }
  response.writeHead(302, { location: back.href });
  response.end();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-test-login-"));
  issuer = `http://${await listen(idp)}`;
  await writeFile(
    join(folder, "lab.yaml"),
    "kind: Environment\nissuer: https://login.example\nprobe: {allow: [127.0.0.1/32]}\n",
  );
});
beforeEach(() => {
  asked.length = 0;
  allows = { scopes: ["openid", "profile", "email", "offline_access"], refresh: true };
});
afterAll(async () => {
  await stopServer(idp);
  await rm(folder, { recursive: true });
});

/** Runs the command, and goes where it says. */
async function testLogin(entry: string, ...more: string[]) {
  const file = join(folder, "realm.yaml");
  const client = "client: {id: broker, secret: {env: S}}";
  await writeFile(
    file,
    `kind: Realm\nrealm: r\nupstreams: [{id: a-idp, template: oidc, issuer: "${issuer}", ${client}${entry}}]\n`,
  );
  const terminal = fakeTerminal({ HOME: folder, S: "secret", SSH_TTY: "x" });
  let gone = false;
  const watch = (text: string) => {
    const link = /open {3}(\S+)/.exec(text)?.[1];
    if (link === undefined || gone) return;
    gone = true;
    void fetch(link).catch(() => undefined);
  };
  terminal.stderr.on("data", () => watch(terminal.err()));
  const argv = ["idp", "test-login", "a-idp", file, "-e", join(folder, "lab.yaml"), "-p", policies, ...more];
  const exitCode = await runCli(argv, {
    version: "0.0.0",
    serve: async () => 0,
    terminal: { ...terminal, clock: systemClock },
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

describe("idp test-login asks for exactly what Keycloak asks for", () => {
  test("offline access where the provider is asked again, PKCE, and no proof that nobody asks for", async () => {
    const { err } = await testLogin("");
    const [login, code, again] = asked;
    expect(login?.get("scope"), err).toBe("openid profile email offline_access");
    expect(login?.get("code_challenge_method")).toBe("S256");
    expect(login?.has("prompt")).toBe(false);
    expect(code?.get("code_verifier")).toMatch(/^[\w-]{43}$/);
    expect(again?.get("grant_type")).toBe("refresh_token");
  });

  test("what the file changes of it: scopes, prompt, no PKCE, how our client proves itself", async () => {
    const raw = "raw: {config: {prompt: consent, pkceEnabled: 'false', clientAuthMethod: client_secret_post}}";
    await testLogin(`, recheck: none, scopes: [openid, roles], ${raw}`);
    allows = { ...allows, scopes: [...allows.scopes, "roles"] };
    asked.length = 0;
    await testLogin(`, recheck: none, scopes: [openid, roles], ${raw}`);
    const [login, code, ...more] = asked;
    expect(Object.fromEntries(login ?? [])).toMatchObject({ scope: "openid roles", prompt: "consent" });
    expect(login?.has("code_challenge")).toBe(false);
    expect(Object.fromEntries(code ?? [])).toMatchObject({ client_id: "broker", client_secret: "secret" });
    expect(more).toEqual([]);
    expect((await testLogin(", recheck: none, scopes: [openid]", "--fresh")).err).toContain("prompt=login");
  });
});

describe("idp test-login fails where every real login would", () => {
  test("because the provider does not allow our client offline_access", async () => {
    allows = { ...allows, scopes: ["openid", "profile", "email"] };
    const { exitCode, err } = await testLogin("");
    expect(exitCode).toBe(1);
    expect(err).toContain("invalid_scope: offline_access is not allowed");
    expect(err).toMatch(/every real login would end like this one/);
    expect(err).toMatch(/allow our client broker these scopes/);
  });

  test("because it gives no refresh token, or does not take it", async () => {
    allows = { ...allows, refresh: false };
    const { exitCode, out } = await testLogin("");
    expect(exitCode, out).toBe(1);
    expect(out).toMatch(
      /cannot be asked again \(recheck: required\): it gave no refresh token[^\n]*every login would end/,
    );
    const lenient = await testLogin(", recheck: best-effort", "--output", "json");
    expect(JSON.parse(lenient.out)).toMatchObject({ recheck: { recheck: "best-effort", isNeeded: false } });
  });
});
