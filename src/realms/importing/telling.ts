import { isMap, type KindRule, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { mask } from "../held-secrets.ts";
import type { Kind } from "../kinds/kind.ts";
import { nobodys } from "../kinds/unsaid.ts";
import { isOwnMark } from "../markers.ts";

/** Members that Keycloak writes by itself into whatever has them: ids, counts, times, servers that registered. They say nothing about what is wanted. */
const keycloaksOwn: ReadonlySet<string> = new Set([
  ...["id", "internalId", "containerId", "parentId", "access", "types", "organizationId", "path", "subGroups"],
  ...["subGroupCount", "clientRole", "composite", "createdTimestamp", "registeredNodes"],
]);

/** What of an object is a kind of its own. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  client: ["defaultClientScopes", "optionalClientScopes"],
};

/** True for a masked secret, alone or in a list. */
const isMask = (value: Plain | undefined): boolean =>
  value === mask || (Array.isArray(value) && value.length === 1 && value[0] === mask);

/** Names of what is masked in a map. */
export const maskedIn = (map: Plain | undefined): string[] =>
  Object.entries(isMap(map) ? map : {}).flatMap(([name, value]) => (isMask(value) ? [name] : []));

/** True for what is as good as not there. */
const isNothing = (value: Plain | undefined): boolean =>
  value === undefined || value === null || value === "" || (typeof value === "object" && isBare(value));
const isBare = (value: object): boolean => Object.keys(value).length === 0;

/** What of a kind must be known to tell what its objects say. */
type Telling = Pick<Kind, "keycloaksOwn"> & { readonly rule: KindRule };

/**
 * The members of an object that say something: nothing that Keycloak or we wrote there, and no masked secret; in the order
 * of their names. Within a map every entry counts, also an empty one: a check without settings is a check.
 */
export function telling(
  fields: PlainMap,
  { rule: { kind, lists = {} }, keycloaksOwn: within = {} }: Telling,
): PlainMap {
  // Of texts for people each counts, whatever it is called and says.
  if (kind === "localization") return fields;
  return sortedMap(
    Object.entries(fields).flatMap(([name, value]): [string, Plain][] => {
      if (keycloaksOwn.has(name) || elsewhere[kind]?.includes(name) || isMask(value)) return [];
      if (Array.isArray(value) && lists[name] === "set") return [[name, sortedSet(value)]];
      if (isMap(value)) return [[name, inside(value, within[name] ?? nobodys)]];
      return [[name, value]];
    }),
  );
}

const sortedSet = (list: readonly Plain[]): readonly Plain[] =>
  [...list].sort((a, b) => (asText(a) < asText(b) ? -1 : 1));

/** The same of a map within an object. */
export const tellingInside = (map: PlainMap): PlainMap => inside(map, nobodys);

const inside = (map: PlainMap, isKeycloaks: (name: string) => boolean): PlainMap =>
  sortedMap(
    Object.entries(map).flatMap(([name, value]): [string, Plain][] => {
      if (isKeycloaks(name) || isOwnMark(name) || isMask(value) || value === null) return [];
      return [[name, isMap(value) ? inside(value, nobodys) : value]];
    }),
  );

/** The same for a member; of some, that they are there says something without any detail. */
const saysNothing = (value: Plain | undefined, path: readonly string[], { kind, present }: KindRule): boolean =>
  isNothing(value) && !(isMap(value) && present?.(path) === true) && !(value === "" && isKept(path, kind));

/** Where Keycloak keeps an empty text apart from none: the name of an identity provider, maps of the realm. */
const isKept = ([member, ...inside]: readonly string[], kind: string): boolean =>
  (kind === "identity-provider" && member === "displayName") ||
  (kind === "realm" && (member === "attributes" || member === "smtpServer") && inside.length === 1);

/** Without what is as good as not there. */
export const saying = (fields: PlainMap, rule: KindRule): PlainMap =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => !saysNothing(value, [name], rule)));

const sortedMap = (entries: readonly (readonly [string, Plain])[]): PlainMap =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** Kinds of which the order of a list says something. */
const ordered: ReadonlySet<string> = new Set(["authentication-flow", "builtin-flow", "profile-order"]);

/**
 * What of `map` is not the same in `base`, in words that bring it about: what `base` has and `map` has not is `null`, of a
 * list nothing.
 */
export function beyond(map: PlainMap, base: PlainMap, rule: KindRule, above: readonly string[] = []): PlainMap {
  const names = [...new Set([...Object.keys(map), ...Object.keys(base)])].sort();
  return Object.fromEntries(
    names.flatMap((name): [string, Plain][] => {
      const [value, before] = [own(map, name), own(base, name)];
      const path = [...above, name];
      if (saysNothing(value, path, rule) && saysNothing(before, path, rule)) return [];
      if (value === undefined && rule.present?.(path)) return [[name, null]];
      if (isMap(before) && (value === undefined || isMap(value))) {
        const differing = beyond(value ?? {}, before, rule, path);
        return isBare(differing) ? [] : [[name, differing]];
      }
      // Keycloak answers most lists in another order each time.
      const isSet = !ordered.has(rule.kind);
      if (asText(value, isSet) === asText(before, isSet)) return [];
      return [[name, value ?? (Array.isArray(before) ? [] : null)]];
    }),
  );
}

/** What a change takes away, and the maps on the way to it. */
export const nothingsIn = (changed: PlainMap): PlainMap =>
  Object.fromEntries(
    Object.entries(changed).flatMap(([name, value]): [string, Plain][] => {
      if (value === null) return [[name, value]];
      const inside = isMap(value) ? nothingsIn(value) : {};
      return isBare(inside) ? [] : [[name, inside]];
    }),
  );

const own = (map: PlainMap, name: string): Plain | undefined => (Object.hasOwn(map, name) ? map[name] : undefined);

/** As text, with maps in any order; a set, too. */
function asText(value: Plain | undefined, isSet = false): string {
  if (Array.isArray(value)) {
    const items = value.map((item: Plain) => asText(item));
    return JSON.stringify(isSet ? items.sort() : items);
  }
  if (!isMap(value)) return JSON.stringify(value ?? null);
  return JSON.stringify(
    Object.entries(value)
      .map(([name, inner]) => [name, asText(inner)])
      .sort(),
  );
}
