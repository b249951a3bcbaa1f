import { seconds } from "../../core/index.ts";
import type { RealmSettings } from "./model.ts";

const [minute, hour, day] = [60, 3600, 86_400];

/** Settings of a realm with a broker that its file does not name. */
export const defaultSettings = (realm: string): RealmSettings => ({
  displayName: realm,
  enabled: true,
  sslRequired: "external",
  organizations: true,
  // Two people with one e-mail address are two people (S-34): addresses are neither unique nor a way to log in.
  duplicateEmailsAllowed: true,
  loginWithEmailAllowed: false,
  // People come from their IdP; nobody makes an account, and nobody changes the name under which they are known.
  registrationAllowed: false,
  editUsernameAllowed: false,
  // A password set by a mail would let somebody in past the identity provider that vouches for the account.
  resetPasswordAllowed: false,
  // Accounts that live in the realm itself (operators) have passwords: slow down guessing.
  bruteForceProtected: true,
  accessTokenLifespan: seconds(5 * minute),
  ssoSessionIdle: seconds(30 * minute),
  ssoSessionMax: seconds(10 * hour),
  offlineSessionIdle: seconds(30 * day),
  offlineSessionMax: seconds(60 * day),
});

/** Of these, the ones that keep customers apart: no file of a realm with a broker may say otherwise (S-34, S-36). */
export const fixedSettings = {
  duplicateEmailsAllowed: true,
  loginWithEmailAllowed: false,
  registrationAllowed: false,
  editUsernameAllowed: false,
  resetPasswordAllowed: false,
  organizations: true,
} as const satisfies RealmSettings;
