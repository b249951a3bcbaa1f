import { isMap, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { asFields, listOf, missing, type RealmAccess, type Representation, textOf } from "../access.ts";
import { parseGroupPath } from "../group-path.ts";
import { groupIdOf } from "../groups.ts";
import { formatRole, type RoleName } from "../role-name.ts";
import { inner, texts, withoutNulls } from "./kind.ts";
import { readRoleName, rolesOf } from "./role.ts";

/** Names in a policy's config that hold a list of names, as JSON. */
const names = ["users", "clients", "applyPolicies", "resources", "scopes"];
const isListName = (name: string): boolean =>
  names.includes(name) || ["roles", "groups", "clientScopes"].includes(name);

/** A policy with lists where Keycloak keeps JSON in a text, and with roles by client and name. */
export function decodedPolicy(policy: PlainMap, clients: ReadonlySet<string>): PlainMap {
  const config = Object.entries(inner(policy, "config")).map(([name, value]): [string, Plain] => {
    const list = listIn(value);
    if (list === undefined) return [name, value];
    if (name === "roles") {
      const roles = listOf(list).map((one) => ({
        ...{ role: formatRole(roleIn(textOf(one["id"]), clients)), required: one["required"] === true },
      }));
      return [name, roles];
    }
    if (name === "groups") {
      return [
        name,
        listOf(list).map((one) => ({ path: textOf(one["path"]), children: one["extendChildren"] === true })),
      ];
    }
    if (name === "clientScopes") {
      return [name, listOf(list).map((one) => ({ scope: textOf(one["id"]), required: one["required"] === true }))];
    }
    return isListName(name) ? [name, list as Plain] : [name, value];
  });
  return { ...policy, config: Object.fromEntries(config) };
}

function listIn(value: Plain | undefined): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(textOf(value));
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Keycloak writes `client/role` and `role`; both names may hold a slash: the longest client that there is counts. */
function roleIn(id: string, clients: ReadonlySet<string>): RoleName {
  for (let at = id.lastIndexOf("/"); at > 0; at = id.lastIndexOf("/", at - 1)) {
    const client = id.slice(0, at);
    if (clients.has(client)) return { client, role: id.slice(at + 1) };
  }
  return { role: id };
}

/**
 * A policy as Keycloak's import takes it. Roles and groups go by server id: it drops a name that it does not find without
 * a word, and then the policy is about nobody. Throws `Fault` for whatever is not there.
 */
export async function encodedPolicy(at: RealmAccess, doing: string, fields: PlainMap): Promise<PlainMap> {
  const config: Record<string, Plain> = fields["type"] === "user" ? { users: "[]" } : {};
  for (const [name, value] of Object.entries(inner(fields, "config"))) {
    // A list that is left out stays as it was.
    if (value !== null) config[name] = await encoded(at, doing, name, value);
    else if (isListName(name)) config[name] = "[]";
  }
  return { ...withoutNulls(fields), config };
}

async function encoded(at: RealmAccess, doing: string, name: string, value: Plain): Promise<Plain> {
  if (!Array.isArray(value)) return isMap(value) ? JSON.stringify(value) : String(value);
  const all = listOf(value);
  if (name === "roles") {
    const found = await rolesOf(
      at,
      doing,
      all.map((one) => readRoleName(textOf(one["role"]))),
    );
    return JSON.stringify(found.map(({ id }, i) => ({ id, required: all[i]?.["required"] === true })));
  }
  if (name === "groups") {
    const found = await Promise.all(all.map((one) => groupIn(at, doing, one)));
    return JSON.stringify(found);
  }
  if (name === "clientScopes") {
    return JSON.stringify(all.map((one) => ({ id: one["scope"], required: one["required"] === true })));
  }
  if (name === "users") for (const username of texts(value)) await person(at, doing, username);
  return JSON.stringify(value);
}

async function groupIn(at: RealmAccess, doing: string, one: Representation): Promise<PlainMap> {
  const id = await groupIdOf(at, doing, parseGroupPath(textOf(one["path"])));
  return asFields({ id, extendChildren: one["children"] === true });
}

async function person(at: RealmAccess, doing: string, username: string): Promise<void> {
  const query = { username, exact: true };
  const [found] = await at.list(`user ${username}`, ({ users }, realm) => users.find({ realm, ...query }));
  if (found !== undefined) return;
  throw missing(
    doing,
    `user "${username}"`,
    "Accounts are not made from files: make it first, or take it out of `users`",
  );
}

/** What no file says of a policy: people, and the code of a script. */
const noFiles = ["users", "code"];

/** A policy's config where the file says nothing: what no file says stays. */
export const unsaidConfig = (config: PlainMap): PlainMap =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      noFiles.includes(name) ? value : isListName(name) ? [] : null,
    ]),
  );
