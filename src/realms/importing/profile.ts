import { isMap, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { profileAttributeKind, profileBuiltinKind, profileOrderKind, profileSettingsKind } from "../kinds/profile.ts";
import { type ImportSource, pick, written } from "./source.ts";
import { nothingsIn } from "./telling.ts";

/** `profile` of the file. */
export function profileOf(source: ImportSource): Record<string, unknown> {
  const settings = source.changed(profileSettingsKind).get("profile")?.fields ?? {};
  const policies: Readonly<Record<string, string>> = {
    ...{ ADMIN_VIEW: "admin-view", ADMIN_EDIT: "admin-edit", ENABLED: "allowed" },
  };
  // Of a realm that was read each of the two kinds may show all attributes.
  const whole = new Map(source.all(profileAttributeKind));
  const changed = new Map([...source.changed(profileAttributeKind), ...changedBuiltins(source)]);
  for (const [name, found] of source.all(profileBuiltinKind)) whole.set(name, { ...found, key: name });
  const attributes = [...changed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { fields }]) => [name, attributeOf(whole.get(name)?.fields ?? {}, fields)]);
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

const changedBuiltins = (source: ImportSource) =>
  [...source.changed(profileBuiltinKind)].map(([name, { fields }]) => [name, { key: name, fields }] as const);

/** `changed`: of an attribute that every realm has what is otherwise here, with what was taken away. */
function attributeOf(fields: PlainMap, changed: PlainMap): Record<string, unknown> {
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
      // The format makes texts of numbers, and has no word for what was taken away.
      raw: { ...rest, ...(!isText && { annotations }), ...nothingsIn(withoutRequired(changed)) },
    }),
    // Without roles and scopes it is required of everybody, always.
    ...(taken["required"] !== undefined && { required: taken["required"] }),
    ...(changed["required"] === null && { required: false }),
    // An empty list says something here: nobody may.
    view: permissions["view"] ?? [],
    edit: permissions["edit"] ?? [],
  };
}

const withoutRequired = ({ required: _required, ...others }: PlainMap): PlainMap => others;

const isTextOrList = (value: Plain): boolean => typeof value === "string" || Array.isArray(value) || isMap(value);

const headingOf = (group: PlainMap): Record<string, unknown> =>
  written({
    name: group["name"],
    header: group["displayHeader"],
    description: group["displayDescription"],
    annotations: group["annotations"],
  });
