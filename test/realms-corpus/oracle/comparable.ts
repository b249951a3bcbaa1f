import { knownFields } from "../fields/count.ts";
import type { Fields } from "../hand.ts";
import {
  emptyIsNone,
  emptyMapIsNone,
  leftOut,
  leftOutAttributes,
  leftOutBeginnings,
  leftOutIn,
  type MayDiffer,
  numbering,
  ordered,
  sameAsUnset,
} from "./may-differ.ts";

/** By these members an object is called in differences, the first that it has. */
const names = ["clientId", "alias", "name", "client", "clientScope", "locale"];

/** What was read of a realm, without what may differ, and with lists of named objects as maps. */
export function comparable(whole: Fields): Fields {
  const { export: exported, apart } = structuredClone(whole) as { export: Fields; apart: Fields };
  takeOver(exported, apart);
  return { ...(tidy(exported, "") as Fields), apart: tidy(apart, "apart") };
}

/** What is read apart, in full, need not be compared twice. */
function takeOver(exported: Fields, apart: Fields): void {
  delete exported["users"];
  withoutMirrors(exported);
  nameFlows(exported);
  const components = exported["components"] as Fields | undefined;
  delete components?.["org.keycloak.userprofile.UserProfileProvider"];
  const flows = (exported["authenticationFlows"] ?? []) as { authenticationExecutions?: Fields[] }[];
  for (const { authenticationExecutions: steps = [] } of flows) steps.sort(byPriority);
  (apart["requiredActions"] as Fields[]).sort(byPriority);
  delete exported["requiredActions"];
  const clients = apart["clients"] as Fields[];
  for (const client of clients) delete client["attributes"];
  maskSecrets(clients);
}

/** Clients name flows by id: compared are their aliases. */
function nameFlows(exported: Fields): void {
  const flows = (exported["authenticationFlows"] ?? []) as readonly Fields[];
  const aliases = new Map(flows.map((flow) => [flow["id"], flow["alias"]]));
  for (const client of (exported["clients"] ?? []) as readonly Fields[]) {
    const bound = (client["authenticationFlowBindingOverrides"] ?? {}) as Fields;
    for (const [use, id] of Object.entries(bound)) bound[use] = aliases.get(id) ?? id;
  }
}

/** Some of a realm's attributes are its members once more: Keycloak adds them when somebody writes the realm. */
function withoutMirrors(exported: Fields): void {
  const attributes = (exported["attributes"] ?? {}) as Fields;
  for (const member of knownFields()["realm"] ?? []) delete attributes[member];
}

const byPriority = (a: Fields, b: Fields): number => Number(a["priority"]) - Number(b["priority"]);

/** Which clients have the same secret may be shown; the secret may not. */
function maskSecrets(clients: Fields[]): void {
  const holders = Map.groupBy(clients, (client) => client["secret"]);
  for (const client of clients) {
    const others = holders.get(client["secret"])?.filter((it) => it !== client) ?? [];
    client["secret"] =
      client["secret"] === undefined ? undefined : ["as of", ...others.map((it) => it["clientId"])].join(" ");
  }
}

/** A value under the name `member` of an object that stands in the list `above`; or, without a name, one in a `list`. */
function tidy(value: unknown, member: string, list = "", above = ""): unknown {
  if (Array.isArray(value)) return tidyList(value, member);
  if (typeof value === "string" && namesAsText.has(member)) return sortedNames(value);
  if (typeof value !== "object" || value === null) return value;
  const place = (name: string) => `${list || member} › ${name}`;
  const mapOfTexts = above === "" ? member : `${above} › ${member}`;
  const kept = Object.entries(value).filter(([name]) => !isLeftOut(name, member) && !isIn(leftOutIn, place(name)));
  const tidied = kept.map(([name, it]) => [name, withoutBeginning(name, tidy(it, name, "", list))] as const);
  const isNone = (name: string, it: unknown) =>
    isUnset(name, it, list) ||
    (it === "" && isIn(emptyIsNone, mapOfTexts)) ||
    (JSON.stringify(it) === "{}" && [name, "*"].some((one) => isIn(emptyMapIsNone, place(one))));
  return Object.fromEntries(tidied.filter(([name, it]) => !isNone(name, it) && !wasMarks(name, it, value)));
}

const isIn = (those: Readonly<Record<string, MayDiffer>>, name: string): boolean => Object.hasOwn(those, name);

/** Members of a policy's configuration that hold a set of names as JSON. */
const namesAsText: ReadonlySet<string> = new Set([
  "applyPolicies",
  "scopes",
  "resources",
  "roles",
  "groups",
  "clients",
]);

function sortedNames(text: string): string {
  if (!text.startsWith("[")) return text;
  return JSON.stringify((JSON.parse(text) as unknown[]).sort(byText));
}

function withoutBeginning(name: string, value: unknown): unknown {
  const beginning = Object.hasOwn(leftOutBeginnings, name) ? leftOutBeginnings[name]?.text : undefined;
  if (beginning === undefined || typeof value !== "string" || !value.startsWith(beginning)) return value;
  return value.slice(beginning.length).trimStart();
}

/** Annotations that held nothing but marks were none before. */
const wasMarks = (name: string, it: unknown, before: object): boolean =>
  name === "annotations" && JSON.stringify(it) === "{}" && JSON.stringify((before as Fields)["annotations"]) !== "{}";

function isUnset(name: string, value: unknown, list: string): boolean {
  const unset = Object.hasOwn(sameAsUnset, name) ? sameAsUnset[name] : undefined;
  return unset !== undefined && (unset.in === "" || unset.in === list) && unset.value === value;
}

function isLeftOut(name: string, member: string): boolean {
  // Maps of an operator's own names: "id" and "priority" are nothing special there.
  if (member === "attributes" || member === "config" || member === "annotations") {
    return Object.keys(leftOutAttributes).some((beginning) => name.startsWith(beginning));
  }
  if (Object.hasOwn(leftOut, name)) return true;
  return Object.hasOwn(numbering, name);
}

function tidyList(list: readonly unknown[], member: string): unknown {
  const tidied = list.map((it) => tidy(it, "", member));
  if (ordered.has(member)) return tidied;
  const keyed = tidied.map((it) => [nameOf(it), it] as const);
  if (keyed.length === 0 || keyed.some(([name]) => name === undefined)) return tidied.sort(byText);
  const map: Fields = Object.create(null);
  for (const [name, it] of keyed.sort((a, b) => byText(a[1], b[1]))) {
    let key = String(name);
    for (let nth = 2; Object.hasOwn(map, key); nth++) key = `${String(name)} (${nth})`;
    map[key] = it;
  }
  return map;
}

function nameOf(it: unknown): string | undefined {
  if (typeof it !== "object" || it === null) return undefined;
  const fields = it as Fields;
  const member = names.find((name) => typeof fields[name] === "string");
  return member === undefined ? undefined : String(fields[member]);
}

const byText = (a: unknown, b: unknown): number => {
  const [left, right] = [JSON.stringify(a) ?? "", JSON.stringify(b) ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
};
