import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { blocksOf, changeFile, type HowToStep, stepsOf } from "../support/how-to.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// docs/how-to/from-keycloak-config-cli.md, from-terraform.md and from-an-export.md, on realms as those tools leave them.

const folder = mkdtempSync(join(tmpdir(), "cloudpass-take-over-"));
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
}, 240_000);
afterAll(async () => {
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A place for a page's files, and a way to take its steps with some variables set. */
function reader(page: string, variables: Readonly<Record<string, string>>) {
  const at = join(folder, page);
  mkdirSync(join(at, "realms"), { recursive: true });
  const account = "username: admin, password: {env: KEYCLOAK_SECRET}";
  const steps = stepsOf(page, {
    "https://keycloak.example": JSON.stringify(keycloak.url),
    "clientId: cloudpass-apply, clientSecret: {env: KEYCLOAK_SECRET}": account,
  });
  const env = { HOME: at, KEYCLOAK_SECRET: keycloak.adminPassword, ...variables };
  const run = async (command: string) => {
    // What ends a line of a page says how the command ends: "# exit code 2: something differs".
    const [line = "", said = ""] = command.split(/ +# /);
    const [program, ...args] = line.split(" ");
    if (program !== "cloudpass") throw new Error(`${page} has a command that is not ours: ${command}`);
    const terminal = fakeTerminal(env);
    const argv = args.map((arg) => (/\.(?:yaml|json)$/.test(arg) ? join(at, arg) : arg));
    const code = await runCli(argv, { version: "0", serve: async () => 0, terminal });
    expect(`${line}: ${code}`, terminal.out() + terminal.err()).toBe(
      `${line}: ${/^exit code (\d)/.exec(said)?.[1] ?? "0"}`,
    );
  };
  const take = async (step: HowToStep): Promise<void> => {
    if (step.kind === "run") await run(step.command);
    else if (step.kind === "write") writeFileSync(join(at, step.file), step.text);
    else changeFile(join(at, step.file), step.hunks);
  };
  return { steps, take, file: (name: string) => readFileSync(join(at, name), "utf8") };
}

const isApply = (step: HowToStep) => step.kind === "run" && step.command.startsWith("cloudpass realms apply");

describe("docs/how-to/from-keycloak-config-cli.md", () => {
  it("leads to an empty plan, and then the file is the truth", async () => {
    const secrets = { SHOP_SECRET: "the-secret-of-the-shop", MAIL_SECRET: "the-secret-of-the-mail" };
    const page = "from-keycloak-config-cli.md";
    const [written = ""] = blocksOf(page, "json");
    const config = JSON.parse(written.replace(/\$\(env:(\w+)\)/g, (_all, name: keyof typeof secrets) => secrets[name]));
    const note = { "de.adorsys.keycloak.config.import-checksum-default": "0f3c" };
    await admin.call("POST", "", { ...config, attributes: note });
    const { steps, take, file } = reader(page, secrets);
    for (const step of steps) await take(step);
    expect(Object.values(secrets).filter((secret) => file("realms/shop.yaml").includes(secret))).toEqual([]);
    const [client] = await admin.list("/shop/clients?clientId=shop");
    expect(client?.["redirectUris"]).toEqual(
      expect.arrayContaining(["https://shop.example/callback", "https://shop.example/after-logout"]),
    );
    expect(await admin.get(`/shop/clients/${String(client?.["id"])}/client-secret`)).toMatchObject({
      value: secrets.SHOP_SECRET,
    });
    expect((await admin.get("/shop"))["attributes"]).not.toHaveProperty(Object.keys(note));
  }, 240_000);
});

/** A realm with what people make with these tools: a role and who has it, a flow of its own, a county that signs in. */
const grown = (realm: string) => ({
  ...{ realm, enabled: true, displayName: realm[0]?.toUpperCase() + realm.slice(1) },
  roles: { realm: [{ name: "teacher" }], client: { timetable: [{ name: "editor" }] } },
  groups: [{ name: "teachers", realmRoles: ["teacher"], clientRoles: { timetable: ["editor"] } }],
  clients: [
    {
      clientId: "timetable",
      secret: "the-secret-of-the-timetable",
      publicClient: false,
      redirectUris: ["https://timetable.example/callback"],
    },
  ],
  authenticationFlows: [
    {
      ...{ alias: "own browser", providerId: "basic-flow", topLevel: true, builtIn: false },
      authenticationExecutions: [
        { authenticator: "auth-cookie", requirement: "ALTERNATIVE", priority: 10 },
        { authenticatorFlow: true, flowAlias: "own forms", requirement: "ALTERNATIVE", priority: 20 },
      ],
    },
    {
      ...{ alias: "own forms", providerId: "basic-flow", topLevel: false, builtIn: false },
      authenticationExecutions: [
        { authenticator: "auth-username-password-form", requirement: "REQUIRED", priority: 10 },
      ],
    },
  ],
  browserFlow: "own browser",
  identityProviders: [
    {
      ...{ alias: "county", providerId: "oidc", enabled: true },
      config: {
        issuer: "https://login.county.example",
        authorizationUrl: "https://login.county.example/auth",
        tokenUrl: "https://login.county.example/token",
        clientId: "school",
        clientSecret: "the-secret-of-the-county",
      },
    },
  ],
});

const secretsOf = (realm: string) => ({
  [`${realm}_TIMETABLE_CLIENT_SECRET`]: "the-secret-of-the-timetable",
  [`${realm}_COUNTY_CLIENTSECRET`]: "the-secret-of-the-county",
});

describe("docs/how-to/from-terraform.md", () => {
  it("leads to an empty plan, and then the file is the truth", async () => {
    await admin.call("POST", "", grown("school"));
    const { steps, take, file } = reader("from-terraform.md", secretsOf("SCHOOL"));
    for (const step of steps) await take(step);
    expect(file("realms/school.yaml")).not.toContain("the-secret");
    expect((await admin.get("/school"))["displayName"]).toBe("School of the county");
    // Whatever else there was is as it was.
    expect(await admin.get("/school/group-by-path/teachers")).toMatchObject({ name: "teachers" });
    expect((await admin.get("/school"))["browserFlow"]).toBe("own browser");
  }, 240_000);
});

/** A configuration without what we know it by. */
const withoutMarks = (config: unknown) =>
  Object.fromEntries(Object.entries(config as object).filter(([name]) => !name.startsWith("cloudpass.")));

describe("docs/how-to/from-an-export.md", () => {
  it("leads to a file that makes the same realm on an empty Keycloak", async () => {
    await admin.call("POST", "", grown("library"));
    const exported = async () => {
      const whole = (await admin.call(
        "POST",
        "/library/partial-export?exportClients=true&exportGroupsAndRoles=true",
      )) as {
        readonly clients: readonly Record<string, unknown>[];
        readonly roles: { readonly realm: readonly Record<string, unknown>[] };
        readonly groups: readonly Record<string, unknown>[];
        readonly browserFlow: string;
        readonly identityProviders: readonly Record<string, unknown>[];
      };
      const timetable = whole.clients.find(({ clientId }) => clientId === "timetable");
      return {
        browserFlow: whole.browserFlow,
        roles: whole.roles.realm.map(({ name }) => name).sort(),
        groups: whole.groups.map(({ name, realmRoles, clientRoles }) => ({ name, realmRoles, clientRoles })),
        redirects: timetable?.["redirectUris"],
        county: whole.identityProviders.map(({ alias, config }) => ({ alias, config: withoutMarks(config) })),
      };
    };
    const before = await exported();
    const { steps, take, file } = reader("from-an-export.md", secretsOf("LIBRARY"));
    const production = steps.findIndex((step) => step.kind === "write" && step.file === "production.yaml");
    for (const step of steps.slice(0, production)) await take(step);
    // The Keycloak where it shall be is another one: here it is the same without the realm.
    await admin.call("DELETE", "/library");
    expect(steps.slice(production).some(isApply)).toBe(true);
    for (const step of steps.slice(production)) await take(step);
    expect(await exported()).toEqual(before);
    expect(file("realms/library.yaml")).not.toContain("the-secret");
    const [client] = await admin.list("/library/clients?clientId=timetable");
    expect(await admin.get(`/library/clients/${String(client?.["id"])}/client-secret`)).toMatchObject({
      value: "the-secret-of-the-timetable",
    });
  }, 240_000);
});
