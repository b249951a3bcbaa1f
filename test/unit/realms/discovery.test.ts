import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rulesFor } from "../../../src/http-client/index.ts";
import { discover as discoverPublic, makeDiscover, remembering } from "../../../src/realms/index.ts";

let server: Server;
let issuer: string;
let [status, body] = [200, ""];
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(request.url ?? "");
    answer.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const good = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  scopes_supported: ["openid", "offline_access"],
});
const answer = (text: string | object, code = 200) => {
  [status, body] = [code, typeof text === "string" ? text : JSON.stringify(text)];
};
const discover = makeDiscover(rulesFor(["127.0.0.1/32"]));

describe("discovery of an IdP", () => {
  it("reads the endpoints from the issuer itself", async () => {
    answer(good());
    expect(await discover(issuer)).toEqual({
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      jwks: `${issuer}/keys`,
      offlineAccess: true,
      clientAuth: "client_secret_basic",
    });
    expect(asked).toEqual(["/tenant/.well-known/openid-configuration"]);
  });

  it("that is repeated takes an IdP that is down for what it said last, and says so of one that never answered", async () => {
    const again = remembering(discover);
    answer("oops", 503);
    await expect(again(issuer)).rejects.toThrow(/HTTP 503/);
    answer(good());
    const found = await again(issuer);
    answer("oops", 503);
    expect(await again(issuer)).toEqual(found);
    answer({ ...good(), token_endpoint: `${issuer}/elsewhere` });
    expect((await again(issuer)).token).toBe(`${issuer}/elsewhere`);
  });

  it("takes the way of sending a secret that the IdP has", async () => {
    answer({ ...good(), token_endpoint_auth_methods_supported: ["client_secret_post"] });
    expect((await discover(issuer)).clientAuth).toBe("client_secret_post");
    answer({ ...good(), token_endpoint_auth_methods_supported: ["private_key_jwt"] });
    await expect(discover(issuer)).rejects.toThrow(/takes no client secret/);
  });

  it.each([
    ["another issuer", { issuer: "https://evil.example" }, /calls itself "https:\/\/evil.example"/],
    ["an endpoint without TLS", { token_endpoint: "http://idp.example/t" }, /https endpoints/],
    ["an endpoint inside our network", { token_endpoint: "https://10.0.0.1/t" }, /token_endpoint cannot be used/],
    ["keys inside our network", { jwks_uri: "https://169.254.169.254/k" }, /jwks_uri cannot be used/],
  ])("S-40: %s is a fault that names the issuer", async (_name, change, message) => {
    answer({ ...good(), ...change });
    await expect(discover(issuer)).rejects.toThrow(message);
    await expect(discover(issuer)).rejects.toThrow(`identity provider ${issuer}`);
  });

  it.each([
    ["a page", "<html>", 200, /not a JSON object/],
    ["nothing there", "{}", 404, /HTTP 404; look for a mistake/],
    ["too much", " ".repeat(300_000), 200, /larger than 256 KiB/],
  ])("%s is a fault", async (_name, text, code, message) => {
    answer(text, code);
    await expect(discover(issuer)).rejects.toThrow(message);
  });

  it("an issuer that does not answer is a fault that may pass", async () => {
    await expect(discover("http://127.0.0.1:1")).rejects.toMatchObject({ retryable: true });
  });

  it("S-38: an issuer on this machine is not asked unless an operator allows it", async () => {
    answer(good());
    const before = asked.length;
    await expect(discoverPublic(issuer)).rejects.toThrow(/not a public address/);
    expect(asked).toHaveLength(before);
  });
});
