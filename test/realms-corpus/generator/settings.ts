import type { Fields } from "../hand.ts";
import type { Chance } from "./chance.ts";
import { textFrom } from "./names.ts";

/** A length of time in seconds. */
const seconds = (chance: Chance): number => 60 + chance.below(100_000);

/** Members of the realm's own representation. */
export function settingsFrom(chance: Chance): Fields {
  const groups = [lifespans, logins, bruteForce, oneTimePasswords, keys, looks, events, others];
  return Object.assign({}, ...chance.someOf(groups, 5).map((group) => group(chance)));
}

function lifespans(chance: Chance): Fields {
  const names = [
    ...["accessTokenLifespan", "accessTokenLifespanForImplicitFlow", "ssoSessionIdleTimeout", "ssoSessionMaxLifespan"],
    ...["ssoSessionIdleTimeoutRememberMe", "ssoSessionMaxLifespanRememberMe", "offlineSessionIdleTimeout"],
    ...["offlineSessionMaxLifespan", "clientSessionIdleTimeout", "clientSessionMaxLifespan"],
    ...["clientOfflineSessionIdleTimeout", "clientOfflineSessionMaxLifespan", "accessCodeLifespan"],
    ...["accessCodeLifespanUserAction", "accessCodeLifespanLogin", "actionTokenGeneratedByAdminLifespan"],
    ...["actionTokenGeneratedByUserLifespan", "oauth2DeviceCodeLifespan", "oauth2DevicePollingInterval"],
  ];
  const times = Object.fromEntries(
    chance
      .someOf(names)
      .map((name) => [name, name.startsWith("client") ? 60 + chance.below(100) : 200 + seconds(chance)]),
  );
  const flags = { offlineSessionMaxLifespanEnabled: chance.is(0.5), revokeRefreshToken: chance.is(0.5) };
  return { ...times, ...chance.membersOf({ ...flags, refreshTokenMaxReuse: chance.below(5) }) };
}

const logins = (chance: Chance): Fields =>
  chance.membersOf({
    registrationAllowed: chance.is(0.5),
    registrationEmailAsUsername: chance.is(0.5),
    rememberMe: chance.is(0.5),
    verifyEmail: chance.is(0.5),
    resetPasswordAllowed: chance.is(0.5),
    editUsernameAllowed: chance.is(0.5),
    userManagedAccessAllowed: chance.is(0.5),
    sslRequired: chance.oneOf(["all", "none", "external"]),
    ...chance.oneOf([{ loginWithEmailAllowed: false }, { loginWithEmailAllowed: false, duplicateEmailsAllowed: true }]),
  });

const bruteForce = (chance: Chance): Fields =>
  chance.membersOf({
    bruteForceProtected: chance.is(0.5),
    permanentLockout: chance.is(0.5),
    maxTemporaryLockouts: chance.below(5),
    bruteForceStrategy: chance.oneOf(["LINEAR", "MULTIPLE"]),
    maxFailureWaitSeconds: seconds(chance),
    minimumQuickLoginWaitSeconds: seconds(chance),
    waitIncrementSeconds: seconds(chance),
    quickLoginCheckMilliSeconds: seconds(chance),
    maxDeltaTimeSeconds: seconds(chance),
    failureFactor: 1 + chance.below(50),
    maxSecondaryAuthFailures: 1 + chance.below(9),
    passwordPolicy: chance.oneOf([
      "length(8)",
      "length(12) and digits(2)",
      "hashIterations(1000) and notEmail(undefined)",
    ]),
  });

const oneTimePasswords = (chance: Chance): Fields => ({
  otpPolicyType: chance.oneOf(["totp", "hotp"]),
  otpPolicyAlgorithm: chance.oneOf(["HmacSHA1", "HmacSHA512"]),
  ...chance.membersOf({
    otpPolicyInitialCounter: chance.below(4),
    otpPolicyDigits: chance.oneOf([6, 8]),
    otpPolicyLookAheadWindow: chance.below(5),
    otpPolicyPeriod: 30 + chance.below(60),
    otpPolicyCodeReusable: chance.is(0.5),
  }),
});

/** WebAuthn, with and without a password beside it. */
function keys(chance: Chance): Fields {
  const policy = () => ({
    RpEntityName: chance.oneOf(["acme", "Größe"]),
    SignatureAlgorithms: chance.someOf(["ES256", "RS256", "ES512"]),
    RpId: chance.oneOf(["", "acme.example"]),
    AttestationConveyancePreference: chance.oneOf(["not specified", "direct"]),
    AuthenticatorAttachment: chance.oneOf(["not specified", "platform"]),
    RequireResidentKey: chance.oneOf(["not specified", "Yes", "No"]),
    ResidentKey: chance.oneOf(["not specified", "required", "preferred"]),
    UserVerificationRequirement: chance.oneOf(["not specified", "required"]),
    CreateTimeout: chance.below(100),
    AvoidSameAuthenticatorRegister: chance.is(0.5),
    AcceptableAaguids: chance.someOf(["00000000-0000-0000-0000-000000000001"]),
    ExtraOrigins: chance.someOf(["https://x.example", "https://y.example"]),
  });
  const named = (prefix: string, members: Fields) =>
    Object.fromEntries(Object.entries(members).map(([name, it]) => [`${prefix}${name}`, it]));
  const passkeys = chance.membersOf({
    PasskeysEnabled: chance.is(0.5),
    Mediation: chance.oneOf(["conditional", "optional"]),
  });
  return {
    ...named("webAuthnPolicy", chance.membersOf(policy())),
    ...named("webAuthnPolicyPasswordless", { ...chance.membersOf(policy()), ...passkeys }),
  };
}

function looks(chance: Chance): Fields {
  const supportedLocales = chance.someOf(["de", "en", "fr", "pt-BR"]);
  return chance.membersOf({
    displayName: textFrom(chance),
    displayNameHtml: `<b>${textFrom(chance)}</b>`,
    loginTheme: chance.oneOf(["keycloak", "keycloak.v2"]),
    accountTheme: "keycloak.v3",
    adminTheme: "keycloak.v2",
    emailTheme: "keycloak",
    internationalizationEnabled: chance.is(0.7),
    supportedLocales,
    ...(supportedLocales.length > 0 && { defaultLocale: chance.oneOf(supportedLocales) }),
  });
}

const events = (chance: Chance): Fields =>
  chance.membersOf({
    eventsEnabled: chance.is(0.5),
    eventsExpiration: seconds(chance),
    eventsListeners: chance.someOf(["jboss-logging", "email"]),
    enabledEventTypes: ["LOGIN", ...chance.someOf(["LOGOUT", "REGISTER", "LOGIN_ERROR"])],
    adminEventsEnabled: chance.is(0.5),
    adminEventsDetailsEnabled: chance.is(0.5),
  });

function others(chance: Chance): Fields {
  const attributes = chance.membersOf({
    frontendUrl: "https://login.example",
    "acr.loa.map": '{"gold":2,"silver":1}',
    cibaExpiresIn: "77",
    cibaInterval: "6",
    cibaBackchannelTokenDeliveryMode: "poll",
    parRequestUriLifespan: "44",
    adminEventsExpiration: "900",
    shortVerificationUri: "https://x.example/d",
    "client.session.idle.timeout": "0",
    mine: textFrom(chance),
    "oid4vci.enabled": "true",
  });
  const headers = {
    contentSecurityPolicy: chance.oneOf(["", "frame-src 'self'"]),
    contentSecurityPolicyReportOnly: chance.oneOf(["", "default-src 'self'"]),
    xContentTypeOptions: chance.oneOf(["", "nosniff"]),
    xRobotsTag: chance.oneOf(["", "noindex"]),
    xFrameOptions: chance.oneOf(["", "DENY"]),
    strictTransportSecurity: chance.oneOf(["", "max-age=1"]),
    referrerPolicy: chance.oneOf(["", "no-referrer"]),
  };
  const mail = {
    ...{ host: "mail.example", from: "a@acme.example", port: "587", fromDisplayName: textFrom(chance) },
    ...{
      starttls: "true",
      ssl: "false",
      auth: "true",
      user: "us",
      password: "kept by hand",
      replyTo: "b@acme.example",
    },
    ...{ envelopeFrom: "c@acme.example", replyToDisplayName: "R", allowutf8: "true", connectionTimeout: "9000" },
  };
  return chance.membersOf({
    attributes,
    browserSecurityHeaders: chance.membersOf(headers),
    smtpServer: { host: "mail.example", from: "a@acme.example", ...chance.membersOf(mail) },
    defaultSignatureAlgorithm: chance.oneOf(["RS512", "ES256"]),
    notBefore: chance.below(1_700_000_000),
    adminPermissionsEnabled: chance.is(0.3),
    verifiableCredentialsEnabled: chance.is(0.3),
    enabled: chance.is(0.5),
  });
}
