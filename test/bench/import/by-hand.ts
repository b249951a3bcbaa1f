import { atMost } from "../../../src/core/index.ts";
import { bearerFor } from "../realms/bare.ts";
import type { Representation } from "./realm.ts";

/** Keycloak's admin API with nothing around it. A token lives a minute: a new one is taken between two groups of calls. */
export interface ByHand {
  /** Makes a realm in one request, as Keycloak's own import does. */
  importWhole(realm: Representation): Promise<void>;
  /** Makes it object by object, four in flight. Answers how many requests it took. */
  makeBare(realm: Representation): Promise<number>;
  remove(realm: string): Promise<void>;
}

/** One Keycloak by hand. */
export function byHand(url: string, username: string, password: string): ByHand {
  let [bearer, until] = ["", 0];
  const token = async () => {
    if (performance.now() > until)
      [bearer, until] = [await bearerFor(url, username, password), performance.now() + 30_000];
    return bearer;
  };
  const send = async (method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    return answer.headers.get("location")?.split("/").at(-1) ?? "";
  };
  return {
    importWhole: async (realm) => {
      await token();
      await send("POST", "", realm);
    },
    makeBare: async ({ realm, enabled, roles, clientScopes, clients, groups }) => {
      const turn = atMost(4);
      let requests = 0;
      const make = (path: string, body: object) =>
        turn(() => {
          requests++;
          return send("POST", `/${realm}${path}`, body);
        });
      await send("POST", "", { realm, enabled });
      await Promise.all(roles.realm.map((role) => make("/roles", role)));
      await Promise.all(clientScopes.map((scope) => make("/client-scopes", scope)));
      await Promise.all(clients.map((client) => make("/clients", client)));
      await Promise.all(
        groups.map(async ({ subGroups, ...group }) => {
          const id = await make("/groups", group);
          await Promise.all(subGroups.map((child) => make(`/groups/${id}/children`, child)));
        }),
      );
      return requests + 1;
    },
    remove: async (realm) => {
      await send("DELETE", `/${realm}`);
    },
  };
}
