import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Fault, makeSeal, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import { createLogoutTokenVerifier } from "../../../src/relying-party/logout/logout-token.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { heldClock } from "../../support/held-clock.ts";

const answers: Record<string, [status: number, body: string]> = {
  "/down": [500, "{}"],
  "/page": [200, "<html>Sign in to the network</html>"],
  "/other": [200, '{"error":"maintenance"}'],
};
const server = createServer((req, res) => {
  const [status, body] = answers[req.url ?? ""] ?? [404, ""];
  res.writeHead(status, { "content-type": "application/json" }).end(body);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => server.close());

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each(["/down", "/page", "/other", "/gone"])(
  "S-31: with keys that cannot be read (%s) no logout token is called wrong: it may be sent again",
  async (path) => {
    const clock = heldClock();
    const store = createMemoryStore({ clock, random: systemRandom });
    const options = { issuer: "https://kc.example", clientId: "cloudpass", timeout: seconds(2) };
    const deps = { options, store, clock, seal: makeSeal(new Secret("m".repeat(48)), systemRandom) };
    const { port } = server.address() as AddressInfo;
    const verifyLogoutToken = createLogoutTokenVerifier(
      deps as never,
      async () => new URL(`http://127.0.0.1:${port}${path}`),
    );
    await expect(verifyLogoutToken(`${b64({ alg: "ES256", kid: "k" })}.${b64({})}.AAAA`)).rejects.toBeInstanceOf(Fault);
    await store.close();
  },
);
