import { formatKey, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import type { ComponentKey } from "../component-key.ts";
import { componentKind } from "../kinds/component.ts";
import { flowKind } from "../kinds/flow.ts";
import { profileBuiltinKind, profileSettingsKind } from "../kinds/profile.ts";
import { flowBindingsKind, realmKind } from "../kinds/realm.ts";
import { localizationKind, requiredActionKind } from "../kinds/texts.ts";
import { beyond, type ImportSource, maskedIn, pick, pointerPart, telling, written } from "./source.ts";

/** Parts of the realm's representation that are kinds of their own, or no settings at all. */
const elsewhere = [
  ...["realm", "keycloakVersion", "defaultRole", "defaultGroups", "requiredCredentials"],
  ...["scopeMappings", "clientScopeMappings"],
  ...["clientScopes", "defaultDefaultClientScopes", "defaultOptionalClientScopes", "components"],
  ...["identityProviders", "identityProviderMappers", "authenticationFlows", "authenticatorConfig"],
  ...["requiredActions", "localizationTexts", "supportedLocales", "defaultLocale", "internationalizationEnabled"],
  ...["browserFlow", "registrationFlow", "directGrantFlow", "resetCredentialsFlow", "clientAuthenticationFlow"],
  ...["dockerAuthenticationFlow", "firstBrokerLoginFlow", "displayName", "enabled"],
];

/** `settings` of the file: what differs from a new realm, in Keycloak's own words. */
export function settingsOf(source: ImportSource): Record<string, unknown> {
  const own = source.all(realmKind).get(source.realm)?.fields ?? {};
  const { rest } = pick(beyond(own, source.builtin(realmKind, source.realm) ?? {}), ...elsewhere);
  const mail = Object.fromEntries(
    source.maskedIn(realmKind, source.realm, "smtpServer").map((name) => {
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
  const realm = source.all(realmKind).get(source.realm)?.fields ?? {};
  const texts = [...source.all(localizationKind).values()].map(({ key, fields }) => [key, fields["texts"]]);
  return written({
    locales: realm["internationalizationEnabled"] === true ? realm["supportedLocales"] : undefined,
    default: realm["internationalizationEnabled"] === true ? realm["defaultLocale"] : undefined,
    texts: Object.fromEntries(texts),
  });
}

/** `bindings` of the file. */
export function bindingsOf(source: ImportSource): Record<string, unknown> {
  const bound = source.changed(flowBindingsKind).get(source.realm)?.fields ?? {};
  return Object.fromEntries(Object.entries(bound).map(([name, alias]) => [name.replace(/Flow$/, ""), alias]));
}

/** `flows` of the file. */
export function flowsOf(source: ImportSource): Record<string, unknown> {
  return Object.fromEntries(
    [...source.changed(flowKind).keys()].flatMap((alias) => {
      const fields = source.all(flowKind).get(alias)?.fields ?? {};
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
    [...source.changed(requiredActionKind).values()].map(({ key: alias, fields }) => {
      const { taken, rest } = pick(fields, "alias", "name", "enabled", "defaultAction", "priority");
      const { name, enabled, defaultAction: everybody, priority } = taken;
      return [alias, written({ name, enabled, everybody, priority, raw: rest })];
    }),
  );
}

/** `profile` of the file. */
export function profileOf(source: ImportSource): Record<string, unknown> {
  const settings = source.changed(profileSettingsKind).get("profile")?.fields ?? {};
  const policies: Readonly<Record<string, string>> = {
    ...{ ADMIN_VIEW: "admin-view", ADMIN_EDIT: "admin-edit", ENABLED: "allowed" },
  };
  const attributes = [...source.changed(profileBuiltinKind).keys()].map((name) => {
    const { taken, rest } = pick(
      source.all(profileBuiltinKind).get(name)?.fields ?? {},
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
  const whole = source.all(componentKind);
  const found = [...source.changed(componentKind)].map(([text, { key, fields }]) => {
    const all = whole.get(text)?.fields ?? fields;
    return { text, key, parent: all["parent"] as Plain | undefined, fields: all };
  });
  const byType = (list: readonly (typeof found)[number][], above: number): Record<string, Record<string, unknown>> => {
    const types: Record<string, Record<string, unknown>> = {};
    for (const { text, key, fields } of list) {
      const [type, { path }] = key;
      const parts = found.filter((one) => one.parent === text);
      const entry = {
        provider: fields["providerId"],
        config: fields["config"],
        secrets: secretsOf(source, key),
        parts: byType(parts, path.length),
      };
      types[type] = { ...types[type], [formatKey({ path: path.slice(above) })]: written(entry) };
    }
    return types;
  };
  return byType(
    found.filter((one) => one.parent === undefined),
    0,
  );
}

function secretsOf(source: ImportSource, key: ComponentKey): Record<string, unknown> {
  const [type, path] = key;
  const names = formatKey(path);
  return Object.fromEntries(
    source.maskedIn(componentKind, key).map((name) => {
      source.masked(`/components/${pointerPart(type)}/${pointerPart(names)}/${pointerPart(name)}`);
      return [name, source.secret(type, names, name)];
    }),
  );
}
