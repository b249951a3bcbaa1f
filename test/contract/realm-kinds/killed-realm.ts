/** Stands in both files. */
const homeIdp = `  - id: home-idp
    template: custom
    provider: oidc
    displayName: Home
    config: {authorizationUrl: "https://i.example/a", tokenUrl: "https://i.example/t", clientId: x}
    flows: {firstLogin: first broker login}
`;

/** A realm with one of each kind of objects, and of what hangs on each. */
export const wholeRealm = (realm: string): string => `
kind: Realm
realm: ${realm}
manage: {flows: {mode: adopt, only: [reset credentials]}}
settings: {enabled: true, displayName: Whole}
clients:
  guard:
    template: custom
    redirects: [https://guard.example/callback]
    codeFlow: true
    secret: {env: GUARD_SECRET}
    fullScopeAllowed: false
    scopes: {default: [team], none: [address]}
    scopeMappings: {realm: [reader], clients: {shop: [buyer]}}
    machine: true
    machineRoles: {realm: [reader], clients: {shop: [buyer]}}
    machineGroups: [/staff]
    machineAccount: {email: guard@guard.example, attributes: {desk: "7"}}
    authorization:
      scopes: {see: {}, print: {}}
      resources: {papers: {uris: [/papers/*], scopes: [see, print]}}
      policies: {readers: {type: role, roles: {realm: [reader]}}}
      permissions: {see papers: {resources: [papers], scopes: [see], policies: [readers]}}
  shop:
    template: custom
    public: true
    codeFlow: true
    redirects: [https://shop.example/callback]
    flows: {browser: own login}
  old-app:
    template: custom
    protocol: saml
    redirects: [https://old.example/acs]
    attributes: {saml.client.signature: "false"}
clientScopes:
  team:
    assigned: optional
    scopeMappings: {realm: [reader], clients: {shop: [buyer]}}
    mappers: {team: {type: constant, claim: team, value: blue}}
roles:
  realm:
    reader: {description: may read}
  clients:
    shop:
      buyer: {}
      boss: {attributes: {rank: "1"}, composites: {realm: [reader], clients: {shop: [buyer]}}}
  everybody: {realm: [reader], clients: {shop: [buyer]}}
groups:
  staff: {roles: {clients: {shop: [boss]}}, groups: {night shift: {attributes: {floor: "2"}}}}
  visitors: {default: true}
upstreams:
${homeIdp}  - id: other-idp
    template: custom
    provider: oidc
    displayName: Other
    config: {authorizationUrl: "https://j.example/a", tokenUrl: "https://j.example/t", clientId: x}
    flows: {firstLogin: first broker login}
organizations:
  - id: home
    name: Home
    domains: [home.example, visit.example]
    login: home-idp
    upstreams: [home-idp, other-idp]
    routes: {other-idp: {domain: visit.example, redirect: true}}
flows:
  own login:
    steps:
      - {does: auth-cookie, requirement: alternative}
      - does: identity-provider-redirector
        requirement: alternative
        config: {alias: own redirect, settings: {defaultProvider: nobody}}
      - flow: own forms
        requirement: alternative
        steps:
          - {does: auth-username-password-form, requirement: required}
          - flow: own second factor
            requirement: conditional
            steps:
              - {does: conditional-user-configured, requirement: required}
              - {does: auth-otp-form, requirement: required}
  reset credentials:
    steps:
      - {does: reset-credentials-choose-user, requirement: required}
      - {does: reset-credential-email, requirement: required}
      - {does: reset-password, requirement: required}
bindings: {browser: own login}
requiredActions:
  TERMS_AND_CONDITIONS: {enabled: true, name: House rules}
profile:
  groups: [{name: work, header: Work}]
  attributes:
    team: {displayName: Team, group: work, view: [admin, user], validations: {length: {max: 20}}}
components:
  KeyProvider:
    second: {provider: aes-generated, config: {priority: 5, secretSize: 16}}
  UserStorageProvider:
    people:
      provider: ldap
      config:
        enabled: false
        vendor: other
        connectionUrl: ldap://127.0.0.1:1
        usersDn: ou=p
        authType: none
        usernameLDAPAttribute: uid
        rdnLDAPAttribute: uid
        uuidLDAPAttribute: entryUUID
        userObjectClasses: inetOrgPerson
        editMode: READ_ONLY
      parts:
        LDAPStorageMapper:
          source: {provider: hardcoded-attribute-mapper, config: {user.model.attribute: team, attribute.value: blue}}
clientProfiles:
  with PKCE: {executors: [{executor: pkce-enforcer, configuration: {auto-configure: true}}]}
clientPolicies:
  public clients: {conditions: [{condition: client-access-type, configuration: {type: [public]}}], profiles: [with PKCE]}
workflows:
  idle accounts: {on: user-created, steps: [{uses: disable-user, after: P30D}]}
localization:
  locales: [en, de]
  default: de
  texts: {de: {loginAccountTitle: Willkommen}}
`;

/** The same realm when something of each kind is gone. */
export const halfRealm = (realm: string): string => `
kind: Realm
realm: ${realm}
manage: {flows: {mode: adopt, only: [reset credentials]}}
settings: {enabled: true, displayName: Half}
clients:
  guard:
    template: custom
    redirects: [https://guard.example/callback]
    codeFlow: true
    secret: {env: GUARD_SECRET}
    fullScopeAllowed: false
    scopes: {default: [team], none: [address]}
    scopeMappings: {realm: [reader]}
    machine: true
    machineRoles: {realm: [reader]}
    authorization:
      scopes: {see: {}}
      resources: {papers: {uris: [/papers/*], scopes: [see]}}
  shop:
    template: custom
    public: true
    codeFlow: true
    redirects: [https://shop.example/callback]
clientScopes:
  team: {scopeMappings: {realm: [reader]}}
roles:
  realm:
    reader: {description: may read}
  clients:
    shop: {buyer: {}, boss: {}}
  everybody: {realm: [reader]}
groups:
  staff: {}
  visitors: {}
upstreams:
${homeIdp}organizations:
  - {id: home, name: Home, domains: [home.example], upstreams: [home-idp]}
flows:
  reset credentials:
    steps:
      - {does: reset-credentials-choose-user, requirement: required}
      - {does: reset-credential-email, requirement: required}
      - {does: reset-password, requirement: required}
      - {does: reset-otp, requirement: required}
components:
  KeyProvider:
    second: {provider: aes-generated, config: {priority: 5, secretSize: 16}}
clientProfiles:
  with PKCE: {executors: [{executor: pkce-enforcer, configuration: {auto-configure: true}}]}
`;
