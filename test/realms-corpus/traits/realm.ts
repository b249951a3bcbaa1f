import type { Recipe } from "../recipe.ts";

/** Traits of the realm itself: its settings, texts, events and client policies. */
export const realmTraits: readonly Recipe[] = [
  { name: "empty realm" },
  { name: "disabled realm", with: { enabled: false } },
  { name: "display name that is empty", with: { displayName: "" } },
  { name: "display name in HTML", with: { displayName: "Acme & Söhne", displayNameHtml: "<b>Acme</b>" } },
  {
    name: "lifespans",
    with: {
      ...{ accessTokenLifespan: 61, accessTokenLifespanForImplicitFlow: 62, ssoSessionIdleTimeout: 63 },
      ...{ ssoSessionMaxLifespan: 1000, ssoSessionIdleTimeoutRememberMe: 65, ssoSessionMaxLifespanRememberMe: 66 },
      ...{ offlineSessionIdleTimeout: 67, offlineSessionMaxLifespanEnabled: true, offlineSessionMaxLifespan: 68 },
      ...{ clientSessionIdleTimeout: 61, clientSessionMaxLifespan: 70, accessCodeLifespan: 71 },
      ...{ accessCodeLifespanUserAction: 72, accessCodeLifespanLogin: 73, actionTokenGeneratedByAdminLifespan: 74 },
      ...{ actionTokenGeneratedByUserLifespan: 75, oauth2DeviceCodeLifespan: 76, oauth2DevicePollingInterval: 7 },
      ...{ revokeRefreshToken: true, refreshTokenMaxReuse: 2 },
    },
  },
  {
    name: "brute force and passwords",
    with: {
      ...{ bruteForceProtected: true, permanentLockout: true, maxTemporaryLockouts: 2, failureFactor: 5 },
      ...{ waitIncrementSeconds: 61, quickLoginCheckMilliSeconds: 900, minimumQuickLoginWaitSeconds: 62 },
      ...{ maxFailureWaitSeconds: 901, maxDeltaTimeSeconds: 43000, bruteForceStrategy: "LINEAR" },
      passwordPolicy: "length(12) and digits(1) and notUsername(undefined)",
    },
  },
  {
    name: "second factors",
    with: {
      ...{ otpPolicyType: "hotp", otpPolicyAlgorithm: "HmacSHA256", otpPolicyDigits: 8, otpPolicyLookAheadWindow: 2 },
      ...{ otpPolicyInitialCounter: 3, otpPolicyPeriod: 60, otpPolicyCodeReusable: true },
      ...{ webAuthnPolicyRpEntityName: "acme", webAuthnPolicyUserVerificationRequirement: "required" },
      webAuthnPolicySignatureAlgorithms: ["ES256"],
      webAuthnPolicyPasswordlessAcceptableAaguids: ["00000000-0000-0000-0000-000000000001"],
      webAuthnPolicyPasswordlessRpEntityName: "acme two",
    },
  },
  {
    name: "logins and registration",
    with: {
      ...{ registrationAllowed: true, registrationEmailAsUsername: true, rememberMe: true, verifyEmail: true },
      ...{ loginWithEmailAllowed: false, duplicateEmailsAllowed: false, resetPasswordAllowed: true },
      ...{ editUsernameAllowed: true, sslRequired: "all", userManagedAccessAllowed: true },
    },
  },
  { name: "themes", with: { loginTheme: "keycloak.v2", accountTheme: "keycloak.v3", emailTheme: "keycloak" } },
  { name: "events without listeners", with: { eventsListeners: [] } },
  {
    name: "events",
    with: {
      ...{ eventsEnabled: true, eventsExpiration: 3600, enabledEventTypes: ["LOGIN", "LOGOUT"] },
      ...{ adminEventsEnabled: true, adminEventsDetailsEnabled: true, eventsListeners: ["jboss-logging", "email"] },
    },
  },
  {
    name: "security headers emptied",
    with: { browserSecurityHeaders: { contentSecurityPolicy: "", xFrameOptions: "" } },
  },
  { name: "locales while texts are off", with: { supportedLocales: ["de", "en"], internationalizationEnabled: false } },
  {
    name: "texts in two languages",
    with: { supportedLocales: ["de", "en"], internationalizationEnabled: true, defaultLocale: "de" },
    byHand: async (at) => {
      await at.post("/localization/de", { "login.title": "Anmeldung bei Acme: 'hier' {0}", leer: "" });
      await at.post("/localization/en", { "login.title": "Sign in" });
    },
  },
  {
    name: "texts of a language that is not offered",
    byHand: (at) => at.post("/localization/fr", { hello: "Bonjour" }),
  },
  {
    name: "SMTP with a password",
    with: {
      smtpServer: { host: "mail.example", from: "a@b.example", auth: "true", user: "u", password: "kept by hand" },
    },
  },
  {
    name: "SMTP with a token",
    with: {
      smtpServer: {
        ...{ host: "mail.example", from: "a@b.example", auth: "true", user: "u", authType: "token" },
        ...{ authTokenUrl: "https://mail.example/token", authTokenScope: "mail", authTokenClientId: "us" },
        authTokenClientSecret: "kept by hand",
      },
    },
  },
  {
    name: "attributes of the realm",
    with: { attributes: { frontendUrl: "https://login.example", "acr.loa.map": '{"gold":2}', mine: "ours", leer: "" } },
  },
  {
    name: "CIBA and PAR",
    with: {
      attributes: {
        ...{ cibaBackchannelTokenDeliveryMode: "ping", cibaExpiresIn: "100", cibaInterval: "7" },
        ...{ cibaAuthRequestedUserHint: "login_hint", parRequestUriLifespan: "90" },
      },
    },
  },
  { name: "signature algorithm", with: { defaultSignatureAlgorithm: "ES256" } },
  { name: "tokens before a day are refused", with: { notBefore: 1_700_000_000 } },
  {
    name: "fine-grained administration",
    with: { adminPermissionsEnabled: true },
  },
  {
    name: "verifiable credentials",
    with: { verifiableCredentialsEnabled: true },
  },
  {
    name: "client policies and profiles",
    byHand: async (at) => {
      await at.put("/client-policies/profiles", {
        profiles: [
          {
            ...{ name: "strict", description: "PKCE for all" },
            executors: [
              { executor: "pkce-enforcer", configuration: { "auto-configure": true } },
              { executor: "secure-client-uris", configuration: {} },
            ],
          },
        ],
      });
      await at.put("/client-policies/policies", {
        policies: [
          {
            ...{
              name: "all of them",
              description: "Everybody",
              enabled: true,
              profiles: ["strict", "fapi-1-baseline"],
            },
            conditions: [{ condition: "any-client", configuration: {} }],
          },
        ],
      });
    },
  },
  {
    name: "workflow",
    byHand: (at) => at.post("/workflows", { name: "leavers", steps: [{ uses: "disable-user", after: "30d" }] }),
  },
  {
    name: "initial tokens of client registration",
    byHand: (at) => at.post("/clients-initial-access", { count: 2, expiration: 3600 }),
  },
  {
    name: "the default role has a description",
    byHand: async (at) => at.change(`/roles/default-roles-${at.realm}`, { description: "What everybody has" }),
  },
  {
    name: "a built-in role deleted and another one renamed",
    byHand: async (at) => {
      await at.del("/roles/offline_access");
      await at.change("/roles/uma_authorization", { name: "uma_renamed" });
    },
  },
];
