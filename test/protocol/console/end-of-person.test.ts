import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

// Ending all of a person by the API. Whoever took a token long after the person signed in ends nobody (RFC 9470).

const clock = heldClock();
const broker = shared(() => boot({ clock }));
const browser = new Browser();
let token: string | undefined;
beforeAll(async () => {
  token = await consoleToken(broker.issuer, "alice@a.example", browser);
});

/** Bob, logged in with a program: his path at the API, and whether his login lives. */
async function bob() {
  const form = { client_id: "gx1", scope: "openid groups offline_access" };
  const start = await startDevice(broker.issuer, form);
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve");
  const { body } = await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code });
  // Who is known is looked up anew after half a minute at the latest.
  clock.advance(31);
  const found = await askConsole(broker.issuer, token, "/tenants/customer-a/people?search=bob");
  const [{ sub }] = found.body["items"] as [{ sub: string }];
  const refresh = { grant_type: "refresh_token", client_id: "gx1", refresh_token: String(body["refresh_token"]) };
  return {
    path: `/tenants/customer-a/people/${sub}/end`,
    refresh: async () => (await postForm(`${broker.issuer}/token`, refresh)).status,
  };
}

const end = (path: string, by = token) => askConsole(broker.issuer, by, path, { method: "POST" });

describe("POST /tenants/{tenant}/people/{person}/end", () => {
  test("ends all that the person has open, as the document says; once more ends nothing more", async () => {
    const { path, refresh } = await bob();
    const ended = await end(path);
    expect(ended).toMatchObject({ status: 200, body: { logins: 1, browsers: 1, realm: "ended" } });
    expect((await readDocument(broker.issuer))({ method: "POST", path, ...ended })).toEqual([]);
    expect(await refresh()).toBe(400);
    expect((await end(path)).body).toMatchObject({ logins: 0, browsers: 0 });
  });

  test("of nobody, and of somebody of another tenant, is not found", async () => {
    for (const path of [
      `/tenants/customer-a/people/p-${"0".repeat(40)}/end`,
      `/tenants/customer-b/people/p-${"0".repeat(40)}/end`,
    ])
      expect((await end(path)).status).toBe(404);
  });

  test("wants somebody who proved lately who it is, and else ends nothing", async () => {
    clock.advance(1_200);
    token = await consoleToken(broker.issuer, "alice@a.example", browser);
    const { path, refresh } = await bob();
    const response = await fetch(`${broker.issuer}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringMatching(/^Bearer error="insufficient_user_authentication", .*, max_age="900"$/),
    ]);
    expect(await refresh()).toBe(200);
    expect((await end(path, await consoleToken(broker.issuer, "alice@a.example"))).status).toBe(200);
  });
});
