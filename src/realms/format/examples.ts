/** The smallest realm file that there is: a realm as Keycloak makes it. */
export const smallestFile = `kind: Realm
realm: customers
`;

/** One example of each section, as it stands in a file below its first two lines; together they are one valid file. */
export const sectionExamples: Readonly<Record<string, string>> = {
  settings: `settings:
  displayName: Customers of Acme
  accessTokenLifespan: 5m
  passwordPolicy: length(12)
  smtp: {host: mail.example, from: login@acme.example, user: login, password: {env: SMTP_PASSWORD}}
  raw: {rememberMe: true}
`,
  clients: `clients:
  wiki:
    template: custom
    redirects: [https://wiki.acme.example/callback]
    codeFlow: true
    secret: {env: WIKI_SECRET}
    scopes: {default: [team]}
    scopeMappings: {realm: [employee]}
  api:
    template: custom
    machine: true
    secret: {env: API_SECRET}
    machineRoles: {clients: {realm-management: [view-users]}}
    authorization:
      scopes: {read: {}}
      resources: {papers: {uris: [/papers/*], scopes: [read]}}
      policies: {employees: {type: role, roles: {realm: [employee]}}}
      permissions: {read papers: {resources: [papers], policies: [employees]}}
`,
  clientScopes: `clientScopes:
  team:
    description: In which team somebody is
    mappers: {team: {type: attribute, attribute: team}}
`,
  roles: `roles:
  realm:
    employee: {description: Works here}
    lead: {composites: {realm: [employee]}}
  everybody: {realm: [employee]}
`,
  groups: `groups:
  sales:
    attributes: {floor: "2"}
    roles: {realm: [lead]}
    groups: {night shift: {default: true}}
`,
  upstreams: `upstreams:
  - id: partner-idp
    template: keycloak
    issuer: https://login.partner.example/realms/people
    client: {id: acme, secret: {env: PARTNER_SECRET}}
`,
  organizations: `organizations:
  - {id: partner, name: Partner, domains: [partner.example], upstreams: [partner-idp], groups: {sales: {}}}
`,
  flows: `flows:
  password and code:
    steps:
      - {does: auth-cookie, requirement: alternative}
      - flow: with a second factor
        requirement: alternative
        steps:
          - {does: auth-username-password-form, requirement: required}
          - {does: auth-otp-form, requirement: required}
bindings: {browser: password and code}
`,
  requiredActions: `requiredActions:
  TERMS_AND_CONDITIONS: {enabled: true, everybody: true}
`,
  profile: `profile:
  attributes:
    team: {displayName: Team, view: [admin, user], validations: {length: {max: 20}}}
`,
  components: `components:
  KeyProvider:
    second key: {provider: ecdsa-generated, config: {priority: 50, ecdsaEllipticCurveKey: P-256}}
`,
  clientProfiles: `clientProfiles:
  with PKCE: {executors: [{executor: pkce-enforcer, configuration: {auto-configure: true}}]}
`,
  clientPolicies: `clientPolicies:
  public clients: {conditions: [{condition: client-access-type, configuration: {type: [public]}}], profiles: [with PKCE]}
`,
  workflows: `workflows:
  idle accounts: {on: user-created, steps: [{uses: notify-user, after: P60D}, {uses: disable-user, after: P30D}]}
`,
  events: `events:
  people: {stored: true, expiration: 7d}
  admin: {stored: true, details: true}
`,
  localization: `localization:
  locales: [en, de]
  default: de
  texts: {de: {loginAccountTitle: Willkommen}}
`,
};

/** How far a file reaches, and what it leaves alone. */
export const reachExample = `manage: {clients: {mode: exclusive, prune: confirm}}
protect: [components]
ignore:
  - {at: /clients/wiki/description, because: the editors of the wiki write it, until: "2030-01-01"}
absent: [/clientScopes/phone]
`;

/** All examples as one file. */
export const exampleFile = (): string => [smallestFile, ...Object.values(sectionExamples), reachExample].join("");
