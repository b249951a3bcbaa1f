import type { PlainMap } from "../../reconcile/index.ts";
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
];

/** `settings` of the file: what differs from a new realm, in Keycloak's own words. */
export function settingsOf(source: ImportSource): Record<string, unknown> {
  const own = source.all(realmKind).get(source.realm)?.fields ?? {};
  const { rest } = pick(source.changed(realmKind).get(source.realm)?.fields ?? {}, ...elsewhere);
  const mail = Object.fromEntries(
    source.maskedIn(realmKind, source.realm, "smtpServer").map((name) => {
      source.masked(`/settings/smtpServer/${pointerPart(name)}`);
      return [name, source.secret(["settings", "smtpServer", name], ["smtpServer", name])];
    }),
  );
  const { smtpServer: server, ...others } = rest;
  const smtpServer = written({ ...(server as PlainMap | undefined), ...mail });
  return written({
    displayName: own["displayName"],
    enabled: own["enabled"],
    // On for the realm beside which this one was held, too: so its difference is none.
    organizations: own["organizationsEnabled"] === true ? true : undefined,
    raw: { ...others, ...written({ smtpServer }) },
  });
}
