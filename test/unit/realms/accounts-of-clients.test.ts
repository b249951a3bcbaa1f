import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { expect, it } from "vitest";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { readServiceAccounts } from "../../../src/realms/roles.ts";

it("the account of the client of administrators' permissions is not asked for: Keycloak would make one", async () => {
  const asked: string[] = [];
  const client = {
    clients: { getServiceAccountUser: async ({ id }: { id: string }) => void asked.push(id) },
    users: { listRoleMappings: async () => ({}), listGroups: async () => [] },
  } as unknown as KeycloakAdminClient;
  const keycloak: Keycloak = {
    call: async (_operation, _manner, request) => (await request(client)) ?? undefined,
    ...{ forgetToken: () => {}, nonce: () => "n", sent: () => 0 },
  };
  const clients = ["admin-permissions", "robot"].map((clientId) => ({
    ...{ id: `id of ${clientId}`, clientId, serviceAccountsEnabled: true },
  }));
  await readServiceAccounts(realmAccess(keycloak, "x"), clients, new Map(), () => true);
  expect(asked).toEqual(["id of robot"]);
});
