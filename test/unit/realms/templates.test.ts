import { describe, expect, it } from "vitest";
import { realmKinds } from "../../../src/realms/driver.ts";
import { identityOf } from "../../../src/reconcile/index.ts";
import { brokered, pick, realmOf, resourcesOf } from "./kit.ts";
import { everything } from "./whole-realm.ts";

const client = "client: {id: us, secret: {env: A_SECRET}}";
const upstream = (line: string) => brokered(`upstreams:\n  - {id: up, ${line}}`);
const clientOf = async (line: string) =>
  pick(await resourcesOf(brokered(`clients: {c: {${line}}}`)), "client", "c").fields;
const providerOf = async (line: string) => pick(await resourcesOf(upstream(line)), "identity-provider", "up");

describe("upstreams by template", () => {
  it("entra: endpoints and issuer of one tenant, and no other", async () => {
    const tenant = "11111111-2222-3333-4444-555555555555";
    const { fields } = await providerOf(`template: entra, tenant: ${tenant}, ${client}`);
    expect(fields).toMatchObject({
      providerId: "oidc",
      config: {
        issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
        tokenUrl: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
        validateSignature: "true",
      },
    });
  });

  it("google: only people of the customer's domain, with a refresh token where we ask again", async () => {
    const { fields } = await providerOf(`template: google, hostedDomain: a.example, ${client}`);
    expect(fields).toMatchObject({
      providerId: "google",
      config: { hostedDomain: "a.example", offlineAccess: "true" },
    });
  });

  it("adfs: asks for the claims that AD FS leaves out otherwise", async () => {
    const { fields } = await providerOf(`template: adfs, issuer: https://fs.a.example/adfs, ${client}`);
    expect(fields["config"]).toMatchObject({ defaultScope: "openid profile email allatclaims" });
  });

  it("saml: signatures are always asked for, accounts are named by NameID, and nothing is asked again", async () => {
    const pem = `-----BEGIN CERTIFICATE-----\\n${"QUJD".repeat(40)}\\n-----END CERTIFICATE-----\\n`;
    const text = upstream(
      `template: saml, entityId: urn:idp, singleSignOn: "https://idp.example/sso", certificates: ["${pem}"], claims: {groups: {from: "urn:groups"}}`,
    );
    const resources = await resourcesOf(text);
    expect(pick(resources, "identity-provider", "up").fields).toMatchObject({
      providerId: "saml",
      storeToken: false,
      config: {
        idpEntityId: "urn:idp",
        validateSignature: "true",
        wantAssertionsSigned: "true",
        signingCertificate: "QUJD".repeat(40),
        nameIDPolicyFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
      },
    });
    expect(pick(resources, "upstream-mapper", "up cloudpass username").fields).toMatchObject({
      identityProviderMapper: "saml-username-idp-mapper",
      config: { template: `\${ALIAS}.\${NAMEID}` },
    });
    expect(pick(resources, "upstream-mapper", "up cloudpass groups").fields["config"]).toMatchObject({
      "attribute.name": "urn:groups",
      "user.attribute": "upstream.groups",
    });
  });

  it("custom: nothing is added to what stands there", async () => {
    const provider = await providerOf(
      "template: custom, provider: github, config: {clientId: x}, secrets: {clientSecret: {env: A_SECRET}}",
    );
    expect(provider.fields).toEqual({
      providerId: "github",
      displayName: "up",
      enabled: true,
      trustEmail: false,
      config: { clientId: "x" },
    });
    expect(provider.secrets?.["clientSecret"]?.value.reveal()).toBe("hunter2");
  });

  it("draft and suspended are off in Keycloak; testing is on, for the broker to tell testers from others", async () => {
    const line = `template: keycloak, issuer: https://idp.example/realms/a, ${client}`;
    const enabled = async (stage: string) => (await providerOf(`${line}, ${stage}`)).fields["enabled"];
    expect(await enabled("stage: draft")).toBe(false);
    expect(await enabled("stage: suspended")).toBe(false);
    expect(await enabled("stage: testing, testers: [ines@a.example]")).toBe(true);
    expect(await enabled("stage: active")).toBe(true);
    expect(await enabled("stage: active, enabled: false")).toBe(false);
  });

  it("a list that did not fit into a token reaches the broker's policy as the standard's marker", async () => {
    const line = `template: oidc, issuer: https://idp.example, ${client}, claims: {groups: {overage: unknown}}`;
    const resources = await resourcesOf(upstream(line));
    expect(pick(resources, "upstream-mapper", "up cloudpass _claim_names.groups").fields["config"]).toMatchObject({
      claim: "_claim_names.groups",
    });
    expect(pick(resources, "client-mapper", "cloudpass cloudpass _claim_names.groups").fields["config"]).toMatchObject({
      "claim.name": "_claim_names.groups",
      multivalued: "false",
    });
  });
});

describe("clients by template", () => {
  it.each([
    ["template: keystone, cloud: gx1, url: https://gx1.example:5000/, secret: {env: S_SECRET}"],
    ["template: kubernetes, cluster: prod1"],
    ["template: web, url: https://shop.example, secret: {env: S_SECRET}"],
    ["template: device-cli"],
    ["template: broker, issuer: https://other.example"],
  ])("%s: PKCE, exact redirects, no implicit flow, no passwords", async (line) => {
    const fields = await clientOf(line);
    expect(fields).toMatchObject({
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      attributes: { "pkce.code.challenge.method": "S256" },
    });
    const redirects = fields["redirectUris"] as readonly string[];
    expect(redirects.length).toBeGreaterThan(0);
    for (const uri of redirects) expect(uri).toMatch(/^https?:\/\/[^*]+$/);
  });

  it("keystone and kubernetes: a token says for whom it is", async () => {
    const resources = await resourcesOf(brokered("clients: {kube: {template: kubernetes, cluster: prod1}}"));
    expect(pick(resources, "client-mapper", "kube cloudpass audience").fields).toMatchObject({
      protocolMapper: "oidc-audience-mapper",
      config: { "included.client.audience": "kube", "access.token.claim": "true" },
    });
  });

  it("custom: what Keycloak opens by itself stays shut, and a client with a secret is not public", async () => {
    expect(await clientOf("template: custom, secret: {env: S_SECRET}")).toEqual({
      enabled: true,
      protocol: "openid-connect",
      publicClient: false,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      attributes: {},
    });
  });

  it("raw is merged over the template, and null takes a field away", async () => {
    const fields = await clientOf('template: device-cli, raw: {name: null, attributes: {"x.y": z}}');
    expect(fields["name"]).toBeNull();
    expect(fields["attributes"]).toMatchObject({ "x.y": "z", "pkce.code.challenge.method": "S256" });
  });
});

describe("the proxy realm", () => {
  it("an organization leads its people to its IdP by their e-mail domain, and the first login links nothing", async () => {
    const resources = await resourcesOf(
      brokered(
        `organizations: [{id: a, name: A, domains: [a.example], login: up}]\nupstreams: [{id: up, template: keycloak, issuer: "https://idp.example/realms/a", ${client}}]`,
      ),
    );
    expect(pick(resources, "organization-upstream", "a up").fields).toEqual({ domain: "a.example", redirect: "true" });
    const provider = pick(resources, "identity-provider", "up");
    expect(provider.fields["firstBrokerLoginFlowAlias"]).toBe("cloudpass-first-login");
    expect(provider.dependsOn).toContainEqual({ kind: "authentication-flow", key: "cloudpass-first-login" });
  });
});

describe("everything a file can say", () => {
  it("becomes resources with unique identities, all of kinds that the driver knows", async () => {
    const resources = await resourcesOf(everything);
    const identities = resources.map(identityOf);
    expect(new Set(identities).size).toBe(identities.length);
    const known = realmKinds.map((rule) => rule.kind);
    const kinds = new Set(resources.map((r) => r.kind));
    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
    // Every kind there is can be asked for.
    expect(known.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it("no resource waits for itself, however long the way round", async () => {
    const resources = await resourcesOf(everything);
    const waits = new Map(resources.map((r) => [identityOf(r), (r.dependsOn ?? []).map(identityOf)]));
    const settled = new Set<string>();
    for (let before = -1; before < settled.size; ) {
      before = settled.size;
      for (const [one, others] of waits) {
        if (others.every((o) => settled.has(o) || !waits.has(o))) settled.add(one);
      }
    }
    expect([...waits.keys()].filter((one) => !settled.has(one))).toEqual([]);
  });

  it("without a broker a realm holds what its file says and nothing more", async () => {
    const resources = await resourcesOf("kind: Realm\nrealm: x\nroles: {realm: {viewer: {}}}");
    expect(resources).toEqual([
      { kind: "realm", key: "x", fields: {} },
      { kind: "realm-role", key: "viewer", fields: {}, dependsOn: [] },
    ]);
  });

  it("parts of a realm in other documents, in whatever order, make the same realm", async () => {
    const whole = brokered("roles: {realm: {a: {}, b: {}}, clients: {c: {x: {}, y: {}}}}");
    const first = brokered("roles: {realm: {a: {}}, clients: {c: {x: {}}}}");
    const part = "kind: RealmPart\nrealm: x\nroles: {realm: {b: {}}, clients: {c: {y: {}}}}";
    expect(await resourcesOf(first, part)).toEqual(await resourcesOf(whole));
    expect(await resourcesOf(part, first)).toEqual(await resourcesOf(whole));
    expect(realmOf(part, first).file).toBe("2.yaml");
  });
});
