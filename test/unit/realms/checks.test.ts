import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/yaml/index.ts";
import { bare, brokered, loadTexts, problemsIn } from "./kit.ts";

const client = "client: {id: us, secret: {env: A_SECRET}}";
const oidc = `{id: up, template: oidc, issuer: "https://idp.example", ${client}`;
const saml = '{id: up, template: saml, entityId: urn:x, singleSignOn: "https://idp.example/sso"';
const tenant = "11111111-2222-3333-4444-555555555555";
const upstream = (entry: string) => brokered(`upstreams:\n  - ${entry}`);
const clients = (entry: string) => brokered(`clients:\n  c: {${entry}}`);
const web = 'template: web, url: "https://a.example", secret: {env: A_SECRET}';
const stage = "stage: testing, testers: [i@a.example]";

/** What is written, where the one problem is, what it says, and the remedy. */
const cases: readonly (readonly [name: string, text: string, at: string, message: RegExp, fix: RegExp])[] = [
  // Shapes: one error for one cause, with the nearest name of this template.
  ["no template", upstream("{id: up}"), "upstreams[0].template", /missing: one of keycloak, oidc/, /^$/],
  [
    "a misspelt template",
    upstream("{id: up, template: enta}"),
    "upstreams[0].template",
    /"enta" is not one of/,
    /"entra"/,
  ],
  [
    "keycloak without issuer",
    upstream(`{id: up, template: keycloak, ${client}}`),
    "upstreams[0].issuer",
    /missing/,
    /add "issuer"/,
  ],
  ["oidc, misspelt key", upstream(`${oidc}, isuer: x}`), "upstreams[0].isuer", /unknown key/, /did you mean "issuer"/],
  [
    "adfs with a tenant",
    upstream(`{id: up, template: adfs, issuer: "https://f.example/adfs", tenant: x, ${client}}`),
    "upstreams[0].tenant",
    /unknown key "tenant"/,
    /known: template, issuer/,
  ],
  [
    "entra for everybody",
    upstream(`{id: up, template: entra, tenant: common, ${client}}`),
    "upstreams[0].tenant",
    /UUID/,
    /^$/,
  ],
  [
    "google for everybody",
    upstream(`{id: up, template: google, ${client}}`),
    "upstreams[0].hostedDomain",
    /missing/,
    /add "hostedDomain"/,
  ],
  [
    "saml asked again",
    upstream(`${saml}, certificates: [${"QUJD".repeat(30)}], recheck: required}`),
    "upstreams[0].recheck",
    /"required" is not one of none/,
    /^$/,
  ],
  [
    "saml without certificate",
    upstream(`${saml}, certificates: []}`),
    "upstreams[0].certificates",
    /at least one certificate/,
    /^$/,
  ],
  [
    "a custom alias with a space",
    upstream("{id: git hub, template: custom, provider: github}"),
    "upstreams[0].id",
    /no spaces/,
    /^$/,
  ],
  [
    "a claim of the wrong type",
    upstream(`${oidc}, claims: {groups: {type: lists}}}`),
    "upstreams[0].claims.groups.type",
    /"lists" is not one of/,
    /"list"/,
  ],
  [
    "keystone without cloud",
    clients('template: keystone, url: "https://k.example"'),
    "clients.c.cloud",
    /missing/,
    /add "cloud"/,
  ],
  [
    "kubernetes, misspelt key",
    clients("template: kubernetes, cluster: a, redirect: []"),
    "clients.c.redirect",
    /unknown key/,
    /"redirects"/,
  ],
  ["web on plain http", clients('template: web, url: "http://a.example"'), "clients.c.url", /https URL/, /^$/],
  [
    "device-cli without PKCE",
    clients("template: device-cli, pkce: optional"),
    "clients.c.pkce",
    /"optional" is not one of required/,
    /^$/,
  ],
  ["broker without issuer", clients("template: broker"), "clients.c.issuer", /missing/, /add "issuer"/],
  [
    "custom, misspelt key",
    clients("template: custom, protcol: saml"),
    "clients.c.protcol",
    /unknown key/,
    /"protocol"/,
  ],
  [
    "a mapper of no type",
    clients(`${web}, mappers: {m: {type: group}}`),
    "clients.c.mappers.m.type",
    /"group" is not one of/,
    /"groups"/,
  ],
  [
    "a part with settings",
    `${brokered()}\n---\nkind: RealmPart\nrealm: x\nsettings: {}`,
    "settings",
    /unknown key "settings"/,
    /known: kind/,
  ],
  // What Keycloak would swallow.
  [
    "an unknown default scope",
    clients(`${web}, scopes: {default: [emial]}`),
    "clients.c.scopes.default[0]",
    /no client scope "emial"/,
    /"email"/,
  ],
  [
    "a scope twice",
    clients(`${web}, scopes: {default: [email], optional: [email]}`),
    "clients.c.scopes.optional[0]",
    /both/,
    /remove one/,
  ],
  [
    "scopes that drop basic",
    clients(`${web}, raw: {defaultClientScopes: [email]}`),
    "clients.c.raw.defaultClientScopes",
    /drops/,
    /under `scopes`/,
  ],
  [
    "an unknown mapper",
    clients(`${web}, mappers: {m: {type: custom, mapper: oidc-sup-mapper}}`),
    "clients.c.mappers.m.mapper",
    /no mapper/,
    /"oidc-sub-mapper"/,
  ],
  [
    "a mapper of another protocol",
    clients(`${web}, mappers: {m: {type: saml-attribute, attribute: email}}`),
    "clients.c.mappers.m.type",
    /for saml/,
    /choose/,
  ],
  [
    "an unknown mapper of an identity provider",
    upstream(`${oidc}, mappers: {m: {type: custom, mapper: oidc-roles-idp-mapper}}}`),
    "upstreams[0].mappers.m.mapper",
    /no mapper/,
    /"oidc-role-idp-mapper"/,
  ],
  [
    "an attribute outside the profile",
    `${clients(`${web}, mappers: {m: {type: attribute, attribute: teem}}`)}\nprofile: {attributes: {team: {}}}`,
    "clients.c.mappers.m.attribute",
    /drops it/,
    /"team"/,
  ],
  [
    "an identity provider's attribute outside the profile",
    upstream(`${oidc}, mappers: {m: {type: attribute, claim: a, attribute: a}}}`),
    "upstreams[0].mappers.m.attribute",
    /drops it/,
    /profile.attributes/,
  ],
  [
    "an unknown flow of a client",
    clients(`${web}, flows: {browser: brwser}`),
    "clients.c.flows.browser",
    /no flow "brwser"/,
    /"browser"/,
  ],
  [
    "an unknown flow of an identity provider",
    upstream(`${oidc}, flows: {postLogin: mfa}}`),
    "upstreams[0].flows.postLogin",
    /no flow "mfa"/,
    /known/,
  ],
  ["an unknown flow of the realm", bare("bindings: {browser: browzer}"), "bindings.browser", /no flow/, /"browser"/],
  [
    "a flow bound by raw",
    bare("settings: {raw: {browserFlow: browser}}"),
    "settings.raw.browserFlow",
    /bound/,
    /bindings/,
  ],
  ["a built-in flow", bare("flows: {browser: {steps: []}}"), "flows.browser", /cannot be changed/, /another name/],
  [
    "an unknown authenticator",
    bare("flows: {f: {steps: [{does: auth-cooky, requirement: required}]}}"),
    "flows.f.steps[0].does",
    /no authenticator/,
    /"auth-cookie"/,
  ],
  [
    "an inner flow twice",
    bare(
      "flows: {f: {steps: [{flow: a, requirement: required, steps: []}, {flow: a, requirement: required, steps: []}]}}",
    ),
    "flows.f.steps[1].flow",
    /there twice/,
    /anew/,
  ],
  [
    "an unknown required action",
    bare("requiredActions: {VERIFY_MAIL: {}}"),
    "requiredActions.VERIFY_MAIL",
    /no required action/,
    /"VERIFY_EMAIL"/,
  ],
  [
    "a role that contains itself",
    bare(
      "roles: {realm: {a: {composites: {realm: [b]}}, b: {}}, clients: {}}\n---\nkind: RealmPart\nrealm: x\nroles: {clients: {c: {d: {composites: {clients: {c: [d]}}}}}}",
    ),
    "roles.clients.c.d.composites",
    /c d → c d/,
    /remove one/,
  ],
  [
    "a group attribute too long",
    bare(`groups: {a: {groups: {b: {attributes: {x: ${"y".repeat(2001)}}}}}}`),
    "groups.a.groups.b.attributes.x",
    /2001 characters/,
    /shorter/,
  ],
  [
    "an attribute of an organization's group too long",
    bare(`organizations: [{id: o, name: O, groups: {a: {attributes: {x: ${"y".repeat(2001)}}}}}]`),
    "organizations[0].groups.a.attributes.x",
    /2001 characters/,
    /shorter/,
  ],
  // Names.
  [
    "a reserved client",
    bare("clients: {account: {template: device-cli}}"),
    "clients.account",
    /Keycloak's own/,
    /another name/,
  ],
  [
    "the broker's client twice",
    brokered("clients: {cloudpass: {template: device-cli}}"),
    "clients.cloudpass",
    /there twice/,
    /remove one/,
  ],
  [
    "a client in two documents",
    `${bare("clients: {c: {template: device-cli}}")}\n---\nkind: RealmPart\nrealm: x\nclients: {c: {template: device-cli}}`,
    "clients.c",
    /twice; first in 1.yaml:3/,
    /remove one/,
  ],
  ["a part of no realm", "kind: RealmPart\nrealm: x", "realm", /no document of kind Realm/, /there is none/],
  [
    "a login that is no identity provider",
    brokered("organizations: [{id: a, name: A, domains: [a.example], login: ipd}]\nupstreams: []"),
    "organizations[0].login",
    /no identity provider "ipd"/,
    /there is none/,
  ],
  ["testing without testers", upstream(`${oidc}, stage: testing}`), "upstreams[0].stage", /nobody in/, /testers/],
  [
    "testers of an active identity provider",
    upstream(`${oidc}, testers: [a]}`),
    "upstreams[0].testers",
    /mean nothing/,
    /testing/,
  ],
  [
    "graph without Entra",
    upstream(`${oidc}, claims: {groups: {overage: graph}}}`),
    "upstreams[0].claims.groups",
    /Entra/,
    /unknown/,
  ],
  [
    "a claim that is a URL, with its dots as the way into an object",
    upstream(`${oidc}, claims: {roles: {from: "https://acme.example/roles"}}}`),
    "upstreams[0].claims.roles.from",
    /Keycloak reads a dot as the way into an object/,
    /write 'https:\/\/acme\\.example\/roles'/,
  ],
  [
    "a pointer to nothing",
    bare('ignore: [{at: /client/x/name, because: why, until: "2030-01-01"}]'),
    "ignore[0].at",
    /points to nothing/,
    /"clients"/,
  ],
  // Doors.
  [
    "a redirect that matches more",
    clients('template: device-cli, redirects: ["https://a.example/*"]'),
    "clients.c.redirects[0]",
    /whoever holds/,
    /write each/,
  ],
  [
    "such a one by raw",
    clients(`${web}, raw: {redirectUris: ["*"]}`),
    "clients.c.raw.redirectUris[0]",
    /whoever holds/,
    /write each/,
  ],
  [
    "a client's tokens that administer the realm",
    clients("template: custom, scopeMappings: {realm: [r], clients: {realm-management: [view-users]}}"),
    "clients.c.scopeMappings",
    /"realm-management view-users" in its tokens, whoever gets one/,
    /allowAdminRoles: true/,
  ],
  [
    "a scope whose tokens link accounts",
    brokered("clientScopes: {s: {scopeMappings: {clients: {account: [manage-account]}}}}"),
    "clientScopes.s.scopeMappings",
    /administers the realm/,
    /remove the role/,
  ],
  [
    "a scope of the realm that a client both has and has not",
    clients(`${web}, scopes: {default: [phone], none: [phone]}`),
    "clients.c.scopes.none[0]",
    /cannot be both default and none/,
    /remove one/,
  ],
  [
    "a misspelt scope that a client shall not have",
    clients(`${web}, scopes: {none: [profil]}`),
    "clients.c.scopes.none[0]",
    /no client scope "profil"/,
    /"profile"/,
  ],
  [
    "scope mappings as settings",
    bare("settings: {raw: {clientScopeMappings: {app: []}}}"),
    "settings.raw.clientScopeMappings",
    /is no setting/,
    /`scopeMappings`/,
  ],
  [
    "people as settings",
    bare("settings: {raw: {users: []}}"),
    "settings.raw.users",
    /people are not made/,
    /by logins/,
  ],
  [
    "accounts joined by address",
    brokered("settings: {duplicateEmailsAllowed: false}"),
    "settings.duplicateEmailsAllowed",
    /keeps customers apart/,
    /without a broker/,
  ],
  [
    "the same by raw",
    brokered("settings: {raw: {organizationsEnabled: false}}"),
    "settings.raw.organizationsEnabled",
    /keeps customers apart/,
    /without a broker/,
  ],
  [
    "the flow that links by address",
    upstream(`${oidc}, flows: {firstLogin: first broker login}}`),
    "upstreams[0].flows.firstLogin",
    /take over/,
    /remove it/,
  ],
  [
    "a secret and keys",
    clients(`${web}, jwks: "https://a.example/keys"`),
    "clients.c.secret",
    /not both/,
    /remove one/,
  ],
  [
    "a public client with a secret",
    clients("template: custom, public: true, secret: {env: A_SECRET}"),
    "clients.c.secret",
    /no secret/,
    /public/,
  ],
  [
    "a secret in raw",
    clients(`${web}, raw: {secret: hunter2}`),
    "clients.c.raw.secret",
    /never written here/,
    /reference/,
  ],
  [
    "a secret in a configuration",
    upstream("{id: up, template: custom, provider: github, config: {clientSecret: hunter2}}"),
    "upstreams[0].config.clientSecret",
    /never written here/,
    /reference/,
  ],
  [
    "a secret brought into raw",
    bare('settings: {raw: {smtpServer: {auth: "true", password: hunter2}}}'),
    "settings.raw.smtpServer.password",
    /never written here/,
    /reference/,
  ],
  [
    "a client's own secret brought into raw",
    bare("clients: {c: {template: custom, raw: {secret: {env: A_SECRET}}}}"),
    "clients.c.raw.secret",
    /never written here/,
    /under `secret`/,
  ],
  [
    "a secret of a component",
    bare("components: {UserStorageProvider: {l: {provider: ldap, config: {bindCredential: hunter2}}}}"),
    "components.UserStorageProvider.l.config.bindCredential",
    /never written here/,
    /reference/,
  ],
  [
    "a secret where a reference belongs",
    bare("components: {UserStorageProvider: {l: {provider: ldap, secrets: {bindCredential: hunter2}}}}"),
    "components.UserStorageProvider.l.secrets.bindCredential",
    /a reference expected/,
    /^$/,
  ],
];

describe("a realm file with one mistake has one problem", () => {
  it.each(cases)("%s", (_name, text, at, message, fix) => {
    const problems = problemsIn(text);
    expect(problems.map((p) => p.path)).toEqual([at]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix ?? "").toMatch(fix);
    expect(problems.map(formatProblem).join("\n")).not.toContain("hunter2");
  });
});

describe("what is allowed all the same", () => {
  it.each([
    [
      "a wildcard that is meant",
      bare('clients: {c: {template: custom, redirects: ["https://a/*"], allowWildcardRedirects: true}}'),
    ],
    [
      "what jars bring",
      bare(
        "extensions: {mappers: [m], authenticators: [a], requiredActions: [r]}\nclients: {c: {template: device-cli, mappers: {x: {type: custom, mapper: m}}}}\nflows: {f: {steps: [{does: a, requirement: required}]}}\nrequiredActions: {r: {}}",
      ),
    ],
    [
      "any attribute, where the profile takes any",
      bare(
        "profile: {unmanaged: admin-edit}\nclients: {c: {template: device-cli, mappers: {x: {type: attribute, attribute: whatever}}}}",
      ),
    ],
    [
      "an imported claim as an attribute",
      brokered(
        `upstreams: [${oidc}, claims: [groups]}]\nclients: {c: {template: device-cli, mappers: {x: {type: attribute, attribute: upstream.groups}}}}`,
      ),
    ],
    ["a realm without a broker that joins by address", bare("settings: {duplicateEmailsAllowed: false}")],
    [
      "claims whose names are URLs, escaped",
      upstream(
        `${oidc}, claims: {a: {from: 'https://acme\\.example/v1.0'}, b: {from: app.roles}, c: {from: urn:x:y}}}`,
      ),
    ],
    ["testers of an IdP in testing", upstream(`${oidc}, ${stage}}`)],
    [
      "one tenant of Entra with its directory",
      upstream(`{id: up, template: entra, tenant: ${tenant}, ${client}, claims: {groups: {overage: graph}}}`),
    ],
  ])("%s", (_name, text) => {
    const loaded = loadTexts([text]);
    expect(loaded.ok ? [] : loaded.refusal.map(formatProblem)).toEqual([]);
  });
});
