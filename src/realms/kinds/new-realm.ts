import type { PlainMap } from "../../reconcile/index.ts";

/**
 * What Keycloak 26.7 puts into a new realm that says nothing; what others put there, `releases.ts` says. Whether the realm is on does not stand here, on purpose: nobody is
 * locked out, and nothing is opened, because a file is silent. Nor what Keycloak derives, or what other kinds are about.
 */
export const newRealm: PlainMap = {
  defaultSignatureAlgorithm: "RS256",
  revokeRefreshToken: false,
  refreshTokenMaxReuse: 0,
  accessTokenLifespan: 300,
  accessTokenLifespanForImplicitFlow: 900,
  ssoSessionIdleTimeout: 1800,
  ssoSessionMaxLifespan: 36000,
  ssoSessionIdleTimeoutRememberMe: 0,
  ssoSessionMaxLifespanRememberMe: 0,
  offlineSessionIdleTimeout: 2592000,
  offlineSessionMaxLifespanEnabled: false,
  offlineSessionMaxLifespan: 5184000,
  clientSessionIdleTimeout: 0,
  clientSessionMaxLifespan: 0,
  clientOfflineSessionIdleTimeout: 0,
  clientOfflineSessionMaxLifespan: 0,
  accessCodeLifespan: 60,
  accessCodeLifespanUserAction: 300,
  accessCodeLifespanLogin: 1800,
  actionTokenGeneratedByAdminLifespan: 43200,
  actionTokenGeneratedByUserLifespan: 300,
  oauth2DeviceCodeLifespan: 600,
  oauth2DevicePollingInterval: 5,
  sslRequired: "external",
  requiredCredentials: ["password"],
  registrationAllowed: false,
  registrationEmailAsUsername: false,
  rememberMe: false,
  verifyEmail: false,
  loginWithEmailAllowed: true,
  duplicateEmailsAllowed: false,
  resetPasswordAllowed: false,
  editUsernameAllowed: false,
  bruteForceProtected: false,
  permanentLockout: false,
  maxTemporaryLockouts: 0,
  bruteForceStrategy: "MULTIPLE",
  maxFailureWaitSeconds: 900,
  minimumQuickLoginWaitSeconds: 60,
  waitIncrementSeconds: 60,
  quickLoginCheckMilliSeconds: 1000,
  maxDeltaTimeSeconds: 43200,
  failureFactor: 30,
  maxSecondaryAuthFailures: 0,
  otpPolicyType: "totp",
  otpPolicyAlgorithm: "HmacSHA1",
  otpPolicyInitialCounter: 0,
  otpPolicyDigits: 6,
  otpPolicyLookAheadWindow: 1,
  otpPolicyPeriod: 30,
  otpPolicyCodeReusable: false,
  webAuthnPolicyRpEntityName: "keycloak",
  webAuthnPolicySignatureAlgorithms: ["ES256", "RS256"],
  webAuthnPolicyRpId: "",
  webAuthnPolicyAttestationConveyancePreference: "not specified",
  webAuthnPolicyAuthenticatorAttachment: "not specified",
  webAuthnPolicyRequireResidentKey: "not specified",
  webAuthnPolicyResidentKey: "not specified",
  webAuthnPolicyUserVerificationRequirement: "not specified",
  webAuthnPolicyCreateTimeout: 0,
  webAuthnPolicyAvoidSameAuthenticatorRegister: false,
  webAuthnPolicyAcceptableAaguids: [],
  webAuthnPolicyExtraOrigins: [],
  webAuthnPolicyPasswordlessRpEntityName: "keycloak",
  webAuthnPolicyPasswordlessSignatureAlgorithms: ["ES256", "RS256"],
  webAuthnPolicyPasswordlessRpId: "",
  webAuthnPolicyPasswordlessAttestationConveyancePreference: "not specified",
  webAuthnPolicyPasswordlessAuthenticatorAttachment: "not specified",
  webAuthnPolicyPasswordlessRequireResidentKey: "not specified",
  webAuthnPolicyPasswordlessResidentKey: "required",
  webAuthnPolicyPasswordlessUserVerificationRequirement: "required",
  webAuthnPolicyPasswordlessCreateTimeout: 0,
  webAuthnPolicyPasswordlessAvoidSameAuthenticatorRegister: false,
  webAuthnPolicyPasswordlessAcceptableAaguids: [],
  webAuthnPolicyPasswordlessExtraOrigins: [],
  webAuthnPolicyPasswordlessPasskeysEnabled: null,
  eventsEnabled: false,
  eventsListeners: ["jboss-logging"],
  enabledEventTypes: [],
  adminEventsEnabled: false,
  adminEventsDetailsEnabled: false,
  internationalizationEnabled: false,
  userManagedAccessAllowed: false,
  organizationsEnabled: false,
  verifiableCredentialsEnabled: false,
  adminPermissionsEnabled: false,
  displayName: null,
  displayNameHtml: null,
  passwordPolicy: null,
  loginTheme: null,
  accountTheme: null,
  adminTheme: null,
  emailTheme: null,
  defaultLocale: null,
  eventsExpiration: 0,
  supportedLocales: [],
  browserSecurityHeaders: {
    contentSecurityPolicyReportOnly: "",
    xContentTypeOptions: "nosniff",
    referrerPolicy: "no-referrer",
    xRobotsTag: "none",
    xFrameOptions: "SAMEORIGIN",
    contentSecurityPolicy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
    strictTransportSecurity: "max-age=31536000; includeSubDomains",
  },
};

/** Of the attributes of a new realm, those that are settings of Keycloak's; any other name is somebody else's. */
export const newRealmAttributes: PlainMap = {
  cibaBackchannelTokenDeliveryMode: "poll",
  cibaExpiresIn: "120",
  cibaInterval: "5",
  cibaAuthRequestedUserHint: "login_hint",
  parRequestUriLifespan: "60",
  frontendUrl: null,
  "acr.loa.map": null,
  adminEventsExpiration: null,
  shortVerificationUri: null,
  darkMode: null,
  "actionTokenGeneratedByUserLifespan.verify-email": null,
  "actionTokenGeneratedByUserLifespan.idp-verify-account-via-email": null,
  "actionTokenGeneratedByUserLifespan.reset-credentials": null,
  "actionTokenGeneratedByUserLifespan.execute-actions": null,
};

/** Flows that a new realm uses. */
export const newBindings: Readonly<Record<string, string>> = {
  browserFlow: "browser",
  registrationFlow: "registration",
  directGrantFlow: "direct grant",
  resetCredentialsFlow: "reset credentials",
  clientAuthenticationFlow: "clients",
  dockerAuthenticationFlow: "docker auth",
  firstBrokerLoginFlow: "first broker login",
};

/** Required actions of a new realm: priority, and whether each may be asked for; nobody is asked for any. */
const actions: Readonly<Record<string, readonly [name: string, enabled: boolean, priority: number]>> = {
  TERMS_AND_CONDITIONS: ["Terms and Conditions", false, 20],
  UPDATE_PROFILE: ["Update Profile", true, 40],
  VERIFY_EMAIL: ["Verify Email", true, 50],
  CONFIGURE_TOTP: ["Configure OTP", true, 54],
  UPDATE_PASSWORD: ["Update Password", true, 57],
  delete_account: ["Delete Account", false, 60],
  UPDATE_EMAIL: ["Update Email", false, 70],
  "webauthn-register": ["Webauthn Register", true, 80],
  "webauthn-register-passwordless": ["Webauthn Register Passwordless", true, 90],
  VERIFY_PROFILE: ["Verify Profile", true, 100],
  delete_credential: ["Delete Credential", true, 110],
  idp_link: ["Linking Identity Provider", true, 120],
  CONFIGURE_RECOVERY_AUTHN_CODES: ["Recovery Authentication Codes", true, 130],
  update_user_locale: ["Update User Locale", true, 1000],
};

/** A required action as a new realm has it; of one that an extension brings, or a newer Keycloak, only what is the same for all. */
export function newAction(alias: string): PlainMap {
  const known = Object.hasOwn(actions, alias) ? actions[alias] : undefined;
  const itself: PlainMap = known === undefined ? {} : { name: known[0], enabled: known[1], priority: known[2] };
  return { ...itself, defaultAction: false, config: {} };
}

const everybody: PlainMap = { view: ["admin", "user"], edit: ["admin", "user"] };
const length = (most: number, least?: number): PlainMap => ({
  length: { ...(least !== undefined && { min: least }), max: most },
});
const personName: PlainMap = { ...length(255), "person-name-prohibited-characters": {} };
const ofPeople: PlainMap = { required: { roles: ["user"] }, permissions: everybody };

/** Attributes of people that Keycloak declares itself, as in a new realm. */
export const newProfile: Readonly<Record<string, PlainMap>> = {
  username: {
    displayName: `\${username}`,
    validations: { ...length(255, 3), "username-prohibited-characters": {}, "up-username-not-idn-homograph": {} },
    permissions: everybody,
  },
  email: { displayName: `\${email}`, validations: { email: {}, ...length(255) }, ...ofPeople },
  firstName: { displayName: `\${firstName}`, validations: personName, ...ofPeople },
  lastName: { displayName: `\${lastName}`, validations: personName, ...ofPeople },
};

/** Headings of a new user profile. */
export const newProfileGroups = [
  {
    name: "user-metadata",
    displayHeader: "User metadata",
    displayDescription: "Attributes, which refer to user metadata",
  },
] as const;

/** Rights that everybody has in a new realm, as `formatRole` has them. */
export const newRights: ReadonlySet<string> = new Set([
  ...["realm offline_access", "realm uma_authorization", "account view-profile", "account manage-account"],
]);
