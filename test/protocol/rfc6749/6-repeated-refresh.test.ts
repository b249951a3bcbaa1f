import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import {
  claimsOf,
  decideInBrowser,
  embeddedVisitor,
  type JsonAnswer,
  poll,
  postForm,
  startDevice,
} from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

/** A refresh whose answer was lost: the client cannot know whether its token was used, and asks again when it can. */
const clock = heldClock();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(() => bootWithClients({ clock }));
let key: KeyHolder;
beforeAll(async () => {
  key = await keyHolder("ES256", clock);
});

const alarms = () => broker.lines.filter((l) => l.includes('"refresh.replayed"')).length;

async function commandLogin(): Promise<unknown> {
  const start = await startDevice(broker.issuer, { client_id: "cloudpass", scope: renewable });
  await decideInBrowser(start.verification_uri_complete, bob, "approve", new Browser());
  const form = { client_id: "cloudpass", device_code: start.device_code };
  const { body } = await poll(broker.issuer, form, { dpop: await key.proof("POST", `${broker.issuer}/token`) });
  return body["refresh_token"];
}

const asCommand = async (token: unknown): Promise<JsonAnswer> => {
  const form = { grant_type: "refresh_token", client_id: "cloudpass", refresh_token: String(token) };
  return postForm(`${broker.issuer}/token`, form, { dpop: await key.proof("POST", `${broker.issuer}/token`) });
};

async function portalLogin(): Promise<unknown> {
  const start = (await broker.asSecret("/device_authorization", "portal", { scope: renewable })).body;
  await decideInBrowser(String(start["verification_uri_complete"]), bob, "approve", new Browser());
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  const device_code = String(start["device_code"]);
  return (await broker.asSecret("/token", "portal", { grant_type, device_code })).body["refresh_token"];
}

const asPortal = (token: unknown, more: Record<string, string> = {}) =>
  broker.asSecret("/token", "portal", { grant_type: "refresh_token", refresh_token: String(token), ...more });

describe("a refresh whose answer was lost, of a login whose key is proven", () => {
  test.each([1, 12, 60, 3_600, 40_000])("is repeated %i s later and gives the same successor", async (later) => {
    const token = await commandLogin();
    const lost = await asCommand(token);
    for (let times = 0; times < 3; times++) {
      clock.advance(times === 0 ? later : 1);
      const again = await asCommand(token);
      expect(outcome(again)).toBe("200");
      expect(again.body["refresh_token"]).toBe(lost.body["refresh_token"]);
    }
    expect(outcome(await asCommand(lost.body["refresh_token"]))).toBe("200");
    expect(alarms()).toBe(0);
  });

  test("is theft once the successor was used: somebody copied key and token (S-26)", async () => {
    const token = await commandLogin();
    const next = await asCommand(token);
    const after = await asCommand(next.body["refresh_token"]);
    clock.advance(11);
    const before = alarms();
    expect(outcome(await asCommand(token))).toBe("400 invalid_grant");
    expect(outcome(await asCommand(after.body["refresh_token"]))).toBe("400 invalid_grant");
    expect(alarms()).toBe(before + 1);
  });
});

describe("fapi2 5.3.2.1: refresh tokens of a client that proves itself", () => {
  test("are not rotated: lost answers, repetitions and two processes cost nobody a login", async () => {
    const token = await portalLogin();
    for (const wait of [0, 0, 12, 600, 30_000]) {
      clock.advance(wait);
      const answers = await Promise.all([asPortal(token), asPortal(token)]);
      expect(answers.map(outcome)).toEqual(["200", "200"]);
      for (const { body } of answers) expect(body["refresh_token"]).toBe(token);
    }
  });

  test("open nothing without the client's credentials, end with the login, and with its revocation", async () => {
    const token = await portalLogin();
    const form = { client_id: "portal", grant_type: "refresh_token", refresh_token: String(token) };
    expect(outcome(await postForm(`${broker.issuer}/token`, form))).toBe("401 invalid_client");
    expect(outcome(await postForm(`${broker.issuer}/token`, { ...form, client_id: "console-tool" }))).toBe(
      "400 invalid_grant",
    );
    const { body } = await asPortal(token, { scope: "openid" });
    expect(claimsOf(body["access_token"])["scope"]).toBe("openid");
    await broker.asSecret("/revoke", "portal", { token: String(token) });
    expect(outcome(await asPortal(token))).toBe("400 invalid_grant");
    const last = await portalLogin();
    clock.advance(43_200);
    expect(outcome(await asPortal(last))).toBe("400 invalid_grant");
  });

  test("of a public client without a key are rotated as before: theft of an unproven token is noticed", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "gx1", scope: renewable }, {});
    const token = body["refresh_token"];
    const next = await refresh(broker.issuer, token, { client_id: "gx1" });
    clock.advance(12);
    expect(outcome(await refresh(broker.issuer, token, { client_id: "gx1" }))).toBe("400 invalid_grant");
    expect(outcome(await refresh(broker.issuer, next.body["refresh_token"], { client_id: "gx1" }))).toBe(
      "400 invalid_grant",
    );
  });
});
