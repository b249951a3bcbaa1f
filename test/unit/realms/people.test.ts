import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret, systemClock, systemRandom } from "../../../src/core/index.ts";
import { type KeycloakConnection, peopleNamed } from "../../../src/realms/index.ts";
import { listen, stopServer } from "../../support/loopback.ts";

const given = (id: string, name: string) => ({
  id,
  username: `a-idp.${id}`,
  attributes: { upstream_username: [name] },
});
const people = [
  given("brien", "o'brien"),
  given("under", "o_brien"),
  given("umlaut", "J\u00f6rg M\u00fcller"),
  given("Upper", "ANN"),
  given("lower", "ann"),
  { id: "saml", username: "a-idp.eve@a.example", attributes: {} },
  { id: "bare", username: "somebody" },
];

/** Keycloak, as far as a list of people goes; `test/contract/realms-leaving.test.ts` asks a real one. */
const keycloak = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const isToken = request.url?.endsWith("/token") === true;
  response.end(JSON.stringify(isToken ? { access_token: "t", expires_in: 60 } : people));
});
let connection: KeycloakConnection;
beforeAll(async () => {
  const credentials = { kind: "password", username: "u", password: new Secret("p") } as const;
  connection = { url: `http://${await listen(keycloak)}`, realm: "master", credentials };
});
afterAll(() => stopServer(keycloak));

const find = (name: string) =>
  peopleNamed(connection, "r", { alias: "a-idp", name }, { clock: systemClock, random: systemRandom });

describe("Keycloak's people are found by the name that their identity provider gave", () => {
  test.each([
    ["o'brien", ["brien"]],
    ["o_brien", ["under"]],
    ["Jo\u0308rg Mu\u0308ller", ["umlaut"]],
    [" j\u00f6rg  m\u00fcller ", ["umlaut"]],
    ["ann", ["lower"]],
    ["Ann", ["Upper", "lower"]],
    ["Eve@a.example", ["saml"]],
    ["a-idp.eve@a.example", ["saml"]],
    ["nobody", []],
    ["brien", []],
  ])("%j", async (name, ids) => expect(await find(name)).toEqual(ids));
});
