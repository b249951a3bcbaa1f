import type { Plain, PlainMap } from "../../reconcile/index.ts";
import type { RealmSettings, RealmSpec } from "../format/model.ts";
import { secretName } from "../format/secrets.ts";
import type { RealmFields, RealmIdentity, RealmResource } from "../identity.ts";
import { withFieldsForTwins } from "../realm-put.ts";
import { defined, merge, secretField } from "./fields.ts";

/** Keycloak's names of settings that are handed through. */
const names: Readonly<Partial<Record<keyof RealmSettings, keyof RealmFields<"realm">>>> = {
  displayName: "displayName",
  enabled: "enabled",
  // Rights vanish within the life of an access token without any push.
  accessTokenLifespan: "accessTokenLifespan",
  ssoSessionIdle: "ssoSessionIdleTimeout",
  ssoSessionMax: "ssoSessionMaxLifespan",
  ssoSessionIdleRememberMe: "ssoSessionIdleTimeoutRememberMe",
  ssoSessionMaxRememberMe: "ssoSessionMaxLifespanRememberMe",
  offlineSessionIdle: "offlineSessionIdleTimeout",
  offlineSessionMax: "offlineSessionMaxLifespan",
  loginLifespan: "accessCodeLifespanLogin",
  loginActionLifespan: "accessCodeLifespanUserAction",
  authorizationCodeLifespan: "accessCodeLifespan",
  userActionLifespan: "actionTokenGeneratedByUserLifespan",
  adminActionLifespan: "actionTokenGeneratedByAdminLifespan",
  deviceCodeLifespan: "oauth2DeviceCodeLifespan",
  devicePollingInterval: "oauth2DevicePollingInterval",
  sslRequired: "sslRequired",
  organizations: "organizationsEnabled",
  registrationAllowed: "registrationAllowed",
  rememberMe: "rememberMe",
  verifyEmail: "verifyEmail",
  loginWithEmailAllowed: "loginWithEmailAllowed",
  duplicateEmailsAllowed: "duplicateEmailsAllowed",
  resetPasswordAllowed: "resetPasswordAllowed",
  editUsernameAllowed: "editUsernameAllowed",
  bruteForceProtected: "bruteForceProtected",
  revokeRefreshToken: "revokeRefreshToken",
  refreshTokenMaxReuse: "refreshTokenMaxReuse",
  passwordPolicy: "passwordPolicy",
  defaultSignatureAlgorithm: "defaultSignatureAlgorithm",
  browserSecurityHeaders: "browserSecurityHeaders",
};

/** The realm itself: settings, events, languages, bindings. */
export function desiredSettings(spec: RealmSpec): RealmResource {
  const { settings: s, realm } = spec;
  const given = defined(
    Object.fromEntries(
      Object.entries(names).map(([name, field]) => [field, s[name as keyof RealmSettings] as Plain | undefined]),
    ),
  );
  const fields = {
    ...given,
    // The broker keeps an offline session per login; without a maximum it would live for ever if only it is used.
    ...(s.offlineSessionMax !== undefined && { offlineSessionMaxLifespanEnabled: true }),
    ...(spec.organizations.length > 0 && s.organizations === undefined && { organizationsEnabled: true }),
    ...themes(s),
    ...mail(s),
    ...events(spec),
    ...languages(spec),
  };
  const password = s.smtp?.password && spec.secrets[secretName(s.smtp.password)];
  return {
    kind: "realm",
    key: realm,
    fields: withFieldsForTwins(merge(fields, s.raw)),
    ...(password && { secrets: { "smtpServer.password": secretField(password, `${realm} smtpServer`) } }),
  };
}

const themes = ({ themes: t }: RealmSettings): PlainMap =>
  defined({ loginTheme: t?.login, accountTheme: t?.account, adminTheme: t?.admin, emailTheme: t?.email });

/** Keycloak keeps all of it as texts. */
function mail({ smtp: m }: RealmSettings): PlainMap {
  if (m === undefined) return {};
  const texts = defined({
    host: m.host,
    port: m.port?.toString(),
    from: m.from,
    fromDisplayName: m.fromDisplayName,
    replyTo: m.replyTo,
    user: m.user,
    auth: String(m.user !== undefined),
    ssl: m.ssl?.toString(),
    starttls: m.starttls?.toString(),
  });
  return { smtpServer: texts };
}

/** Who logged in and who changed what: the source for "this drift was made by"; with a broker always on unless the file says otherwise. */
function events({ events: e, broker }: RealmSpec): PlainMap {
  const fallback: PlainMap =
    broker === undefined
      ? {}
      : {
          eventsEnabled: true,
          eventsExpiration: 30 * 86_400,
          adminEventsEnabled: true,
          adminEventsDetailsEnabled: true,
        };
  return {
    ...fallback,
    ...defined({
      eventsEnabled: e?.people?.stored,
      eventsExpiration: e?.people?.expiration,
      enabledEventTypes: e?.people?.types,
      adminEventsEnabled: e?.admin?.stored,
      adminEventsDetailsEnabled: e?.admin?.details,
      eventsListeners: e?.listeners,
    }),
  };
}

const languages = ({ localization: l }: RealmSpec): PlainMap =>
  defined({
    internationalizationEnabled: l?.enabled ?? (l?.locales && true),
    supportedLocales: l?.locales,
    defaultLocale: l?.default,
  });

/** Which flow the realm uses for what; apart from the realm, because flows are made in a realm that is there. */
export function desiredBindings({ realm, bindings: b }: RealmSpec): RealmResource[] {
  if (b === undefined) return [];
  const fields = defined({
    browserFlow: b.browser,
    registrationFlow: b.registration,
    directGrantFlow: b.directGrant,
    resetCredentialsFlow: b.resetCredentials,
    clientAuthenticationFlow: b.clientAuthentication,
    dockerAuthenticationFlow: b.dockerAuthentication,
    firstBrokerLoginFlow: b.firstBrokerLogin,
  });
  const dependsOn = Object.values(b).flatMap((key): RealmIdentity[] =>
    key === undefined ? [] : [{ kind: "authentication-flow", key }],
  );
  return [{ kind: "flow-bindings", key: realm, fields, dependsOn }];
}

/** Texts of Keycloak's pages, by language. */
export const desiredTexts = ({ localization: l }: RealmSpec): RealmResource[] =>
  Object.entries(l?.texts ?? {}).map(([locale, texts]) => ({ kind: "localization", key: locale, fields: { texts } }));
