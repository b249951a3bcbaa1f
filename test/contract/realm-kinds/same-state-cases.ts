type Fields = Readonly<Record<string, unknown>>;

/** What a realm file said first, and what it says then. Both states hang on nothing but the last. */
export interface SameStateCase {
  readonly what: string;
  /** Parts of a realm document. */
  readonly before: Fields;
  readonly after: Fields;
  /** What somebody does by hand in between: `[method, path below the realm, body]`; `{clients:x}` is the id of one. */
  readonly byHand?: readonly (readonly [string, string, Fields])[];
}

const client = (name: string, fields: Fields): Fields => ({ clients: { [name]: { template: "custom", ...fields } } });
const idp = (id: string, fields: Fields): Fields => ({
  upstreams: [
    {
      ...{ id, template: "custom", provider: "oidc", displayName: id },
      flows: { firstLogin: "first broker login" },
      ...fields,
    },
  ],
});
const endpoints = { authorizationUrl: "https://i.example/a", tokenUrl: "https://i.example/t", clientId: "x" };
const mapper = (type: string, config: Fields): Fields => ({ type: "custom", mapper: type, config });

/** By kind; names are one another's own. */
export const sameStateCases: readonly SameStateCase[] = [
  {
    what: "settings of the realm",
    before: {
      settings: {
        ...{ displayName: "Shown", accessTokenLifespan: "2m", ssoSessionIdle: "7m", registrationAllowed: true },
        ...{ deviceCodeLifespan: "77s", devicePollingInterval: "9s", passwordPolicy: "length(9)", verifyEmail: true },
        ...{ themes: { login: "keycloak" }, smtp: { host: "m.example", from: "a@m.example" }, offlineSessionMax: "9d" },
        ...{ browserSecurityHeaders: { xFrameOptions: "DENY" }, defaultSignatureAlgorithm: "ES256" },
        raw: {
          ...{ displayNameHtml: "<b>x</b>", clientSessionIdleTimeout: 300, permanentLockout: true, failureFactor: 5 },
          ...{ otpPolicyDigits: 8, otpPolicyCodeReusable: true, webAuthnPolicyRpEntityName: "acme" },
          ...{ webAuthnPolicyExtraOrigins: ["https://w.example"], webAuthnPolicyCreateTimeout: 60 },
          ...{ bruteForceStrategy: "LINEAR", userManagedAccessAllowed: true, requiredCredentials: ["password", "otp"] },
          attributes: {
            ...{ cibaExpiresIn: "130", cibaInterval: "6", parRequestUriLifespan: "70", "acr.loa.map": '{"gold":2}' },
            ...{ "actionTokenGeneratedByUserLifespan.verify-email": "600", frontendUrl: "https://f.example" },
            ...{ ours: "yes", adminEventsExpiration: "900" },
          },
        },
      },
      events: { people: { stored: true, expiration: "1d", types: ["LOGIN"] }, listeners: ["jboss-logging", "email"] },
    },
    after: { settings: { enabled: true, ssoSessionMax: "9h" } },
    byHand: [["PUT", "", { rememberMe: true, waitIncrementSeconds: 61, displayName: "by hand" }]],
  },
  {
    what: "device and CIBA settings, which a PUT of anything else resets",
    before: {},
    after: {
      settings: {
        deviceCodeLifespan: "88s",
        devicePollingInterval: "8s",
        raw: { attributes: { cibaExpiresIn: "140" } },
      },
    },
  },
  {
    what: "one setting of several that Keycloak takes only together, and one whose name ends like a flow's",
    before: {
      settings: { raw: { webAuthnPolicyPasswordlessCreateTimeout: 34, accessTokenLifespanForImplicitFlow: 77 } },
    },
    after: {},
  },
  {
    what: "flows that the realm uses",
    before: {
      flows: { "own login": { steps: [{ does: "auth-cookie", requirement: "required" }] } },
      bindings: { browser: "own login" },
    },
    after: {},
  },
  {
    what: "languages and texts",
    before: {
      localization: { locales: ["en", "de", "fr"], default: "de", texts: { de: { a: "1", b: "2" }, fr: { a: "1" } } },
    },
    after: { localization: { locales: ["en", "de"], texts: { de: { a: "1" } } } },
    byHand: [["POST", "/localization/es", { hello: "hola" }]],
  },
  {
    what: "required actions",
    before: {
      requiredActions: { TERMS_AND_CONDITIONS: { enabled: true, name: "Terms", everybody: true, priority: 7 } },
    },
    after: {},
    byHand: [
      [
        ...["PUT", "/authentication/required-actions/VERIFY_EMAIL"],
        { alias: "VERIFY_EMAIL", providerId: "VERIFY_EMAIL", name: "By hand", enabled: false, priority: 3 },
      ] as unknown as readonly [string, string, Fields],
    ],
  },
  {
    what: "the user profile",
    before: {
      profile: {
        unmanaged: "admin-edit",
        groups: [{ name: "work", header: "Work" }],
        attributes: {
          email: { displayName: "Mail", validations: { email: {} }, view: ["admin"], edit: ["admin"], required: false },
          firstName: {
            required: { roles: ["admin"] },
            annotations: { hint: "x" },
            raw: { selector: { scopes: ["email"] } },
          },
          desk: { displayName: "Desk", group: "work" },
          team: {
            ...{ displayName: "Team", group: "work", several: true, required: true, annotations: { a: "b", c: "d" } },
            validations: { length: { min: 1, max: 9 }, pattern: { pattern: "^x", "error-message": "no" } },
          },
        },
      },
    },
    after: {
      profile: {
        groups: [{ name: "home", header: "Home" }],
        attributes: {
          lastName: { validations: { length: { max: 100 } } },
          team: { group: "home", validations: { length: { max: 9 } }, annotations: { a: "b" }, required: {} },
        },
      },
    },
  },
  {
    what: "rights that everybody has",
    before: {
      roles: {
        ...{ realm: { "r every": {}, "r kept": {} }, clients: { "c every": { use: {} } } },
        everybody: { realm: ["r every", "r kept"], clients: { "c every": ["use"] } },
      },
      ...client("c every", {}),
    },
    after: {
      roles: {
        ...{ realm: { "r every": {}, "r kept": {} }, clients: { "c every": { use: {} } } },
        everybody: { realm: ["r kept"] },
      },
      ...client("c every", {}),
    },
  },
  {
    what: "a role that goes, and is held by a group, by another role and by everybody",
    before: {
      roles: {
        realm: { "r gone": {}, "r holder": { composites: { realm: ["r gone"] } } },
        everybody: { realm: ["r gone"] },
      },
      groups: { "g holder": { roles: { realm: ["r gone"] } } },
    },
    after: { roles: { realm: { "r holder": {} } }, groups: { "g holder": {} } },
  },
  {
    what: "default groups",
    before: { groups: { "g always": { default: true, groups: { below: { default: true } } } } },
    after: { groups: { "g always": { groups: { below: {} } } } },
  },
  {
    what: "groups",
    before: {
      roles: { realm: { "r of group": {} }, clients: { "c of group": { use: {} } } },
      ...client("c of group", {}),
      groups: {
        "g all": {
          attributes: { a: ["1", "2"], b: "3" },
          roles: { realm: ["r of group"], clients: { "c of group": ["use"] } },
          raw: { description: "a group" },
        },
      },
    },
    after: {
      roles: { realm: { "r of group": {} }, clients: { "c of group": { use: {} } } },
      ...client("c of group", {}),
      groups: { "g all": { attributes: { b: "3" } } },
    },
  },
  {
    what: "a group's description",
    before: { groups: { "g told": {} } },
    after: { groups: { "g told": { raw: { description: "told" }, attributes: { a: "1" } } } },
  },
  {
    what: "roles",
    before: {
      roles: {
        realm: {
          "r part": {},
          "r all": { description: "all", attributes: { a: ["1"], b: "2" }, composites: { realm: ["r part"] } },
        },
        clients: {
          "c role": { all: { description: "all", attributes: { x: "y" }, composites: { realm: ["r part"] } } },
        },
      },
      ...client("c role", {}),
    },
    after: {
      roles: { realm: { "r part": {}, "r all": { attributes: { b: "2" } } }, clients: { "c role": { all: {} } } },
      ...client("c role", {}),
    },
  },
  {
    what: "clients",
    before: client("c all", {
      ...{ name: "All", description: "everything", public: false, secret: { env: "S" }, machine: true, device: true },
      ...{ redirects: ["https://c.example/cb"], webOrigins: ["https://c.example"], passwordGrant: true },
      ...{ machineRoles: { clients: { account: ["view-profile"] } }, flows: { browser: "browser" } },
      attributes: { "pkce.code.challenge.method": "S256", "access.token.lifespan": "60", theirs: "x" },
      raw: {
        ...{ rootUrl: "https://c.example", baseUrl: "/home", adminUrl: "https://c.example/k", fullScopeAllowed: false },
        ...{ consentRequired: true, alwaysDisplayInConsole: true, frontchannelLogout: true, type: "till" },
      },
      mappers: { old: { type: "constant", claim: "a", value: "b" } },
      scopes: { default: ["phone"], optional: ["profile"] },
    }),
    after: client("c all", { attributes: { "access.token.lifespan": "60" } }),
    byHand: [["PUT", "/clients/{clients:c all}", { clientId: "c all", attributes: { "by.hand": "1" } }]],
  },
  {
    what: "a client with a root and no redirects",
    before: client("c root", { raw: { rootUrl: "https://r.example" }, redirects: ["https://r.example/cb"] }),
    after: client("c root", { raw: { rootUrl: "https://r.example" } }),
    byHand: [
      [
        ...["PUT", "/clients/{clients:c root}"],
        { clientId: "c root", redirectUris: ["https://evil.example/*"], webOrigins: ["+"] },
      ] as unknown as readonly [string, string, Fields],
    ],
  },
  {
    what: "a client with a root and an empty list of redirects",
    before: {},
    after: client("c empty", { raw: { rootUrl: "https://e.example" }, redirects: [], webOrigins: [] }),
  },
  {
    what: "a client with redirects and no origins, of which only another member changes",
    before: client("c shut", { redirects: ["https://s.example/cb"], name: "before" }),
    after: client("c shut", { redirects: ["https://s.example/cb"], name: "after" }),
  },
  {
    what: "SAML clients",
    before: client("c saml", {
      protocol: "saml",
      attributes: { "saml.client.signature": "false", "saml.encrypt": "true", saml_name_id_format: "email" },
      raw: { frontchannelLogout: false },
    }),
    after: client("c saml", { protocol: "saml" }),
  },
  {
    what: "mappers that change their type",
    before: {
      ...client("c mapped", {
        mappers: {
          one: mapper("oidc-hardcoded-claim-mapper", {
            "claim.name": "a",
            "claim.value": "b",
            "jsonType.label": "String",
          }),
        },
      }),
      clientScopes: {
        "s-mapped": {
          mappers: {
            one: mapper("oidc-audience-mapper", { "included.custom.audience": "x", "access.token.claim": "true" }),
          },
        },
      },
    },
    after: {
      ...client("c mapped", { mappers: { one: mapper("oidc-full-name-mapper", { "id.token.claim": "true" }) } }),
      clientScopes: {
        "s-mapped": { mappers: { one: mapper("oidc-full-name-mapper", { "id.token.claim": "true" }) } },
      },
    },
  },
  {
    what: "client scopes",
    before: {
      clientScopes: {
        "s-all": {
          ...{ description: "all", assigned: "optional", includeInToken: false, consentText: "ok?" },
          attributes: { extra: "1", "gui.order": "5" },
        },
      },
    },
    after: { clientScopes: { "s-all": { attributes: { "gui.order": "5" } } } },
  },
  {
    what: "default client scopes of the realm",
    before: { clientScopes: { "s-given": { assigned: "default" } } },
    after: {},
  },
  {
    what: "identity providers",
    before: idp("i-all", {
      ...{
        displayName: "All",
        enabled: false,
        trustEmail: true,
        config: { ...endpoints, syncMode: "FORCE", prompt: "login" },
      },
      flows: { firstLogin: "first broker login", postLogin: "browser" },
      raw: { storeToken: true, addReadTokenRoleOnCreate: true, linkOnly: true, hideOnLogin: true },
      mappers: {
        one: mapper("oidc-user-attribute-idp-mapper", { claim: "a", "user.attribute": "b", syncMode: "FORCE" }),
      },
    }),
    after: idp("i-all", {
      config: endpoints,
      mappers: { one: mapper("hardcoded-attribute-idp-mapper", { attribute: "a", "attribute.value": "b" }) },
    }),
  },
  {
    what: "organizations",
    before: {
      organizations: [
        {
          ...{ id: "o-all", name: "All", description: "a customer", domains: ["o.example", "p.example"] },
          ...{
            attributes: { a: "1", b: ["2"] },
            redirectUrl: "https://o.example/",
            groups: {
              sales: { attributes: { a: "1" }, roles: { clients: { account: ["view-profile"] } } },
              others: { groups: { night: {} } },
            },
            upstreams: ["i-org"],
            login: "i-org",
          },
        },
      ],
      ...idp("i-org", { config: endpoints }),
    },
    after: {
      organizations: [
        {
          ...{ id: "o-all", name: "All", domains: ["o.example"], attributes: { b: ["2"] }, upstreams: ["i-org"] },
          groups: { sales: { groups: { night: { attributes: { b: "2" } } } } },
        },
      ],
      ...idp("i-org", { config: endpoints }),
    },
  },
  {
    what: "components",
    before: {
      components: {
        KeyProvider: { own: { provider: "rsa-generated", config: { priority: 5, algorithm: "RS512", active: false } } },
        UserStorageProvider: {
          "people / all": {
            provider: "ldap",
            config: {
              ...{ enabled: false, vendor: "other", connectionUrl: "ldap://127.0.0.1:1", usersDn: "ou=p" },
              ...{ authType: "none", usernameLDAPAttribute: "uid", rdnLDAPAttribute: "uid", editMode: "READ_ONLY" },
              ...{
                uuidLDAPAttribute: "entryUUID",
                userObjectClasses: "inetOrgPerson",
                searchScope: "2",
                pagination: true,
              },
            },
          },
        },
        ClientRegistrationPolicy: {
          "anonymous/some hosts": {
            provider: "trusted-hosts",
            config: {
              ...{ "trusted-hosts": ["a.example", "b.example"], "client-uris-must-match": true },
              ...{ "host-sending-registration-request-must-match": true },
            },
          },
        },
      },
    },
    after: {
      components: {
        KeyProvider: { own: { provider: "rsa-generated", config: { priority: 5 } } },
        UserStorageProvider: {
          "people / all": {
            provider: "ldap",
            config: {
              ...{ enabled: false, vendor: "other", connectionUrl: "ldap://127.0.0.1:1", usersDn: "ou=p" },
              ...{ authType: "none", usernameLDAPAttribute: "uid", rdnLDAPAttribute: "uid", editMode: "READ_ONLY" },
              ...{ uuidLDAPAttribute: "entryUUID", userObjectClasses: "inetOrgPerson" },
            },
          },
        },
      },
    },
  },
];
