import { z } from "zod";
import { duration, referenceSchema } from "../../yaml/index.ts";
import { config, count, flag, freeName, raw, text } from "./vocabulary.ts";

const span = (description: string) => duration(description).optional();
const yes = (description: string) => flag(description).optional();

/** Settings of the realm. What is not named has Keycloak's default, or that of a realm with a `broker`. */
export const settings = z
  .strictObject({
    displayName: text("name of the realm; default with a broker: the realm", 200).min(1).optional(),
    enabled: yes("false: nobody can log in; a new realm is so unless the file says true or has a broker"),
    accessTokenLifespan: span("how long Keycloak's access tokens live; with a broker 5m"),
    ssoSessionIdle: span("a browser session ends after this long without use; with a broker 30m"),
    ssoSessionMax: span("a browser session ends after this long; with a broker 10h"),
    ssoSessionIdleRememberMe: span("the same for sessions that are remembered"),
    ssoSessionMaxRememberMe: span("the same for sessions that are remembered"),
    offlineSessionIdle: span("a login the broker keeps ends after this long without a refresh; with a broker 30d"),
    offlineSessionMax: span("a login the broker keeps ends after this long; with a broker 60d"),
    loginLifespan: span("how long a login may take"),
    loginActionLifespan: span("how long one action within a login may take"),
    authorizationCodeLifespan: span("how long an authorization code is good"),
    userActionLifespan: span("how long a link sent by a person's own action is good"),
    adminActionLifespan: span("how long a link sent by an administrator is good"),
    deviceCodeLifespan: span("how long a device code of Keycloak's own is good"),
    devicePollingInterval: span("shortest time between two polls of a device"),
    sslRequired: z
      .enum(["external", "all", "none"])
      .optional()
      .describe("who must come by https; with a broker external"),
    organizations: yes("organizations exist; on as soon as the file has one"),
    registrationAllowed: yes("people make accounts themselves"),
    rememberMe: yes("people may ask to be remembered"),
    verifyEmail: yes("an address must be confirmed"),
    loginWithEmailAllowed: yes("the address may be used as user name"),
    duplicateEmailsAllowed: yes("several people may have one address"),
    resetPasswordAllowed: yes("people may ask for a new password"),
    editUsernameAllowed: yes("people may change their user name"),
    bruteForceProtected: yes("slow down guessing of passwords; with a broker on"),
    revokeRefreshToken: yes("a refresh token is good once"),
    refreshTokenMaxReuse: count("how often a refresh token may be used again").optional(),
    passwordPolicy: text("Keycloak's password policy, as in its console", 2000).optional(),
    defaultSignatureAlgorithm: text("algorithm of tokens").optional(),
    themes: z
      .strictObject({
        login: freeName.optional(),
        account: freeName.optional(),
        admin: freeName.optional(),
        email: freeName.optional(),
      })
      .optional()
      .describe("themes by name"),
    smtp: z
      .strictObject({
        host: z.string().min(1).describe("mail server"),
        port: count("port").optional(),
        from: z.string().min(3).describe("sender's address"),
        fromDisplayName: text("sender's name").optional(),
        replyTo: text("address for answers").optional(),
        user: text("account at the mail server").optional(),
        password: referenceSchema.optional(),
        ssl: yes("TLS from the first byte"),
        starttls: yes("TLS after a greeting"),
      })
      .optional()
      .describe("how Keycloak sends mail"),
    browserSecurityHeaders: config("security headers of Keycloak's pages").optional(),
    raw,
  })
  .describe("settings of the realm");

/** What is written to Keycloak's log of events. */
export const events = z
  .strictObject({
    people: z
      .strictObject({
        stored: flag("kept in the database"),
        expiration: span("kept for this long"),
        types: z.array(freeName).optional().describe("which; default: all"),
      })
      .optional()
      .describe("logins and what people do"),
    admin: z
      .strictObject({
        stored: flag("kept in the database"),
        details: yes("with what was written, which `realms drift` needs to say who changed something"),
      })
      .optional()
      .describe("what administrators do"),
    listeners: z.array(freeName).optional().describe("who is told, such as jboss-logging"),
  })
  .describe("events");

/** Languages and texts. */
export const localization = z
  .strictObject({
    enabled: yes("false: the languages are kept and nobody may choose; default: on as soon as there are `locales`"),
    locales: z.array(freeName).min(1).optional().describe("languages people may choose"),
    default: freeName.optional().describe("language of those who did not choose"),
    texts: z
      .record(freeName, z.record(freeName, z.string()))
      .optional()
      .describe("texts by language and key, over those of the theme"),
  })
  .describe("languages and texts of Keycloak's pages");

/** Which flow is used for what. */
export const bindings = z
  .strictObject({
    browser: freeName.optional(),
    registration: freeName.optional(),
    directGrant: freeName.optional(),
    resetCredentials: freeName.optional(),
    clientAuthentication: freeName.optional(),
    dockerAuthentication: freeName.optional(),
    firstBrokerLogin: freeName.optional(),
  })
  .describe("flows by alias that the realm uses");
