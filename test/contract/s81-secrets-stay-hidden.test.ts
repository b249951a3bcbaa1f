import { describe, expect, it } from "vitest";
import { systemClock, systemRandom } from "../../src/core/index.ts";
import { isSecretName } from "../../src/realms/format/secrets.ts";
import { applyRealm, importRealm, loadRealms, planRealm } from "../../src/realms/index.ts";
import { formatApplied, formatPlan, savePlans } from "../../src/reconcile/index.ts";
import { ownKeycloak } from "./own-keycloak.ts";

const deps = { clock: systemClock, random: systemRandom };
const server = ownKeycloak();

const canaries = {
  mail: "canary-token-of-the-mail-server",
  captcha: "canary-secret-of-the-captcha",
  provider: "canary-key-of-the-provider",
  attribute: "canary-password-in-an-attribute",
};

function load(text: string, variables: Readonly<Record<string, string>>) {
  const loaded = loadRealms([{ file: "r.yaml", text }], (r) => ("env" in r ? variables[r.env] : undefined));
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(`${JSON.stringify(loaded, undefined, 1)}\n${text}`);
  return spec;
}

const attributesOf = async (realm: string, clientId: string) => {
  const [client] = await server.admin.list(`/${realm}/clients?clientId=${encodeURIComponent(clientId)}`);
  return client?.["attributes"] as Record<string, string>;
};

/** A realm with secrets where Keycloak shows them, and where it masks them without the format having a word for it. */
async function makeByHand(realm: string): Promise<readonly string[]> {
  const post = (path: string, body?: unknown) => server.admin.call("POST", `/${realm}${path}`, body);
  const mail = { host: "mail.example", from: "a@b.example", auth: "true", authType: "token", user: "u" };
  const token = { authTokenUrl: "https://t.example", authTokenClientId: "c", authTokenScope: "s" };
  await server.admin.call("POST", "", {
    ...{ realm, enabled: true },
    smtpServer: { ...mail, ...token, authTokenClientSecret: canaries.mail },
  });
  const id = String(await post("/clients", { clientId: "https://sp.example/saml", protocol: "saml" }));
  await post(`/clients/${id}/certificates/saml.encryption/generate`);
  await post("/roles", { name: "odd", attributes: { password: [canaries.attribute] } });
  await post("/identity-provider/instances", {
    ...{ alias: "home", providerId: "oidc" },
    config: {
      authorizationUrl: "https://i.example/a",
      tokenUrl: "https://i.example/t",
      clientId: "x",
      privateKey: canaries.provider,
    },
  });
  const keys = Object.entries(await attributesOf(realm, "https://sp.example/saml"));
  return keys.filter(([name]) => name.endsWith(".private.key")).map(([, key]) => key);
}

describe("S-81: a realm that was made by hand", () => {
  it("becomes a file without a secret, with which the plan is empty", async () => {
    const keys = await makeByHand("by-hand");
    expect(keys.map((key) => key.length > 1000)).toEqual([true, true]);
    const { text, secrets } = await importRealm(server.connection, "by-hand", deps);
    for (const secret of [...keys, ...Object.values(canaries)]) expect(text).not.toContain(secret);
    expect(secrets).toEqual([
      "BY_HAND_HOME_PRIVATEKEY",
      "BY_HAND_HTTPS_SP_EXAMPLE_SAML_SAML_ENCRYPTION_PRIVATE_KEY",
      "BY_HAND_HTTPS_SP_EXAMPLE_SAML_SAML_SIGNING_PRIVATE_KEY",
      "BY_HAND_REALM_ODD_PASSWORD_0",
      "BY_HAND_SMTPSERVER_AUTHTOKENCLIENTSECRET",
    ]);
    const attributes = await attributesOf("by-hand", "https://sp.example/saml");
    const spec = load(text, {
      BY_HAND_HOME_PRIVATEKEY: canaries.provider,
      BY_HAND_HTTPS_SP_EXAMPLE_SAML_SAML_ENCRYPTION_PRIVATE_KEY: String(attributes["saml.encryption.private.key"]),
      BY_HAND_HTTPS_SP_EXAMPLE_SAML_SAML_SIGNING_PRIVATE_KEY: String(attributes["saml.signing.private.key"]),
      BY_HAND_REALM_ODD_PASSWORD_0: canaries.attribute,
      BY_HAND_SMTPSERVER_AUTHTOKENCLIENTSECRET: canaries.mail,
    });
    const { plan } = await planRealm(spec, server.connection, deps);
    expect(plan.steps, `${formatPlan(plan)}\n${text}`).toEqual([]);
    const others = Object.fromEntries(secrets.map((name) => [name, `another ${name}`]));
    const changed = (await planRealm(load(text, others), server.connection, deps)).plan;
    const out = formatPlan(changed) + savePlans([changed]);
    for (const secret of [...keys, ...Object.values(canaries), "another"]) expect(out).not.toContain(secret);
    expect(out).toContain("attributes.saml.signing.private.key: [secret]");
    // Three realms are made and keys of 4096 bits.
  }, 240_000);
});

const file = `
kind: Realm
realm: by-file
settings:
  smtp: {host: mail.example, from: a@b.example, user: u}
  raw:
    smtpServer:
      authType: token
      authTokenUrl: https://t.example
      authTokenClientId: c
      authTokenScope: s
      authTokenClientSecret: {env: MAIL}
clients:
  sp: {template: custom, protocol: saml, attributes: {"saml.signing.certificate": MIIC, "saml.signing.private.key": {env: KEY}}}
flows:
  enrol:
    steps:
      - {does: auth-cookie, requirement: alternative, config: {alias: c, settings: {secret.key: {env: CAPTCHA}}}}
upstreams:
  - {id: home, template: custom, provider: oidc, config: {clientId: x, privateKey: {env: PROVIDER}}, secrets: {clientSecret: {env: PROVIDER}}}
roles: {realm: {odd: {attributes: {note: [shown, {env: ATTRIBUTE}]}}}}
`;
const variables = {
  MAIL: canaries.mail,
  KEY: "canary-key-of-the-client",
  CAPTCHA: canaries.captcha,
  PROVIDER: canaries.provider,
  ATTRIBUTE: canaries.attribute,
};

describe("S-81: secrets by reference, in fields that the format knows nothing of", () => {
  it("are written as they are, come to rest, and are in no plan", async () => {
    const planned = await planRealm(load(file, variables), server.connection, deps);
    const applied = await applyRealm(planned);
    expect(applied.outcome, formatApplied(applied)).toBe("applied");
    const again = (await planRealm(load(file, variables), server.connection, deps)).plan;
    expect(again.steps, formatPlan(again)).toEqual([]);
    expect((await attributesOf("by-file", "sp"))["saml.signing.private.key"]).toBe(variables.KEY);
    expect((await server.admin.get("/by-file/roles/odd"))["attributes"]).toMatchObject({
      note: ["shown", canaries.attribute],
    });
    const kept = (await server.admin.get("/by-file/identity-provider/instances/home"))["config"] as Record<
      string,
      string
    >;
    const ours = Object.keys(kept).filter((name) => !name.startsWith("cloudpass."));
    expect(ours.sort()).toEqual(["clientId", "clientSecret", "privateKey"]);
    const out =
      formatPlan(planned.plan) + savePlans([planned.plan]) + JSON.stringify(applied) + JSON.stringify(planned.desired);
    for (const secret of Object.values(variables)) expect(out).not.toContain(secret);
  });

  it("that change are noticed, each by itself, whether Keycloak shows them or not", async () => {
    const seen: Record<string, string> = {};
    for (const name of Object.keys(variables)) {
      const { plan } = await planRealm(
        load(file, { ...variables, [name]: `changed ${name}` }),
        server.connection,
        deps,
      );
      seen[name] = plan.steps.flatMap((s) => s.changes.map((c) => `${s.kind} ${s.key} ${c.path.join(".")}`)).join(", ");
      expect(formatPlan(plan)).not.toContain(`changed ${name}`);
    }
    expect(seen).toEqual({
      MAIL: "realm by-file smtpServer.authTokenClientSecret",
      KEY: "client sp attributes.saml.signing.private.key",
      CAPTCHA: "authentication-flow enrol steps",
      PROVIDER: "identity-provider home clientSecret, identity-provider home config.privateKey",
      ATTRIBUTE: "realm-role odd attributes.note",
    });
  });
});

describe("S-81: what this Keycloak marks as secret", () => {
  it("is a secret by its name to us, too", async () => {
    const marked = new Set<string>();
    const look = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { name, secret, type } = value as { name?: unknown; secret?: unknown; type?: unknown };
      if (typeof name === "string" && (secret === true || type === "Password")) marked.add(name);
      for (const inner of Object.values(value)) look(inner);
    };
    look(
      await (
        await fetch(`${server.rig.url}/admin/serverinfo`, {
          headers: { authorization: `Bearer ${await token()}` },
        })
      ).json(),
    );
    expect(marked.size).toBeGreaterThanOrEqual(6);
    expect([...marked].filter((name) => !isSecretName(name))).toEqual([]);
  });
});

async function token(): Promise<string> {
  const form = {
    grant_type: "password",
    client_id: "admin-cli",
    username: server.rig.adminUser,
    password: server.rig.adminPassword,
  };
  const answer = await fetch(`${server.rig.url}/realms/master/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return String(((await answer.json()) as Record<string, unknown>)["access_token"]);
}
