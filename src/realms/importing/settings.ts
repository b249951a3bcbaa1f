import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { splitKey } from "../kinds/kind.ts";
import { beyond, type ImportSource, maskedIn, pick, pointerPart, telling, written } from "./source.ts";

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
export function settingsOf(source: ImportSource): Record<string, unknown> {
  const own = source.whole("realm").get(source.realm) ?? {};
  const { rest } = pick(beyond(own, source.builtin("realm", source.realm) ?? {}), ...elsewhere);
  const mail = Object.fromEntries(
    source.maskedIn("realm", source.realm, "smtpServer").map((name) => {
      source.masked(`/settings/smtpServer/${pointerPart(name)}`);
      return [name, source.secret("smtpServer", name)];
    }),
  );
  const smtpServer = written({ ...(rest["smtpServer"] as PlainMap | undefined), ...mail });
  const raw = written({ ...rest, smtpServer });
  return written({ displayName: own["displayName"], enabled: own["enabled"], raw });
}

/** `localization` of the file. */
export function localizationOf(source: ImportSource): Record<string, unknown> {
  const realm = source.whole("realm").get(source.realm) ?? {};
  const texts = [...source.whole("localization")].map(([locale, fields]) => [locale, fields["texts"]]);
  return written({
    locales: realm["internationalizationEnabled"] === true ? realm["supportedLocales"] : undefined,
    default: realm["internationalizationEnabled"] === true ? realm["defaultLocale"] : undefined,
    texts: Object.fromEntries(texts),
  });
}

/** `bindings` of the file. */
export function bindingsOf(source: ImportSource): Record<string, unknown> {
  const bound = source.of("flow-bindings").get(source.realm) ?? {};
  return Object.fromEntries(Object.entries(bound).map(([name, alias]) => [name.replace(/Flow$/, ""), alias]));
}

/** `flows` of the file. */
export function flowsOf(source: ImportSource): Record<string, unknown> {
  return Object.fromEntries(
    [...source.of("authentication-flow").keys()].flatMap((alias) => {
      const fields = source.whole("authentication-flow").get(alias) ?? {};
      const steps = listOf(fields["steps"]) as readonly PlainMap[];
      if (steps.some(hasForm)) {
        source.leave(`flow "${alias}": it holds a form, for which the format has no words`);
        return [];
      }
      const type = textOf(fields["providerId"]).replace(/-flow$/, "");
      const step = (one: PlainMap) => stepOf(source, alias, one);
      return [[alias, written({ description: fields["description"], type, steps: steps.map(step) })]];
    }),
  );
}

const stepsIn = (step: PlainMap) => listOf(step["steps"]) as readonly PlainMap[];
const hasForm = (step: PlainMap): boolean => step["type"] !== undefined || stepsIn(step).some(hasForm);

function stepOf(source: ImportSource, of: string, step: PlainMap): Record<string, unknown> {
  const requirement = textOf(step["requirement"]).toLowerCase();
  if (step["flow"] !== undefined)
    return { flow: step["flow"], requirement, steps: stepsIn(step).map((one) => stepOf(source, of, one)) };
  const config = step["config"] as PlainMap | undefined;
  const settings = (config?.["config"] ?? {}) as PlainMap;
  const secrets = maskedIn(settings).map((name) => {
    source.masked(`/flows/${pointerPart(of)}/steps`);
    return [name, source.secret(of, textOf(config?.["alias"]), name)] as const;
  });
  const all = { ...telling(settings), ...Object.fromEntries(secrets) };
  return written({
    does: step["does"],
    requirement,
    config: config && written({ alias: config["alias"], settings: all }),
  });
}

/** `requiredActions` of the file. */
export function actionsOf(source: ImportSource): Record<string, unknown> {
  return Object.fromEntries(
    [...source.of("required-action")].map(([alias, fields]) => {
      const { taken, rest } = pick(fields, "alias", "name", "enabled", "defaultAction", "priority");
      const { name, enabled, defaultAction: everybody, priority } = taken;
      return [alias, written({ name, enabled, everybody, priority, raw: rest })];
    }),
  );
}

/** `profile` of the file. */
export function profileOf(source: ImportSource): Record<string, unknown> {
  const settings = source.of("profile-settings").get("profile") ?? {};
  const policies: Readonly<Record<string, string>> = {
    ...{ ADMIN_VIEW: "admin-view", ADMIN_EDIT: "admin-edit", ENABLED: "allowed" },
  };
  const attributes = [...source.of("profile-builtin").keys()].map((name) => {
    const { taken, rest } = pick(
      source.whole("profile-builtin").get(name) ?? {},
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
export function componentsOf(source: ImportSource): Record<string, unknown> {
  const found = [...source.of("component").keys()].map((key) => {
    const fields = source.whole("component").get(key) ?? {};
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
        secrets: secretsOf(source, key),
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

function secretsOf(source: ImportSource, key: string): Record<string, unknown> {
  const [type, path] = splitKey(key);
  return Object.fromEntries(
    source.maskedIn("component", key).map((name) => {
      source.masked(`/components/${pointerPart(type)}/${pointerPart(path)}/${pointerPart(name)}`);
      return [name, source.secret(type, path, name)];
    }),
  );
}
