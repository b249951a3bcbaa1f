import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/index.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { hideReferences } from "../../../src/realms/desired/hide-references.ts";
import { desiredRealm } from "../../../src/realms/desired/realm.ts";
import { realmDriver } from "../../../src/realms/driver.ts";
import { heldReference } from "../../../src/realms/format/open-places.ts";
import { secretName } from "../../../src/realms/format/secrets.ts";
import { bare, loadTexts, realmOf } from "./kit.ts";

/** A realm with these clients, that keeps what it is asked to make, in order. */
function keycloakWith(...clientIds: readonly string[]) {
  const made: unknown[] = [];
  const keep = async (what: unknown) => void made.push(what);
  let attributes: unknown = {};
  const client = {
    realms: {
      findOne: async () => ({ attributes }),
      update: async (_realm: unknown, body: { attributes: unknown }) => {
        attributes = body.attributes;
      },
    },
    clients: {
      find: async ({ clientId }: { clientId: string }) =>
        clientIds.includes(clientId) ? [{ id: `id of ${clientId}`, clientId }] : [],
      addProtocolMapper: ({ id }: { id: string }, { name }: { name: string }) => keep([id, name]),
      createRole: ({ id, name }: { id: string; name: string }) => keep([id, name]),
      findRole: async ({ id, roleName }: { id: string; roleName: string }) => ({ id: `${id}: ${roleName}` }),
    },
  } as unknown as KeycloakAdminClient;
  const keycloak: Keycloak = {
    call: async (_operation, _manner, request) => (await request(client)) ?? undefined,
    ...{ forgetToken: () => {}, nonce: () => "n", sent: () => 0 },
  };
  return { keycloak, made };
}

/** Makes all resources of a kind that a file wants, and answers what Keycloak was asked for. */
async function makeAll(kind: string, file: string, ...clientIds: readonly string[]): Promise<unknown[]> {
  const { keycloak, made } = keycloakWith(...clientIds);
  const driver = realmDriver(keycloak, "x");
  const desired = await desiredRealm(realmOf(bare(file)), () => Promise.reject(new Error("nobody is asked")));
  for (const resource of desired.filter((r) => r.kind === kind)) await driver.create(resource);
  return made;
}

describe("a name with a blank in it", () => {
  it("of a client is the whole owner of its mapper, not its first word", async () => {
    const file = "clients: {my app: {template: custom, mappers: {of person: {type: audience, client: app}}}}";
    expect(await makeAll("client-mapper", file, "my", "my app")).toEqual([["id of my app", "of person"]]);
  });

  it("of a client is the whole owner of its roles, too", async () => {
    const file = "roles: {clients: {a: {b c: {}}, a b: {c: {}}}}";
    expect(await makeAll("client-role", file, "a", "a b")).toEqual([
      ["id of a", "b c"],
      ["id of a b", "c"],
    ]);
  });

  it("does not make one of two roles of two clients", () => {
    const loaded = loadTexts([bare("roles: {clients: {a: {b c: {}}, a b: {c: {}}}}")]);
    expect(loaded).toMatchObject({ ok: true });
  });
});

describe("a secret among the fields", () => {
  it("is not lost where the name of another, with a dot in it, reads like its own", () => {
    const [one, other] = [{ env: "ONE" }, { env: "OTHER" }];
    const secrets = { [secretName(one)]: new Secret("1"), [secretName(other)]: new Secret("2") };
    const fields = { attributes: { "a.b": heldReference(one), a: { b: heldReference(other) } } };
    const hidden = hideReferences("x", secrets, { kind: "client", key: "c", fields });
    expect(Object.values(hidden.secrets ?? {}).map(({ at, value }) => [at, value.reveal()])).toEqual([
      [["attributes", "a.b"], "1"],
      [["attributes", "a", "b"], "2"],
    ]);
  });
});
