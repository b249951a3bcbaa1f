import type { Fields } from "../hand.ts";
import { differences } from "../oracle/differences.ts";
import { knownFields } from "./count.ts";
import { jsonNames } from "./named.ts";

/** An object of a kind, by what it is called in its realm. */
interface Represented {
  readonly kind: string;
  /** The names that lead to it. */
  readonly name: readonly string[];
  /** By what a note of the import would name it, if it is one of several: of a part of a flow, the whole flow. */
  readonly called?: string;
  readonly fields: Fields;
}

/** How a field came through, over all realms that were made again. */
export interface Measured {
  /** Texts of the values that came through. Two that differ show that the field travels, and is no default. */
  readonly kept: Set<string>;
  /** How many objects had another value afterwards. */
  lost: number;
  /** How many had, with a note of the import that names the object. */
  noted: number;
}

/** By kind and field. */
export type Measures = Map<string, Map<string, Measured>>;

/**
 * Notes which fields of a realm's objects are the same in the realm that was made again. Both are `comparable`; `notes` is
 * what the import says it leaves out.
 */
export function measure(measures: Measures, before: Fields, after: Fields, notes: readonly string[] = []): void {
  const again = new Map(representedIn(after).map((it) => [keyOf(it), it.fields]));
  for (const it of representedIn(before)) {
    const other = again.get(keyOf(it));
    if (other === undefined) continue;
    const isNoted = (field: string) => notes.some((note) => namesOf(it, field).some((name) => note.includes(name)));
    for (const field of new Set([...fieldsOf(it), ...Object.keys(it.fields), ...Object.keys(other)])) {
      const [value, now] = [it.fields, other].map((all) => (Object.hasOwn(all, field) ? all[field] : undefined));
      const measured = measuredAt(measures, it.kind, field);
      if (differences(value, now).length === 0) measured.kept.add(JSON.stringify(value) ?? "unset");
      else if (isNoted(field)) measured.noted++;
      else measured.lost++;
    }
  }
}

/** Fields that such an object has, said or not: that it is unset is a value, too. */
function fieldsOf({ kind, fields }: Represented): readonly string[] {
  const [prefix = ""] = /^.*\./.exec(Object.keys(fields)[0] ?? "") ?? [];
  return (knownFields()[kind] ?? []).map((field) => jsonNames[field] ?? field).filter((it) => it.startsWith(prefix));
}

const keyOf = ({ kind, name }: Represented): string => JSON.stringify([kind, ...name]);

function measuredAt(measures: Measures, kind: string, field: string): Measured {
  const fields = measures.get(kind) ?? new Map<string, Measured>();
  measures.set(kind, fields);
  const measured = fields.get(field) ?? { kept: new Set<string>(), lost: 0, noted: 0 };
  fields.set(field, measured);
  return measured;
}

/** How notes call fields of the realm itself. */
const inWords: Readonly<Record<string, string>> = { smtpServer: "at the mail server" };

/** What stands in a note about an object, or about this field of it. */
function namesOf({ kind, called }: Represented, field: string): readonly string[] {
  const word = kind === "realm" ? inWords[field] : undefined;
  if (word !== undefined) return [word];
  return called === undefined ? [] : [`.${called}.`, `"${called}"`, ` client ${called},`, ` ${called}:`];
}

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Entries of what is a map or a list of maps; nothing for what is neither. */
const entries = (value: unknown): readonly (readonly [string, Fields])[] =>
  isMap(value) || Array.isArray(value)
    ? Object.entries(value).filter((it): it is [string, Fields] => isMap(it[1]))
    : [];

type Walk = (value: unknown, ...at: readonly string[]) => Represented[];
type Within = (fields: Fields, ...at: readonly string[]) => Represented[];

/** All objects of a kind in a map of them, and what is within each. */
const each =
  (kind: string, prefix = "", within: Within = () => []): Walk =>
  (value, ...at) =>
    entries(value).flatMap(([called, fields]) => {
      const name = [...at, called];
      return [{ ...one(kind, fields, name, prefix), called }, ...within(fields, ...name)];
    });

const one = (kind: string, fields: Fields, name: readonly string[], prefix = ""): Represented => ({
  ...{ kind, name },
  fields: Object.fromEntries(Object.entries(fields).map(([field, it]) => [`${prefix}${field}`, it])),
});

const mappers = each("protocol mapper");
const groups: Walk = each("group", "", (it, ...at) => groups(it["subGroups"], ...at));
const components: Walk = each("component", "", (it, ...at) =>
  entries(it["subComponents"]).flatMap(([type, list]) => components(list, ...at, type)),
);

const authorization: Within = (settings, ...at) => [
  one("authorization services", settings, at, "ResourceServer."),
  ...each("authorization services", "Resource.")(settings["resources"], ...at, "resources"),
  ...each("authorization services", "Scope.")(settings["scopes"], ...at, "scopes"),
  ...each("authorization services", "Policy.")(settings["policies"], ...at, "policies"),
];

const profileAttribute: Within = (it, ...at) =>
  (["permissions", "required", "selector"] as const).flatMap((member) => {
    const prefix = `UPAttribute${member.replace(/^./, (c) => c.toUpperCase())}.`;
    return isMap(it[member]) ? [one("user profile", it[member], [...at, member], prefix)] : [];
  });

const policies = (apart: Fields): Represented[] => {
  const kind = "client policies";
  const parts =
    (member: string, prefix: string): Within =>
    (it, ...at) =>
      each(kind, prefix)(it[member], ...at);
  const [all, profiles] = [apart["policies"] as Fields, apart["profiles"] as Fields];
  return [
    one(kind, all, ["policies"], "ClientPolicies."),
    one(kind, profiles, ["profiles"], "ClientProfiles."),
    ...each(kind, "ClientPolicy.", parts("conditions", "ClientPolicyCondition."))(all["policies"], "policy"),
    ...each(kind, "ClientProfile.", parts("executors", "ClientPolicyExecutor."))(profiles["profiles"], "profile"),
  ];
};

/** Flows and their steps. An export has flows within others beside them. */
function flows(all: unknown): Represented[] {
  const above = new Map(
    entries(all).flatMap(([alias, flow]) =>
      entries(flow["authenticationExecutions"]).map(([, step]) => [step["flowAlias"], alias] as const),
    ),
  );
  const topOf = (alias: string): string => {
    const parent = above.get(alias);
    return parent === undefined ? alias : topOf(parent);
  };
  const found = each("flow", "", (it, ...at) => each("step of a flow")(it["authenticationExecutions"], ...at))(all);
  return found.map((one) => ({ ...one, called: topOf(one.name[0] ?? "") }));
}

/** All objects of a comparable realm whose fields the reference counts. */
function representedIn(realm: Fields): Represented[] {
  const apart = realm["apart"] as Fields;
  const roles = realm["roles"] as { readonly realm?: unknown; readonly client?: unknown } | undefined;
  const profile = apart["profile"] as Fields;
  return [
    one("realm", realm, []),
    ...each("client", "", (it, ...at) => mappers(it["protocolMappers"], ...at))(realm["clients"], "clients"),
    ...each("client scope", "", (it, ...at) => mappers(it["protocolMappers"], ...at))(realm["clientScopes"], "scopes"),
    ...each("role")(roles?.realm, "realm"),
    ...entries(roles?.client).flatMap(([client, list]) => each("role")(list, "client", client)),
    ...groups(realm["groups"]),
    ...each("identity provider")(realm["identityProviders"]),
    ...each("identity provider mapper")(realm["identityProviderMappers"]),
    ...flows(realm["authenticationFlows"]),
    ...each("configuration of a step")(realm["authenticatorConfig"]),
    ...entries(realm["components"]).flatMap(([type, list]) => components(list, type)),
    ...each("organization", "Organization.", (it, ...at) =>
      each("organization", "OrganizationDomain.")(it["domains"], ...at),
    )(apart["organizations"]),
    one("user profile", profile, ["profile"], "UPConfig."),
    ...each("user profile", "UPAttribute.", profileAttribute)(profile["attributes"], "attribute"),
    ...each("user profile", "UPGroup.")(profile["groups"], "group"),
    ...each("required action")(apart["requiredActions"]),
    ...entries(apart["clients"]).flatMap(([id, it]) =>
      isMap(it["authorization"]) ? authorization(it["authorization"], id) : [],
    ),
    ...policies(apart),
  ];
}
