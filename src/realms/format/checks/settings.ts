import { mapOf } from "../../access.ts";
import { mailLogin } from "../known.ts";
import type { LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** Parts of Keycloak's representation of a realm that are no settings, with the section that has them here. */
const apart: Readonly<Record<string, string>> = {
  ...{ clients: "clients", scopeMappings: "scopeMappings", clientScopeMappings: "scopeMappings" },
  ...{ clientScopes: "clientScopes", defaultDefaultClientScopes: "clientScopes" },
  ...{ defaultOptionalClientScopes: "clientScopes", roles: "roles", defaultRole: "roles", groups: "groups" },
  ...{ defaultGroups: "groups", identityProviders: "upstreams", identityProviderMappers: "upstreams" },
  ...{ components: "components", authenticationFlows: "flows", authenticatorConfig: "flows" },
  ...{ requiredActions: "requiredActions", organizations: "organizations", localizationTexts: "localization.texts" },
};

/** These may stand with the settings, as they did in files of before; but not in both places. */
const twice = ["clientProfiles", "clientPolicies"] as const;

/** What Keycloak takes with a realm's settings once, when it makes the realm, and ignores or refuses (HTTP 500) later. */
export function checkSettings({ data, document }: LocatedRealm, report: Report): void {
  for (const field of Object.keys(data.settings.raw ?? {})) {
    const place = { document, path: ["settings", "raw", field] };
    const section = Object.hasOwn(apart, field) ? apart[field] : undefined;
    if (section !== undefined) {
      const message = `\`${field}\` is no setting: Keycloak takes it when it makes a realm, and never changes it so`;
      report.wrong(place, message, `write it under \`${section}\``);
    }
    if (twice.some((name) => name === field) && Object.keys(data[field as (typeof twice)[number]]).length > 0) {
      report.wrong(place, `\`${field}\` is there twice`, `write all of it under \`${field}\` of the document`);
    }
    if (field === "otpSupportedApplications") {
      const message = `\`${field}\` follows from the policy of one-time passwords: Keycloak never takes it from anybody`;
      report.wrong(place, message, "remove it");
    }
    if (field !== "users" && field !== "federatedUsers") continue;
    report.wrong(place, "people are not made from files", "remove them; accounts come by logins, or by hand");
  }
  checkMail({ data, document }, report);
}

function checkMail({ data: { settings }, document }: Pick<LocatedRealm, "data" | "document">, report: Report): void {
  const mail = mapOf(settings.raw?.["smtpServer"]) ?? {};
  const auth = mail["auth"] ?? (settings.smtp?.user === undefined ? "false" : "true");
  if (String(auth) === "true") return;
  for (const field of mailLogin.filter((one) => Object.hasOwn(mail, one) && mail[one] !== null)) {
    const message = `\`${field}\` of a mail server goes with \`auth: "true"\` only: Keycloak forgets it otherwise`;
    const place = { document, path: ["settings", "raw", "smtpServer", field] };
    report.wrong(place, message, `write \`auth: "true"\`, or remove \`${field}\``);
  }
}
