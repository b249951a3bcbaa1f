import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/index.ts";
import { withFingerprints } from "../../src/realms/desired/fields.ts";
import { planningOf } from "../../src/realms/desired/planning.ts";
import { desiredRealm } from "../../src/realms/desired/realm.ts";
import { realmKinds } from "../../src/realms/driver.ts";
import { revealed } from "../../src/realms/held-secrets.ts";
import { describeRealm } from "../../src/realms/import.ts";
import { loadRealms, loadRealmsToCompare } from "../../src/realms/index.ts";
import {
  formatPlan,
  type Key,
  type Observed,
  type PlainMap,
  planFrom,
  type Resource,
  savePlans,
} from "../../src/reconcile/index.ts";
import { formatProblem, type Problem, parseYaml } from "../../src/yaml/index.ts";
import { anyProvider } from "../unit/realms/kit.ts";

const canary = "CANARY-5ecret";
const env: Record<string, string> = { TOK: canary, HOME_SECRET: "home" };
const lookup = (r: { env: string } | { file: string }) => ("env" in r ? env[r.env] : undefined);
const ref = "{env: TOK}";

/** A reference in every open field of a realm file, and in every typed place of a secret. */
const everywhere = `
kind: Realm
realm: r
settings:
  smtp: {host: mail.example, from: a@b.example, user: u, password: ${ref}}
  raw:
    smtpServer: {authType: token, authTokenClientSecret: ${ref}}
    attributes: {anything: ${ref}}
    passwordPolicy: ${ref}
clients:
  desk:
    template: custom
    secret: ${ref}
    attributes: {"saml.signing.private.key": ${ref}, odd: ${ref}, several: [a, ${ref}]}
    mappers:
      fixed: {type: constant, claim: c, value: ${ref}}
      own: {type: custom, mapper: oidc-sub-mapper, config: {some: ${ref}}, raw: {x: ${ref}}}
    raw: {rootUrl: ${ref}, deep: {inside: [{a: ${ref}}]}}
clientScopes:
  team: {attributes: {a: ${ref}}, mappers: {team: {type: constant, claim: t, value: ${ref}}}, raw: {y: ${ref}}}
roles:
  realm: {reader: {attributes: {a: [${ref}]}, raw: {z: ${ref}}}}
groups:
  staff: {attributes: {a: ${ref}}, groups: {below: {attributes: {b: ${ref}}}}}
components:
  UserStorageProvider:
    people:
      provider: ldap
      config: {odd: ${ref}}
      secrets: {bindCredential: ${ref}}
      parts: {LDAPStorageMapper: {m: {provider: x, config: {also: [${ref}]}}}}
flows:
  mine: {steps: [{does: auth-cookie, requirement: required, config: {alias: c, settings: {api.key: ${ref}}}}]}
localization: {locales: [en], texts: {en: {greeting: ${ref}}}}
requiredActions: {TERMS_AND_CONDITIONS: {raw: {config: {k: ${ref}}}}}
upstreams:
  - {id: home, template: keycloak, issuer: https://i.example/realms/h, client: {id: b, secret: ${ref}}, raw: {config: {odd: ${ref}}}}
  - {id: other, template: custom, provider: oidc, config: {odd: ${ref}}, secrets: {clientSecret: ${ref}}}
organizations:
  - {id: home-org, name: Home, domains: [h.example], upstreams: [home], attributes: {a: ${ref}}, raw: {q: ${ref}}}
`;

async function wanted(text: string): Promise<Resource[]> {
  const loaded = loadRealms([{ file: "r.yaml", text }], lookup);
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  const [spec] = loaded.value;
  if (spec === undefined) throw new Error("no realm");
  return withFingerprints(await desiredRealm(spec, anyProvider));
}

const driver = { name: "keycloak main realm r", kinds: realmKinds };
const adopting = {
  now: instant(0),
  manage: Object.fromEntries(realmKinds.map(({ kind }) => [kind, { mode: "adopt" as const }])),
};
const owned = (kind: string, key: Key, fields: PlainMap): Observed => ({ kind, key, fields, owned: true });

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const bare = rsa.export({ type: "pkcs1", format: "der" }).toString("base64");
const pem = String(rsa.export({ type: "pkcs8", format: "pem" }));
const jwk = JSON.stringify(rsa.export({ format: "jwk" }));

describe("S-81: a secret by reference, in whatever field of a realm file", () => {
  test("is in no plan, no saved plan, no JSON and no text, and is sent as it is", async () => {
    const desired = await wanted(everywhere);
    const plan = planFrom(driver, desired, [], adopting);
    expect(JSON.stringify(desired)).not.toContain(canary);
    expect(formatPlan(plan)).not.toContain(canary);
    expect(savePlans([plan])).not.toContain(canary);
    const held = desired.flatMap(({ secrets = {} }) => Object.values(secrets).map(({ value }) => value.reveal()));
    expect(held.filter((text) => text.includes(canary)).length).toBeGreaterThanOrEqual(30);
    expect(formatPlan(plan)).toContain("smtpServer.authTokenClientSecret: [secret]");
  });

  test("is sent in its field and nowhere else: under another name Keycloak would show it", async () => {
    for (const resource of await wanted(everywhere)) {
      const sent = revealed(resource);
      const own = Object.entries(resource.secrets ?? {}).filter(([, { at }]) => at === undefined);
      expect(Object.keys(sent.secrets ?? {})).toEqual(own.map(([name]) => name));
    }
    const [home] = (await wanted(everywhere)).filter(({ key }) => key === "home").map(revealed);
    expect(home).toMatchObject({ fields: { config: { odd: canary } } });
    expect(Object.keys(home?.secrets ?? {})).toEqual(["clientSecret"]);
  });

  test("is not looked up, and not compared, where files are only compared", async () => {
    const asked: string[] = [];
    const loaded = loadRealmsToCompare([{ file: "r.yaml", text: everywhere }], (r) => {
      asked.push(JSON.stringify(r));
      return undefined;
    });
    if (!loaded.ok || loaded.value[0] === undefined) throw new Error("not loaded");
    const desired = await desiredRealm(loaded.value[0], anyProvider);
    expect(asked).toEqual([]);
    expect(JSON.stringify(desired)).not.toMatch(/TOK/);
    // Where such a value stands is named, so that what stands there in Keycloak is not taken for unsaid, and goes.
    const withRoot = desired.filter((resource) => JSON.stringify(resource).includes("rootUrl"));
    expect(withRoot.map(({ apart }) => apart)).toEqual([expect.arrayContaining([["rootUrl"], ["deep", "inside"]])]);
    expect(JSON.stringify(withRoot.map(({ fields, secrets }) => [fields, secrets]))).not.toMatch(/rootUrl/);
  });

  test("cannot be forged as the text by which we hold one: what a customer's file may name was looked at before", () => {
    const forged = "\u{f0000}env CLOUDPASS_MASTER_KEY\u{f0001}";
    const files = [
      `clients: {c: {template: custom, attributes: {a: "${forged}"}}}`,
      `clients: {c: {template: custom, raw: {rootUrl: "x${forged}"}}}`,
      `settings: {displayName: "${forged}"}`,
      `clients: {c: {template: custom, raw: {list: [{"${forged}": 1}]}}}`,
      "settings: {displayName: {env: FORGED}}",
      'clients: {c: {template: custom, attributes: {a: {env: "X\u{f0001}"}}}}',
    ];
    for (const text of files) {
      const all = (r: { env: string } | { file: string }) => ("env" in r && r.env === "FORGED" ? forged : canary);
      const loaded = loadRealms([{ file: "r.yaml", text: `kind: Realm\nrealm: r\n${text}` }], all);
      expect(loaded.ok ? "" : loaded.refusal.map((p) => p.message).join(), text).toMatch(/U\+F0000/);
    }
  });

  test("that cannot be found is a problem at its place", () => {
    const loaded = loadRealms([{ file: "r.yaml", text: everywhere }], () => undefined);
    expect(loaded.ok ? [] : new Set(loaded.refusal.map((p: Problem) => p.message))).toEqual(
      new Set(["the environment variable TOK is not set or empty"]),
    );
  });
});

describe("S-81: what Keycloak shows in clear", () => {
  test("is in no plan that changes it, takes it away or takes away the map around it", async () => {
    const file = (attributes: string) =>
      `kind: Realm\nrealm: r\nclients: {sp: {template: custom, protocol: saml, raw: {attributes: ${attributes}}}}`;
    const there = owned("client", "sp", {
      attributes: {
        "saml.signing.private.key": bare,
        "some.name": pem,
        odd: jwk,
        plain: "shown",
        "client.secret.rotated": canary,
      },
    });
    const cases = [
      `{"saml.signing.private.key": ${ref}, "client.secret.rotated": ${ref}}`,
      '{"saml.signing.private.key": null, "some.name": null, odd: null, "client.secret.rotated": null}',
      '{"some.name": x, odd: y, plain: z}',
    ].map(file);
    cases.push("kind: Realm\nrealm: r\nclients: {sp: {template: custom, protocol: saml, raw: {attributes: null}}}");
    for (const text of cases) {
      const plan = planFrom(driver, await wanted(text), [there], adopting);
      const out = formatPlan(plan) + savePlans([plan]);
      for (const secret of [bare, pem.slice(60, 100), "PRIVATE KEY", canary, '"d\\":'])
        expect(out).not.toContain(secret);
      expect(out).toContain("[secret]");
    }
    const plan = planFrom(driver, await wanted(file("{plain: z}")), [there], adopting);
    expect(formatPlan(plan)).toContain('attributes.plain: "shown" → "z"');
  });

  test("is written into an imported file as a reference, whatever its name", async () => {
    const observed = [
      owned("realm", "r", {
        realm: "r",
        smtpServer: { auth: "true", authType: "token", authTokenClientSecret: canary },
      }),
      owned("client", "https://sp/saml", {
        clientId: "https://sp/saml",
        protocol: "saml",
        attributes: {
          "saml.signing.private.key": bare,
          "saml.encryption.private.key": bare,
          a: pem,
          b: jwk,
          c: "shown",
        },
      }),
      owned("identity-provider", "i", { alias: "i", providerId: "oidc", config: { clientSecret: canary, other: pem } }),
      owned("component", ["KeyProvider", { path: ["k"] }], {
        providerId: "rsa",
        config: { privateKey: [pem], apiKey: [canary] },
      }),
      owned("authentication-flow", "f", {
        providerId: "basic-flow",
        steps: [
          { does: "auth-cookie", requirement: "REQUIRED", config: { alias: "a", config: { "secret.key": canary } } },
        ],
      }),
      owned("realm-role", "q", { attributes: { password: [canary] } }),
      owned("client-mapper", ["https://sp/saml", "m"], {
        protocol: "saml",
        protocolMapper: "saml-hardcode-attribute-mapper",
        config: { "the.password": canary },
      }),
    ];
    const { text, secrets } = describeRealm("r", observed, [], { now: () => instant(0) });
    for (const secret of [bare, pem.slice(60, 100), "PRIVATE KEY", canary, '"d\\":'])
      expect(text).not.toContain(secret);
    expect(text).toContain("shown");
    expect(text).toContain("saml.signing.private.key:\n          env: R_HTTPS_SP_SAML_SAML_SIGNING_PRIVATE_KEY");
    expect(secrets).toContain("R_HTTPS_SP_SAML_SAML_SIGNING_PRIVATE_KEY");
    const loaded = loadRealms([{ file: "r.yaml", text }], () => "value");
    expect(loaded.ok ? [] : loaded.refusal.map(formatProblem)).toEqual([]);
  });
});

describe("S-81: what Keycloak masks", () => {
  test("is written into an imported file as a reference that is left alone for a while, wherever it stands", async () => {
    const mask = "**********";
    const observed = [
      owned("realm", "r", { realm: "r", smtpServer: { auth: "true", authType: "token", authTokenClientSecret: mask } }),
      owned("authentication-flow", "f", {
        providerId: "basic-flow",
        steps: [
          {
            does: "auth-cookie",
            requirement: "REQUIRED",
            config: { alias: "a", config: { "secret.key": mask, b: "c" } },
          },
        ],
      }),
    ];
    const { text, secrets } = describeRealm("r", observed, [], { now: () => instant(0) });
    expect(text).not.toContain(mask);
    expect(secrets).toEqual(["R_F_A_SECRET_KEY", "R_SMTPSERVER_AUTHTOKENCLIENTSECRET"]);
    for (const at of ["/settings/smtpServer/authTokenClientSecret", "/flows/f/steps"])
      expect(text).toContain(`at: ${at}`);
    const loaded = loadRealms([{ file: "r.yaml", text }], () => canary);
    const [spec] = loaded.ok ? loaded.value : [];
    if (spec === undefined) throw new Error("not loaded");
    const desired = await withFingerprints(await desiredRealm(spec, anyProvider));
    const plan = planFrom(driver, desired, observed, planningOf(spec, instant(0)));
    expect(formatPlan(plan)).not.toMatch(/secret/i);
  });
});

describe("S-81: a secret written out in a realm file", () => {
  test("is refused under every name that Keycloak keeps one by, and in no problem's excerpt", () => {
    const names = [
      "secret",
      "client.secret.rotated",
      "saml.signing.private.key",
      "secret.key",
      "api.key",
      "bindCredential",
    ];
    for (const name of [...names, "authTokenClientSecret", "keystorePassword", "privateKey"]) {
      const text = `kind: Realm\nrealm: r\nclients: {c: {template: custom, attributes: {"${name}": ${canary}}}}`;
      const loaded = loadRealms([{ file: "r.yaml", text }], lookup);
      const said = loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n");
      expect(said, name).toMatch(/is a secret, and a secret is never written here/);
      expect(said, name).not.toContain(canary);
    }
  });

  test("is in no excerpt of a file that cannot even be read, nor beside another mistake", () => {
    const files = [
      `password: ${canary}: x`,
      `password: "b" "${canary}"`,
      `  "clientSecret":   "${canary}`,
      `masterKey: ${canary}: x`,
      `{api.key: ${canary}, a: 1`,
      `key: |\n${pem}\n: [`,
      `key: "${bare}`,
    ];
    for (const text of files) {
      const parsed = parseYaml(text, "x.yaml");
      const said = parsed.ok ? "" : parsed.refusal.map(formatProblem).join("\n");
      expect(said, text).toMatch(/not valid YAML|deeper|key/);
      for (const secret of [canary, bare.slice(80, 120), pem.slice(120, 160)]) expect(said).not.toContain(secret);
    }
    const fine = parseYaml("secret: {env: A} x\n", "x.yaml");
    const shown = fine.ok ? "" : fine.refusal.map(formatProblem).join("\n");
    expect(shown).toContain("secret: {env: A} x");
  });

  test("is refused when it is a private key, whatever its name", () => {
    for (const key of [bare, JSON.stringify(pem), JSON.stringify(jwk)]) {
      const text = `kind: Realm\nrealm: r\nclients: {c: {template: custom, attributes: {"note": ${key}}}}`;
      const loaded = loadRealms([{ file: "r.yaml", text }], lookup);
      const said = loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n");
      expect(said).toMatch(/private key/);
      expect(said).not.toContain(bare.slice(30, 60));
      expect(said).not.toContain("PRIVATE KEY");
    }
  });
});
