import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Fault, seconds, systemClock } from "../../../src/core/index.ts";
import { makeKey } from "../../../src/issuer/keys/stored-key.ts";
import { connectRealm } from "../../../src/relying-party/realm.ts";
import { listen, stopServer } from "../../support/loopback.ts";

let server: Server;
let address: string;
let claimedIssuer = "";
const clientKey = await makeKey("client", "active", systemClock);
beforeAll(async () => {
  server = createServer((_request, response) => {
    const metadata = {
      issuer: claimedIssuer,
      authorization_endpoint: `${address}/auth`,
      token_endpoint: `${address}/token`,
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
  });
  address = `http://${await listen(server)}/realms/scs`;
});
afterAll(() => stopServer(server));

/** Begins a sign-in at a realm whose metadata names this issuer. */
async function signIn(issuer: string): Promise<URL> {
  claimedIssuer = issuer;
  const options = { clientId: "cloudpass", scopes: ["openid"], allowInsecureLoopback: true, timeout: seconds(2) };
  const realm = connectRealm({
    issuer: "https://login.example",
    options: { ...options, issuer: address },
    clientKey: () => clientKey,
    clock: systemClock,
  });
  return realm.authorizationUrl({
    state: "s",
    nonce: "n",
    verifier: "v".repeat(43),
    through: { identityProvider: "a" },
    fresh: false,
  });
}

test("4.3: the metadata of the very issuer that was configured is used", async () => {
  expect((await signIn(address)).href).toContain(`${address}/auth?`);
});

test.each<[string, () => string]>([
  ["another issuer", () => "https://evil.example"],
  ["a slash more", () => `${address}/`],
  ["other letters", () => address.replace("scs", "SCS")],
  ["no issuer", () => ""],
])("4.3: the metadata of %s leads nobody anywhere", async (_what, issuer) => {
  await expect(signIn(issuer())).rejects.toThrow(Fault);
});
