import { formatKey, type Identity, type Key } from "../../reconcile/index.ts";
import { componentPath } from "../component-key.ts";
import { parseGroupPath } from "../group-path.ts";
import type { RealmIdentity } from "../identity.ts";
import { builtInAttributes, builtInFlows } from "./known.ts";

/** A field of a resource (or all of it, if `path` is empty) as the engine knows it. */
type Pointed = RealmIdentity & { readonly path: readonly string[] };

/** Sections whose names are the keys of their resources. */
const plain = {
  clients: "client",
  clientScopes: "client-scope",
  organizations: "organization",
  upstreams: "identity-provider",
  flows: "authentication-flow",
  requiredActions: "required-action",
  localization: "localization",
  clientProfiles: "client-profile",
  workflows: "workflow",
  clientPolicies: "client-policy",
} as const;

const mappers = {
  clients: "client-mapper",
  clientScopes: "client-scope-mapper",
  upstreams: "upstream-mapper",
} as const;

/**
 * What a JSON pointer (RFC 6901) of `ignore` names: `/settings/<field…>`, `/clients/<id>/<field…>`,
 * `/clients/<id>/mappers/<name>/<field…>`, `/groups/<a~1b>/<field…>`, `/roles/realm/<name>/<field…>`,
 * `/organizations/<id>/groups/<a~1b>/<field…>`,
 * `/components/<type>/<name>/<field…>`. Fields are those of Keycloak's representation. `undefined`: nothing.
 */
export function pointed(pointer: string, realm: string): Pointed | undefined {
  const [section = "", ...rest] = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [first, second, third, ...more] = rest;
  const past = (n: number) => rest.slice(n);
  if (first === undefined) return undefined;
  if (section === "settings") return { kind: "realm", key: realm, path: rest };
  if (second === "mappers" && third !== undefined) {
    const kind = under(mappers, section);
    return kind === undefined ? undefined : { kind, key: [first, third], path: more };
  }
  if (section === "organizations" && second === "groups" && third !== undefined)
    return { kind: "organization-group", key: [first, parseGroupPath(third)], path: more };
  const kind = under(plain, section);
  if (kind === "authentication-flow" && builtInFlows.includes(first))
    return { kind: "builtin-flow", key: first, path: past(1) };
  if (kind !== undefined) return { kind, key: first, path: past(1) };
  if (section === "groups") return { kind: "group", key: parseGroupPath(first), path: past(1) };
  if (second === undefined) return undefined;
  if (section === "profile" && first === "attributes") {
    const kind = builtInAttributes.includes(second) ? "profile-builtin" : "profile-attribute";
    return { kind, key: second, path: past(2) };
  }
  if (section === "components") return { kind: "component", key: [first, componentPath(second)], path: past(2) };
  if (section !== "roles") return undefined;
  if (first === "realm") return { kind: "realm-role", key: second, path: past(2) };
  return first === "clients" && third !== undefined
    ? { kind: "client-role", key: [second, third], path: more }
    : undefined;
}

/** Kinds of what Keycloak makes by itself and lets be deleted (its clients it does not), with the beginning of their pointers. */
const removable: Readonly<Record<string, (key: Key) => readonly string[]>> = {
  "client-mapper": (key) => ["clients", textOf(key, 0), "mappers", textOf(key, 1)],
  "client-scope": (key) => ["clientScopes", textOf(key)],
  "client-scope-mapper": (key) => ["clientScopes", textOf(key, 0), "mappers", textOf(key, 1)],
  "realm-role": (key) => ["roles", "realm", textOf(key)],
  "client-role": (key) => ["roles", "clients", textOf(key, 0), textOf(key, 1)],
  "required-action": (key) => ["requiredActions", textOf(key)],
  component: (key) => ["components", textOf(key, 0), textOf(key, 1)],
  "profile-builtin": (key) => ["profile", "attributes", textOf(key)],
};
/** Keycloak refuses a profile without them. */
const mandatory: readonly Key[] = ["username", "email"];

const textOf = (key: Key, part?: number): string => {
  const one = part === undefined ? key : (key as readonly Key[])[part];
  return one === undefined ? "" : formatKey(one);
};

/** What a pointer of `absent` names: something whole that can be deleted. `undefined`: nothing. */
export function pointedWhole(pointer: string, realm: string): RealmIdentity | undefined {
  const to = pointed(pointer, realm);
  if (to === undefined || to.path.length > 0 || under(removable, to.kind) === undefined) return undefined;
  if (to.kind === "profile-builtin" && mandatory.includes(to.key)) return undefined;
  const { path: _path, ...it } = to;
  return it;
}

/** The pointer to something for `absent`; `undefined` for what none can name. */
export function pointerTo({ kind, key }: Identity): string | undefined {
  const parts = under(removable, kind)?.(key);
  return parts?.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const under = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;
