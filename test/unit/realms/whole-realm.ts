/** A realm file that uses every section, every template and every type of mapper. */
export const everything = `kind: Realm
realm: x
settings:
  displayName: Try
  passwordPolicy: length(12)
  smtp: {host: mail.example, port: 25, from: a@b.example, user: me, password: {env: SMTP_SECRET}}
  themes: {login: keycloak}
  raw: {failureFactor: 7}
broker: {issuer: https://login.example}
organizations:
  - {id: a, name: A, domains: [a.example, aa.example], login: kc, description: x, attributes: {contract: "1"}, groups: {sales: {roles: {realm: [viewer]}, attributes: {floor: ["1", "2"]}, groups: {night: {roles: {clients: {kube: [op]}}}}}}}
  - {id: b, name: B, domains: [b.example], login: ent, upstreams: [goo]}
upstreams:
  - {id: kc, template: keycloak, issuer: https://idp.example/realms/a, client: {id: us, secret: {env: A_SECRET}}, claims: [groups]}
  - id: ent
    template: entra
    tenant: 11111111-2222-3333-4444-555555555555
    client: {id: us, secret: {env: A_SECRET}}
    claims: {groups: {type: list, of: uuid, overage: unknown}, upn: {type: email}}
    stage: testing
    testers: [Ines@b.example]
  - {id: goo, template: google, hostedDomain: b.example, client: {id: us, secret: {env: A_SECRET}}}
  - id: sam
    template: saml
    entityId: https://idp.example/saml
    singleSignOn: https://idp.example/saml/sso
    certificates: ["QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD"]
    claims: {groups: {from: "http://schemas.example/groups"}}
    mappers: {team: {type: attribute, claim: team, attribute: team}, all: {type: group, group: /eng/core}, r: {type: role, role: viewer}, c: {type: constant, attribute: team, value: x}}
  - {id: GitHub_x, template: custom, provider: github, config: {clientId: x, syncMode: IMPORT}, secrets: {clientSecret: {env: A_SECRET}}, flows: {firstLogin: cloudpass-first-login}}
clients:
  keystone-gx1: {template: keystone, cloud: gx1, url: https://gx1.example:5000, secret: {env: A_SECRET}, mappers: {groups: {type: groups}}}
  kube: {template: kubernetes, cluster: prod1, scopes: {default: [cloud], optional: [phone], none: [address]}, scopeMappings: {realm: [viewer], clients: {kube: [op]}}}
  shop: {template: web, url: https://shop.example, jwks: https://shop.example/jwks, logout: https://shop.example/out}
  cli: {template: device-cli, flows: {browser: mfa}}
  other: {template: broker, issuer: https://other.example}
  robot:
    template: custom
    machine: true
    codeFlow: false
    secret: {env: A_SECRET}
    machineRoles: {realm: [viewer], clients: {realm-management: [view-users]}}
    machineGroups: [/eng/core, [eng, web]]
    machineAccount: {email: robot@a.example, firstName: Robot, lastName: One, attributes: {team: [core]}}
  guard:
    template: custom
    machine: true
    secret: {env: A_SECRET}
    authorization:
      policyEnforcementMode: permissive
      decisionStrategy: affirmative
      allowRemoteResourceManagement: false
      scopes: {see: {displayName: See}, change: {}}
      resources: {papers: {type: "urn:paper", uris: [/papers/*], scopes: [see, change], ownerManagedAccess: true, attributes: {kind: [a, b]}, iconUri: "https://i.example/p", displayName: Papers}}
      policies:
        viewers: {type: role, roles: {realm: [viewer]}, requiredRoles: {clients: {kube: [op]}}, fetchRoles: true, description: who sees}
        engineers: {type: group, groups: [/eng], groupsWithChildren: [/eng/core], groupsClaim: groups, logic: negative}
        people: {type: user}
        robots: {type: client, clients: [robot]}
        scoped: {type: client-scope, clientScopes: [cloud], requiredClientScopes: [profile]}
        by day: {type: time, notBefore: "2026-01-01 00:00:00", notOnOrAfter: "2027-01-01 00:00:00", hour: 8, hourEnd: 18}
        mail: {type: regex, claim: email, pattern: ".*@a[.]example", fromContext: false}
        all: {type: aggregate, policies: [viewers, engineers], decisionStrategy: consensus}
      permissions:
        papers: {resources: [papers], policies: [all]}
        see: {scopes: [see], resourceType: "urn:paper", policies: [viewers], decisionStrategy: affirmative}
  "https://sp.example/metadata": {template: custom, protocol: saml, redirects: [https://sp.example/acs], attributes: {saml.client.signature: "false"}, mappers: {t: {type: saml-attribute, attribute: team}}}
clientScopes:
  cloud:
    description: for clouds
    assigned: optional
    includeInToken: true
    scopeMappings: {realm: [viewer]}
    mappers:
      team: {type: attribute, attribute: team}
      who: {type: audience, client: kube}
      rr: {type: realm-roles}
      cr: {type: client-roles, client: kube}
      k: {type: constant, claim: a.b, value: "1", json: int}
      n: {type: session-note, note: identity_provider, claim: idp}
      s: {type: custom, mapper: oidc-sub-mapper, config: {access.token.claim: true}}
workflows: {welcome: {on: user-created, steps: [{uses: notify-user, after: "1000", with: {message: Hi}}, {uses: disable-user, after: P30D}], concurrency: {restart-in-progress: true}}}
clientProfiles: {strict: {description: strict, executors: [{executor: pkce-enforcer, configuration: {auto-configure: true}}, {executor: consent-required}]}}
clientPolicies: {all of ours: {description: for all, conditions: [{condition: client-roles, configuration: {roles: [op]}}], profiles: [strict, fapi-1-baseline]}}
roles:
  realm: {viewer: {description: sees}, admin: {composites: {realm: [viewer], clients: {kube: [op]}}, attributes: {x: y}}}
  clients: {kube: {op: {}}}
  everybody: {realm: [viewer]}
groups:
  eng: {roles: {realm: [viewer]}, attributes: {cost: "12"}, groups: {core: {roles: {clients: {kube: [op]}}}, web: {default: true}}}
flows:
  mfa:
    description: second factor
    steps:
      - {does: auth-cookie, requirement: alternative}
      - {does: identity-provider-redirector, requirement: alternative, config: {alias: to-kc, settings: {defaultProvider: kc}}}
      - flow: mfa forms
        requirement: alternative
        steps: [{does: auth-username-password-form, requirement: required}, {does: auth-otp-form, requirement: required}]
  registration:
    steps: [{flow: registration form, description: who they are, requirement: required, form: registration-page-form, steps: [{does: registration-user-creation, requirement: required}]}]
bindings: {browser: mfa}
manage: {flows: {mode: adopt}}
requiredActions: {CONFIGURE_TOTP: {enabled: true, everybody: false, priority: 5}, webauthn-register: {enabled: false}}
profile:
  unmanaged: refused
  order: [email, team]
  groups: [{name: work, header: At work, annotations: {icon: desk}}]
  attributes:
    team: {displayName: Team, validations: {length: {max: 20}}}
    email: {displayName: E-mail, required: false, validations: {email: {}}}
components:
  KeyProvider: {hm: {provider: rsa-generated, config: {priority: 50, keySize: 2048}}}
  UserStorageProvider:
    corp:
      provider: ldap
      config: {vendor: other, connectionUrl: ldap://127.0.0.1:1, bindDn: cn=x, usersDn: ou=p, authType: simple, usernameLDAPAttribute: uid, rdnLDAPAttribute: uid, uuidLDAPAttribute: entryUUID, userObjectClasses: inetOrgPerson, editMode: READ_ONLY, enabled: false, fullSyncPeriod: -1, changedSyncPeriod: -1, importEnabled: true, cachePolicy: DEFAULT, searchScope: 1, pagination: false, connectionPooling: false, syncRegistrations: false, useTruststoreSpi: always}
      secrets: {bindCredential: {env: B_SECRET}}
      parts: {LDAPStorageMapper: {grp: {provider: hardcoded-attribute-mapper, config: {user.model.attribute: team, attribute.value: z}}}}
events: {people: {stored: true, expiration: 7d, types: [LOGIN, LOGOUT]}, admin: {stored: true, details: true}, listeners: [jboss-logging]}
localization: {locales: [en, de], default: de, texts: {de: {loginTitle: Hallo}}}
ignore: [{at: /clients/kube/description, because: a test, until: "2030-01-01"}]
protect: [components]
`;
