import { isMap, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { profileBuiltinKind, profileOrderKind, profileSettingsKind } from "../kinds/profile.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** `profile` of the file. */
export function profileOf(source: ImportSource): Record<string, unknown> {
  const settings = source.changed(profileSettingsKind).get("profile")?.fields ?? {};
  const policies: Readonly<Record<string, string>> = {
    ...{ ADMIN_VIEW: "admin-view", ADMIN_EDIT: "admin-edit", ENABLED: "allowed" },
  };
  const whole = source.all(profileBuiltinKind);
  const attributes = [...source.changed(profileBuiltinKind).keys()].map((name) => [
    name,
    attributeOf(whole.get(name)?.fields ?? {}),
  ]);
  // Keycloak's own stand first in a new realm; where the others would come to stand nobody knows.
  const order = attributes.length > 0 ? source.all(profileOrderKind) : source.changed(profileOrderKind);
  const groups = settings["groups"];
  return {
    ...written({
      attributes: Object.fromEntries(attributes),
      order: order.get("profile")?.fields["order"],
      unmanaged: policies[textOf(settings["unmanagedAttributePolicy"])],
    }),
    // That there are none says something where a new realm has some.
    ...(groups !== undefined && { groups: listOf(groups).map((group) => headingOf(group as PlainMap)) }),
  };
}

function attributeOf(fields: PlainMap): Record<string, unknown> {
  const { taken, rest } = pick(
    fields,
    ...["name", "displayName", "multivalued", "required", "permissions", "group", "validations", "annotations"],
  );
  const permissions = (taken["permissions"] ?? {}) as PlainMap;
  const annotations = (taken["annotations"] ?? {}) as PlainMap;
  const isText = Object.values(annotations).every(isTextOrList);
  return {
    ...written({
      displayName: taken["displayName"],
      several: taken["multivalued"],
      group: taken["group"],
      validations: taken["validations"],
      annotations: isText ? annotations : undefined,
      // The format makes texts of numbers.
      raw: isText ? rest : { ...rest, annotations },
    }),
    // Without roles and scopes it is required of everybody, always.
    ...(taken["required"] !== undefined && { required: taken["required"] }),
    // An empty list says something here: nobody may.
    view: permissions["view"] ?? [],
    edit: permissions["edit"] ?? [],
  };
}

const isTextOrList = (value: Plain): boolean => typeof value === "string" || Array.isArray(value) || isMap(value);

const headingOf = (group: PlainMap): Record<string, unknown> =>
  written({
    name: group["name"],
    header: group["displayHeader"],
    description: group["displayDescription"],
    annotations: group["annotations"],
  });
