import { afterEach, describe, expect, it, vi } from "vitest";
import { discover } from "../../../src/realms/index.ts";

const issuer = "https://idp.example/tenant";
const good = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  scopes_supported: ["openid", "offline_access"],
};
const answer = (body: string, status = 200) => {
  const asked: { url: string; redirect: RequestInit["redirect"] }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, redirect: init.redirect });
    return new Response(body, { status });
  });
  return asked;
};

afterEach(() => vi.unstubAllGlobals());

describe("discovery of an IdP", () => {
  it("reads the endpoints from the issuer itself, without following redirects", async () => {
    const asked = answer(JSON.stringify(good));
    expect(await discover(issuer)).toEqual({
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      jwks: `${issuer}/keys`,
      offlineAccess: true,
      clientAuth: "client_secret_basic",
    });
    expect(asked).toEqual([{ url: `${issuer}/.well-known/openid-configuration`, redirect: "error" }]);
  });

  it("takes the way of sending a secret that the IdP has", async () => {
    answer(JSON.stringify({ ...good, token_endpoint_auth_methods_supported: ["client_secret_post"] }));
    expect((await discover(issuer)).clientAuth).toBe("client_secret_post");
    answer(JSON.stringify({ ...good, token_endpoint_auth_methods_supported: ["private_key_jwt"] }));
    await expect(discover(issuer)).rejects.toThrow(/takes no client secret/);
  });

  it.each([
    [
      "another issuer",
      JSON.stringify({ ...good, issuer: "https://evil.example" }),
      200,
      /calls itself "https:\/\/evil.example"/,
    ],
    [
      "an endpoint without TLS",
      JSON.stringify({ ...good, token_endpoint: "http://idp.example/t" }),
      200,
      /https endpoints/,
    ],
    ["a page", "<html>", 200, /not OpenID provider metadata/],
    ["nothing there", "{}", 404, /HTTP 404; is the issuer right/],
    ["too much", " ".repeat(300_000), 200, /larger than 256 KiB/],
  ])("%s is a fault that names the issuer", async (_name, body, status, says) => {
    answer(body, status);
    await expect(discover(issuer)).rejects.toThrow(says);
    await expect(discover(issuer)).rejects.toThrow(`identity provider ${issuer}`);
  });

  it("an issuer that does not answer is a fault", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    await expect(discover(issuer)).rejects.toThrow(/could not be reached/);
  });
});
