import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { splitKey } from "../kinds/kind.ts";
import { beyond, type Findings, maskedIn, pick, pointerPart, telling, written } from "./found.ts";

/** Parts of the realm's representation that are kinds of their own, or no settings at all. */
const elsewhere = [
  ...["realm", "keycloakVersion", "defaultRole", "defaultGroups", "requiredCredentials", "scopeMappings"],
  ...["clientScopes", "defaultDefaultClientScopes", "defaultOptionalClientScopes", "components"],
  ...["identityProviders", "identityProviderMappers", "authenticationFlows", "authenticatorConfig"],
  ...["requiredActions", "localizationTexts", "supportedLocales", "defaultLocale", "internationalizationEnabled"],
  ...["browserFlow", "registrationFlow", "directGrantFlow", "resetCredentialsFlow", "clientAuthenticationFlow"],
  ...["dockerAuthenticationFlow", "firstBrokerLoginFlow", "displayName", "enabled"],
];

/** `settings` of the file: what differs from a new realm, in Keycloak's own words. */
export function settingsOf(findings: Findings): Record<string, unknown> {
  const own = findings.whole("realm").get(findings.realm) ?? {};
  const { rest } = pick(beyond(own, findings.builtin("realm", findings.realm) ?? {}), ...elsewhere);
  const mail = Object.fromEntries(
    findings.maskedIn("realm", findings.realm, "smtpServer").map((name) => {
      findings.masked(`/settings/smtpServer/${pointerPart(name)}`);
      return [name, findings.secret("smtpServer", name)];
    }),
  );
  const smtpServer = written({ ...(rest["smtpServer"] as PlainMap | undefined), ...mail });
  const raw = written({ ...rest, smtpServer });
  return written({ displayName: own["displayName"], enabled: own["enabled"], raw });
}

/** `localization` of the file. */
export function localizationOf(findings: Findings): Record<string, unknown> {
  const realm = findings.whole("realm").get(findings.realm) ?? {};
  const texts = [...findings.whole("localization")].map(([locale, fields]) => [locale, fields["texts"]]);
  return written({
    locales: realm["internationalizationEnabled"] === true ? realm["supportedLocales"] : undefined,
    default: realm["internationalizationEnabled"] === true ? realm["defaultLocale"] : undefined,
    texts: Object.fromEntries(texts),
  });
}

/** `bindings` of the file. */
export function bindingsOf(findings: Findings): Record<string, unknown> {
  const bound = findings.of("flow-bindings").get(findings.realm) ?? {};
  return Object.fromEntries(Object.entries(bound).map(([name, alias]) => [name.replace(/Flow$/, ""), alias]));
}

/** `flows` of the file. */
export function flowsOf(findings: Findings): Record<string, unknown> {
  return Object.fromEntries(
    [...findings.of("authentication-flow").keys()].flatMap((alias) => {
      const fields = findings.whole("authentication-flow").get(alias) ?? {};
      const steps = listOf(fields["steps"]) as readonly PlainMap[];
      if (steps.some(hasForm)) {
        findings.leave(`flow "${alias}": it holds a form, for which the format has no words`);
        return [];
      }
      const type = textOf(fields["providerId"]).replace(/-flow$/, "");
      const step = (one: PlainMap) => stepOf(findings, alias, one);
      return [[alias, written({ description: fields["description"], type, steps: steps.map(step) })]];
    }),
  );
}

const stepsIn = (step: PlainMap) => listOf(step["steps"]) as readonly PlainMap[];
const hasForm = (step: PlainMap): boolean => step["type"] !== undefined || stepsIn(step).some(hasForm);

function stepOf(findings: Findings, of: string, step: PlainMap): Record<string, unknown> {
  const requirement = textOf(step["requirement"]).toLowerCase();
  if (step["flow"] !== undefined)
    return { flow: step["flow"], requirement, steps: stepsIn(step).map((one) => stepOf(findings, of, one)) };
  const config = step["config"] as PlainMap | undefined;
  const settings = (config?.["config"] ?? {}) as PlainMap;
  const secrets = maskedIn(settings).map((name) => {
    findings.masked(`/flows/${pointerPart(of)}/steps`);
    return [name, findings.secret(of, textOf(config?.["alias"]), name)] as const;
  });
  const all = { ...telling(settings), ...Object.fromEntries(secrets) };
  return written({
    does: step["does"],
    requirement,
    config: config && written({ alias: config["alias"], settings: all }),
  });
}

/** `requiredActions` of the file. */
export function actionsOf(findings: Findings): Record<string, unknown> {
  return Object.fromEntries(
    [...findings.of("required-action")].map(([alias, fields]) => {
      const { taken, rest } = pick(fields, "alias", "name", "enabled", "defaultAction", "priority");
      const { name, enabled, defaultAction: everybody, priority } = taken;
      return [alias, written({ name, enabled, everybody, priority, raw: rest })];
    }),
  );
}

/** `profile` of the file. */
export function profileOf(findings: Findings): Record<string, unknown> {
  const settings = findings.of("profile-settings").get("profile") ?? {};
  const policies: Readonly<Record<string, string>> = {
    ...{ ADMIN_VIEW: "admin-view", ADMIN_EDIT: "admin-edit", ENABLED: "allowed" },
  };
  const attributes = [...findings.of("profile-builtin").keys()].map((name) => {
    const { taken, rest } = pick(
      findings.whole("profile-builtin").get(name) ?? {},
      ...["name", "displayName", "multivalued", "required", "permissions", "group", "validations", "annotations"],
    );
    const permissions = (taken["permissions"] ?? {}) as PlainMap;
    const entry = {
      displayName: taken["displayName"],
      several: taken["multivalued"],
      required: taken["required"],
      group: taken["group"],
      validations: taken["validations"],
      annotations: taken["annotations"],
      raw: rest,
    };
    // An empty list says something here: nobody may.
    return [name, { ...written(entry), view: permissions["view"] ?? [], edit: permissions["edit"] ?? [] }];
  });
  const groups = listOf(settings["groups"]).map((group) =>
    written({ name: group["name"], header: group["displayHeader"], description: group["displayDescription"] }),
  );
  return written({
    attributes: Object.fromEntries(attributes),
    unmanaged: policies[textOf(settings["unmanagedAttributePolicy"])],
    groups,
  });
}

/** `components` of the file: those that Keycloak did not put there itself, with what is under them. */
export function componentsOf(findings: Findings): Record<string, unknown> {
  const found = [...findings.of("component").keys()].map((key) => {
    const fields = findings.whole("component").get(key) ?? {};
    return { key, parent: fields["parent"] as Plain | undefined, fields };
  });
  const byType = (list: readonly (typeof found)[number][], under: string): Record<string, Record<string, unknown>> => {
    const types: Record<string, Record<string, unknown>> = {};
    for (const { key, fields } of list) {
      const [type, path] = splitKey(key);
      const parts = byType(
        found.filter((one) => one.parent === key),
        `${path}/`,
      );
      const entry = {
        provider: fields["providerId"],
        config: fields["config"],
        secrets: secretsOf(findings, key),
        parts,
      };
      types[type] = { ...types[type], [path.slice(under.length)]: written(entry) };
    }
    return types;
  };
  return byType(
    found.filter((one) => one.parent === undefined),
    "",
  );
}

function secretsOf(findings: Findings, key: string): Record<string, unknown> {
  const [type, path] = splitKey(key);
  return Object.fromEntries(
    findings.maskedIn("component", key).map((name) => {
      findings.masked(`/components/${pointerPart(type)}/${pointerPart(path)}/${pointerPart(name)}`);
      return [name, findings.secret(type, path, name)];
    }),
  );
}
