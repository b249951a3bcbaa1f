import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { heading } from "../../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(() =>
  boot({
    yaml: `clients:
  - {id: pages, name: Pages, grants: [authorization-code], redirectUris: ["http://127.0.0.1/callback"]}
`,
  }),
);

describe("3.4, 3.5: a token request with a device code", () => {
  test("ends, once approved, with single-audience tokens for the target's own client", async () => {
    const start = await startDevice(broker.issuer, { client_id: "gx1" });
    const form = { client_id: "gx1", device_code: start.device_code };
    expect((await poll(broker.issuer, form)).body["error"]).toBe("authorization_pending");
    const done = await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve");
    expect(heading(done)).toBe("Logged in");
    const tokens = await poll(broker.issuer, form);
    expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
    expect(claimsOf(tokens.body["access_token"])).toMatchObject({
      iss: broker.issuer,
      aud: "gx1",
      client_id: "gx1",
      token_use: "access",
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
      preferred_username: "bob",
    });
    expect((await poll(broker.issuer, form)).body["error"]).toBe("invalid_grant");
  });

  test("of a client for every target gives tokens for every entitled target by resource", async () => {
    const start = await startDevice(broker.issuer, {
      client_id: "console-tool",
      scope: "openid profile groups offline_access",
    });
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
    const tokens = await poll(broker.issuer, { client_id: "console-tool", device_code: start.device_code });
    expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
    let refresh = String(tokens.body["refresh_token"]);
    for (const target of ["gx1", "gx2", "prod1"]) {
      const next = await postForm(`${broker.issuer}/token`, {
        grant_type: "refresh_token",
        client_id: "console-tool",
        refresh_token: refresh,
        resource: `urn:cloudpass:target:${target}`,
      });
      expect(next.status, JSON.stringify(next.body)).toBe(200);
      refresh = String(next.body["refresh_token"]);
      expect(claimsOf(next.body["access_token"])["aud"]).toBe(target);
    }
  });

  test.each<[string, string, string]>([
    ["without a code", "client_id=gx1", "400 invalid_request"],
    ["without a client", "device_code=x", "400 invalid_request"],
    ["of an unknown client", "client_id=nobody&device_code=x", "401 invalid_client"],
    ["with a code twice", "client_id=gx1&device_code=x&device_code=y", "400 invalid_request"],
    ["with a code that nobody was given", "client_id=gx1&device_code=x", "400 invalid_grant"],
    ["of a client without the right to the grant", "client_id=pages&device_code=x", "400 unauthorized_client"],
  ])("is refused %s", async (_what, form, said) => {
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    const answer = await postForm(`${broker.issuer}/token`, `${new URLSearchParams({ grant_type })}&${form}`);
    expect(outcome(answer)).toBe(said);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});
