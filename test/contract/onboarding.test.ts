import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/index.ts";
import { rulesFor } from "../../src/http-client/index.ts";
import { checkIdentityProvider } from "../../src/probe/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { Browser } from "../support/browser.ts";
import { type CustomerIdp, createCustomerIdp } from "../support/customer-idp.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";
import { root } from "../support/stage.ts";

// docs/how-to/onboard-an-identity-provider.md, command by command, with a real Keycloak as broker and as customer.

const page = readFileSync(join(root, "docs/how-to/onboard-an-identity-provider.md"), "utf8");
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));
const folder = mkdtempSync(join(tmpdir(), "cloudpass-onboarding-"));
const secret = "the secret of customer c";
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let customer: CustomerIdp;
let port: number;

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  customer = await createCustomerIdp(admin, {
    ...{ realm: "customer-c", brokerRealm: `${keycloak.url}/realms/customers`, alias: "c-idp" },
    ...{ clientId: "cloudpass-broker", clientSecret: secret },
    people: [
      {
        username: "ada",
        password: "pa",
        email: "ada@c.example",
        firstName: "Ada",
        lastName: "L",
        groups: ["platform"],
      },
    ],
  });
  // The first login page of a fresh Keycloak takes it longer than a check waits.
  await fetch(`${customer.issuer}/protocol/openid-connect/auth`);
  port = await freePort();
  const [client] = await admin.list("/customer-c/clients?clientId=cloudpass-broker");
  if (client === undefined) throw new Error("the customer has no client of ours");
  const redirectUris = [...(client["redirectUris"] as string[]), `http://127.0.0.1:${port}/callback`];
  await admin.call("PUT", `/customer-c/clients/${String(client["id"])}`, { ...client, redirectUris, secret });
  mkdirSync(join(folder, "realms"));
  const realm = "# Our customers\nkind: Realm\nrealm: customers\nbroker: {issuer: https://login.example}\n";
  writeFileSync(join(folder, "realms/customers.yaml"), realm);
  cpSync(join(root, "policies"), join(folder, "policies"), { recursive: true });
  writeFileSync(
    join(folder, "production.yaml"),
    `kind: Environment
issuer: https://login.example
probe: {allow: [127.0.0.0/8]}
keycloaks:
  main: {url: "${keycloak.url}", username: ${keycloak.adminUser}, password: {env: ADMIN_PASSWORD}}
`,
  );
}, 240_000);
afterAll(async () => {
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the page as it stands there, with this test's names for places, and a yes where a person is asked. */
function run(command: string, onErr: (text: string, child: ChildProcess) => void = () => undefined): Promise<Ended> {
  const [program, ...args] = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
  if (program !== "cloudpass") throw new Error(`not ours: ${command}`);
  const here = args.map((arg) => arg.replace("https://idp.c.example", customer.issuer).replace("8400", String(port)));
  const asks = /^(?:idp (?:add|stage|rotate)|realms apply)/.test(args.join(" "));
  const typed = args[0] === "idp" && args[1] === "remove" ? ["--confirm", String(args[2])] : [];
  const child = spawn(process.execPath, [join(root, "src/main.ts"), ...here, ...(asks ? ["--yes"] : []), ...typed], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      ADMIN_PASSWORD: keycloak.adminPassword,
      C_IDP_SECRET: secret,
      C_IDP_SECRET_2: secret,
      SSH_TTY: "no browser here",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
    onErr(said.err, child);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, ...said }));
  });
}

/** The next command of the page, which must be of this kind and end well. */
async function next(kind: string, onErr?: Parameters<typeof run>[1]): Promise<Ended> {
  const command = commands.shift() ?? "";
  expect(command.startsWith(`cloudpass ${kind}`), command).toBe(true);
  const ended = await run(command, onErr);
  expect(ended.code, `${command}\n${ended.out}\n${ended.err}`).toBe(0);
  return ended;
}
const isEnabled = async () => (await admin.get("/customers/identity-provider/instances/c-idp"))["enabled"];

// A command is a process of its own, and half of them make a plan of a whole realm.
describe("onboarding an identity provider, as the page says", { timeout: 240_000 }, () => {
  test("looking at it finds nothing wrong with a Keycloak, as OpenID Provider and by its SAML metadata", async () => {
    const { out } = await next("idp check");
    expect(out).toContain("0 to think about, 0 wrong");
    const address = `${customer.issuer}/protocol/saml/descriptor`;
    const saml = await checkIdentityProvider({ address }, rulesFor(["127.0.0.0/8"]), systemClock);
    expect(saml.findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(saml.kind).toBe("saml");
  });

  test("a draft is written, with the comments that were there, and lets nobody in", async () => {
    const { err } = await next("idp add");
    expect(err).toContain("/broker/c-idp/endpoint");
    const written = readFileSync(join(folder, "realms/customers.yaml"), "utf8");
    expect(written).toMatch(/^# Our customers\nkind: Realm/);
    expect(written).toContain("stage: draft");
    expect(written).not.toContain(secret);
    const policy = join(folder, "policies/targets.yaml");
    const text = readFileSync(policy, "utf8");
    writeFileSync(policy, text.replace("upstreams: [customer-a-idp]", "upstreams: [customer-a-idp, c-idp]"));
    await next("realms apply");
    expect(await isEnabled()).toBe(false);
  });

  test("a tester sees what the provider says, and what the policy decides of it", async () => {
    await next("idp stage");
    await next("realms apply");
    expect(await isEnabled()).toBe(true);
    let gone = false;
    const browser = new Browser();
    const { out, err } = await next("idp test-login", (said) => {
      const url = /open {3}(\S+)/.exec(said)?.[1];
      if (url === undefined || gone) return;
      gone = true;
      const callback = `http://127.0.0.1:${port}/callback`;
      browser
        .open(url, callback)
        .then((first) => drive(browser, first, callback, { username: "ada", password: "pa" }))
        .then(({ done }) => done && fetch(done));
    });
    expect(out).toMatch(/groups, list: \["platform"\]/);
    expect(out).toContain('preferred_username: "ada"');
    expect(out).toContain("customer-a");
    expect(err).toContain("Nothing was granted");
  });

  test("it is opened, listed, and gets another secret", async () => {
    await next("idp stage");
    await next("realms apply");
    expect((await next("idp list")).out).toMatch(
      /c-idp {2}active[\s\S]*client secret cloudpass-broker: ends in \d+ days/,
    );
    expect((await next("idp rotate")).err).toContain("takes the new secret");
    await next("realms apply");
    await expect(
      run(`cloudpass idp rotate c-idp --environment production.yaml --secret-env ADMIN_PASSWORD`),
    ).resolves.toMatchObject({
      code: 1,
    });
  });

  test("switched off and taken away, with what hangs on it shown first", async () => {
    await next("idp stage");
    await next("realms apply");
    expect(await isEnabled()).toBe(false);
    const user = String(await admin.call("POST", "/customers/users", { username: "linked", enabled: true }));
    const link = { identityProvider: "c-idp", userId: "u-1", userName: "ada" };
    await admin.call("POST", `/customers/users/${user}/federated-identity/c-idp`, link);
    const { out } = await next("idp remove");
    expect(out).toMatch(
      /1 people in Keycloak[\s\S]*organizations: customer-c[\s\S]*tenants of the policies: customer-a/,
    );
    await next("realms apply");
    expect(await admin.list("/customers/identity-provider/instances")).toEqual([]);
    expect(commands).toEqual([]);
  });
});
