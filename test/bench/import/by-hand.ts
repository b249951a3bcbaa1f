import { atMost } from "../../../src/core/index.ts";
import { keycloakAdmin } from "../../support/keycloak-admin.ts";
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
  const { call } = keycloakAdmin(url, username, password);
  return {
    importWhole: async (realm) => {
      await call("POST", "", realm);
    },
    makeBare: async ({ realm, enabled, roles, clientScopes, clients, groups }) => {
      const turn = atMost(4);
      let requests = 0;
      const make = (path: string, body: object) =>
        turn(() => {
          requests++;
          return call("POST", `/${realm}${path}`, body);
        });
      await call("POST", "", { realm, enabled });
      await Promise.all(roles.realm.map((role) => make("/roles", role)));
      await Promise.all(clientScopes.map((scope) => make("/client-scopes", scope)));
      await Promise.all(clients.map((client) => make("/clients", client)));
      await Promise.all(
        groups.map(async ({ subGroups, ...group }) => {
          const id = String(await make("/groups", group));
          await Promise.all(subGroups.map((child) => make(`/groups/${id}/children`, child)));
        }),
      );
      return requests + 1;
    },
    remove: async (realm) => {
      await call("DELETE", `/${realm}`);
    },
  };
}
