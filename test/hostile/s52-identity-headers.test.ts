import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

/** Every spelling that some proxy or module turns into the real one. */
const names = [
  "X-User-Id",
  "X_User_Id",
  "x-user",
  "X-Roles",
  "X_ROLES",
  "X-Remote-User",
  "REMOTE_USER",
  "OIDC-sub",
  "OIDC_sub",
  "OIDC-groups",
  "OIDC-tenant",
  "HTTP_OIDC_ISS",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X_Forwarded_Groups",
  "X-Auth-Request-User",
  "X-Original-URL",
  "X-Rewrite-URL",
  "X-Forwarded-Uri",
  "X-Forwarded-Prefix",
];
const headers = Object.fromEntries(
  names.map((n) => [n, n.includes("URL") || n.includes("Uri") ? "/targets" : "alice"]),
);

describe("S-52: identity headers", () => {
  test("sign nobody in", async () => {
    for (const path of ["/device", "/device/confirm", "/"]) {
      const response = await fetch(`${broker.issuer}${path}`, {
        headers: { ...headers, accept: "text/html" },
        redirect: "manual",
      });
      expect([path, response.status]).toEqual([path, 303]);
    }
    expect((await fetch(`${broker.issuer}/targets`, { headers })).status).toBe(401);
  });

  test("change nobody's tokens", async () => {
    const start = (await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, headers)).body;
    await decideInBrowser(String(start["verification_uri_complete"]), embeddedVisitor("bob@a.example"), "approve");
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "gx1",
      device_code: String(start["device_code"]),
    };
    const { body } = await postForm(`${broker.issuer}/token`, form, headers);
    expect(claimsOf(body["access_token"])).toMatchObject({
      preferred_username: "bob",
      groups: ["cp.customer-a.developer"],
    });
    expect((await poll(broker.issuer, { client_id: "gx1", device_code: "x" })).status).toBe(400);
  });
});
