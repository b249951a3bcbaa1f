import type { PlainMap } from "../../reconcile/index.ts";
import { mailLogin } from "../format/known.ts";
import { inner } from "../kinds/kind.ts";
import { realmKind } from "../kinds/realm.ts";
import { type ImportSource, pick, pointerPart, written } from "./source.ts";

/** Parts of the realm's representation that are kinds of their own, or no settings at all. */
const elsewhere = [
  ...["realm", "keycloakVersion", "adminPermissionsClient", "defaultRole", "defaultGroups"],
  ...["scopeMappings", "clientScopeMappings", "clientProfiles", "clientPolicies"],
  ...["clientScopes", "defaultDefaultClientScopes", "defaultOptionalClientScopes", "components"],
  ...["identityProviders", "identityProviderMappers", "authenticationFlows", "authenticatorConfig"],
  ...["requiredActions", "localizationTexts", "supportedLocales", "defaultLocale", "internationalizationEnabled"],
  ...["browserFlow", "registrationFlow", "directGrantFlow", "resetCredentialsFlow", "clientAuthenticationFlow"],
  ...["dockerAuthenticationFlow", "firstBrokerLoginFlow", "displayName", "enabled", "organizationsEnabled"],
  // Which apps a person may use follows from the policy of one-time passwords.
  "otpSupportedApplications",
];

/** `settings` of the file: what differs from a new realm, in Keycloak's own words. */
export function settingsOf(source: ImportSource): Record<string, unknown> {
  const own = source.all(realmKind).get(source.realm)?.fields ?? {};
  const { rest } = pick(source.changed(realmKind).get(source.realm)?.fields ?? {}, ...elsewhere);
  const { smtpServer, ...others } = rest;
  return written({
    displayName: own["displayName"],
    enabled: own["enabled"],
    // On for the realm beside which this one was held, too: so its difference is none.
    organizations: own["organizationsEnabled"] === true ? true : undefined,
    raw: { ...others, ...written({ smtpServer: mailOf(source, smtpServer as PlainMap | undefined) }) },
  });
}

function mailOf(source: ImportSource, server: PlainMap | undefined): Record<string, unknown> {
  const masked = source.maskedIn(realmKind, source.realm, "smtpServer");
  const asked = inner(source.all(realmKind).get(source.realm)?.fields, "smtpServer")["auth"] === "true";
  const goes = (name: string): boolean => !asked && mailLogin.includes(name);
  if ([...Object.keys(server ?? {}), ...masked].some(goes))
    source.leave("who logs in at the mail server, which asks for no login: Keycloak forgets that at the next change");
  const secrets = masked
    .filter((name) => !goes(name))
    .map((name) => {
      source.masked(`/settings/smtpServer/${pointerPart(name)}`);
      return [name, source.secret(["settings", "smtpServer", name], ["smtpServer", name])];
    });
  const open = Object.entries(server ?? {}).filter(([name]) => !goes(name));
  return written({ ...Object.fromEntries(open), ...Object.fromEntries(secrets) });
}
