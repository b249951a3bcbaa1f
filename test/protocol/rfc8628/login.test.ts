import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { heading } from "../../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../../support/device-login.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

describe("a device login", () => {
  test("ends with single-audience tokens for the target's own client", async () => {
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

  test("of the cloudpass client gives tokens for every entitled target by resource", async () => {
    const start = await startDevice(broker.issuer, {
      client_id: "cloudpass",
      scope: "openid profile groups offline_access",
    });
    await decideInBrowser(start.verification_uri, { ...embeddedVisitor("alice@a.example") }, "approve").catch(
      () => undefined,
    );
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
    const tokens = await poll(broker.issuer, { client_id: "cloudpass", device_code: start.device_code });
    expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
    let refresh = String(tokens.body["refresh_token"]);
    for (const target of ["gx1", "gx2", "prod1"]) {
      const next = await postForm(`${broker.issuer}/token`, {
        grant_type: "refresh_token",
        client_id: "cloudpass",
        refresh_token: refresh,
        resource: `urn:cloudpass:target:${target}`,
      });
      expect(next.status, JSON.stringify(next.body)).toBe(200);
      refresh = String(next.body["refresh_token"]);
      expect(claimsOf(next.body["access_token"])["aud"]).toBe(target);
    }
  });
});
