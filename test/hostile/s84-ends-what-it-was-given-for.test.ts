import { describe, expect, test } from "vitest";
import { Browser } from "../support/browser.ts";
import { bootWithClients, resource } from "../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable, tokenOf } from "../support/drive.ts";
import { exchangeAtPortal, exchangeForm } from "../support/exchange.ts";
import { heldClock } from "../support/held-clock.ts";
import { keyHolder } from "../support/key-holder.ts";
import { shared } from "../support/shared.ts";
import { kit } from "../unit/issuer/kit.ts";

// A cloud or cluster that was taken over has the token that a person handed to it, and knows the client that got it: the
// names of public clients are in every kubeconfig. It wants people out, everywhere.

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => bootWithClients({ clock }));
const bob = embeddedVisitor("bob@a.example");

const toolLogin = async () =>
  (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser })).body;
const handedTo = async (target: string, refresh_token: unknown) => {
  const { body } = await refresh(broker.issuer, refresh_token, { resource: resource(target) });
  return { token: String(body["access_token"]), next: body["refresh_token"] };
};
const revoke = (client_id: string, token: unknown, more: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/revoke`, { client_id, token: String(token), ...more });
const active = async (token: unknown) =>
  (await broker.asSecret("/introspect", "cloud", { token: String(token) })).body["active"];
const told = (event: string) => broker.lines.filter((l) => l.includes(`"${event}"`)).length;

describe("S-84: a target with the bearer that it was handed", () => {
  test.each(["access_token", "refresh_token", "id_token"])(
    "ends that token, and neither the login nor what other targets have (hint %s)",
    async (token_type_hint) => {
      const login = await toolLogin();
      const first = await handedTo("gx1", login["refresh_token"]);
      const second = await handedTo("gx1", first.next);
      const ended = told("family.revoked");
      expect((await revoke("console-tool", first.token, { token_type_hint })).status).toBe(200);
      expect(await active(first.token)).toBe(false);
      expect(await active(second.token)).toBe(true);
      expect(outcome(await refresh(broker.issuer, second.next))).toBe("200");
      expect(told("family.revoked")).toBe(ended);
    },
  );

  test("does not end the login of the cloudpass command, which the bearer is not bound to", async () => {
    const key = await keyHolder("ES256", clock);
    const proof = async () => ({ dpop: await key.proof("POST", `${broker.issuer}/token`) });
    const start = await startDevice(broker.issuer, { client_id: "cloudpass", scope: renewable });
    await decideInBrowser(start.verification_uri_complete, bob, "approve", browser);
    const { body } = await poll(
      broker.issuer,
      { client_id: "cloudpass", device_code: start.device_code },
      await proof(),
    );
    const renew = async (refresh_token: unknown) => {
      const form = { grant_type: "refresh_token", client_id: "cloudpass", refresh_token: String(refresh_token) };
      return postForm(`${broker.issuer}/token`, { ...form, resource: resource("gx1") }, await proof());
    };
    const handed = await renew(body["refresh_token"]);
    await revoke("cloudpass", handed.body["access_token"]);
    expect(outcome(await renew(handed.body["refresh_token"]))).toBe("200");
  });

  test("does not end the login of the target's own client, nor by the ID token that a cluster is handed", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "prod1", scope: renewable }, { browser });
    for (const token of [body["access_token"], body["id_token"]]) await revoke("prod1", token);
    expect(outcome(await refresh(broker.issuer, body["refresh_token"], { client_id: "prod1" }))).toBe("200");
  });

  test("does not end the parent of what a portal exchanged, nor does the portal", async () => {
    const login = await toolLogin();
    const child = tokenOf(await exchangeAtPortal(broker, login["access_token"]));
    expect((await broker.asSecret("/revoke", "portal", { token: child })).status).toBe(200);
    expect(await active(child)).toBe(false);
    expect(outcome(await exchangeAtPortal(broker, login["access_token"]))).toBe("200");
    expect(outcome(await refresh(broker.issuer, login["refresh_token"]))).toBe("200");
  });

  test("does not even end that token as another client than the one that got it", async () => {
    const login = await toolLogin();
    const { token } = await handedTo("gx1", login["refresh_token"]);
    for (const client of ["gx1", "prod1", "cloudpass"]) expect((await revoke(client, token)).status).toBe(200);
    await broker.asSecret("/revoke", "cloud", { token });
    expect(await active(token)).toBe(true);
  });

  test("does not end a login that cannot be renewed, by what a portal exchanged", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: "openid" }, { browser });
    const child = tokenOf(await exchangeAtPortal(broker, body["access_token"]));
    await broker.asSecret("/revoke", "portal", { token: child });
    expect(await active(child)).toBe(false);
    expect(outcome(await exchangeAtPortal(broker, body["access_token"]))).toBe("200");
  });

  test("ends nothing at any other address, whatever it calls the token", async () => {
    const login = await toolLogin();
    const { token, next } = await handedTo("gx1", login["refresh_token"]);
    const names = ["token", "refresh_token", "access_token", "id_token_hint", "code", "device_code", "subject_token"];
    const more = ["logout_token", "assertion", "flow", "id", "sid", "form_token", "user_code"];
    const sid = String(claimsOf(token)["sid"]);
    const paths = [...kit().made.routes.map((r) => r.path), "/upstream/logout"].filter((p) => p !== "/revoke");
    for (const path of new Set(paths)) {
      for (const grant_type of path === "/token" ? ["refresh_token", "authorization_code"] : [""]) {
        for (const value of [token, sid]) {
          const given = Object.fromEntries([...names, ...more].map((name) => [name, value]));
          const form = { ...given, grant_type, client_id: "console-tool", what: "login", decision: "deny" };
          const bearer = { authorization: `Bearer ${token}` };
          const answers = await Promise.all([
            fetch(`${broker.issuer}${path}`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" }),
            fetch(`${broker.issuer}${path}`, { method: "POST", headers: bearer, redirect: "manual" }),
            fetch(`${broker.issuer}${path}?${new URLSearchParams(form)}`, { redirect: "manual", headers: bearer }),
          ]);
          for (const answer of answers) await answer.arrayBuffer();
        }
      }
    }
    expect(await active(token)).toBe(true);
    expect(outcome(await refresh(broker.issuer, next))).toBe("200");
  });
});

describe("S-84: an access token that was revoked", () => {
  test("opens none of our own APIs and is not exchanged, while its login goes on", async () => {
    const login = await toolLogin();
    const own = String(login["access_token"]);
    const statusOf = async (path: string) =>
      (await fetch(`${broker.issuer}${path}`, { headers: { authorization: `Bearer ${own}` } })).status;
    expect([await statusOf("/userinfo"), await statusOf("/targets")]).toEqual([200, 200]);
    await revoke("console-tool", own);
    clock.advance(400);
    expect([await statusOf("/userinfo"), await statusOf("/targets")]).toEqual([401, 401]);
    expect(outcome(await exchangeAtPortal(broker, own))).toBe("400 invalid_request");
    expect(outcome(await refresh(broker.issuer, login["refresh_token"]))).toBe("200");
    expect(broker.lines.some((l) => l.includes('"token.revoked"') && l.includes('"client":"console-tool"'))).toBe(true);
  });

  test("ends its login where it is all that the login gave: nothing is to be renewed", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: "openid" }, { browser });
    const ended = told("family.revoked");
    await revoke("console-tool", body["access_token"]);
    expect(told("family.revoked")).toBe(ended + 1);
  });
});

test("S-84: whoever holds the refresh token may end the whole login, as the command's logout does", async () => {
  const login = await toolLogin();
  const { token, next } = await handedTo("gx1", login["refresh_token"]);
  const child = tokenOf(await broker.asSecret("/token", "portal", exchangeForm(token, { audience: "gx1" })));
  await revoke("console-tool", next);
  for (const gone of [token, child]) expect(await active(gone)).toBe(false);
  expect(outcome(await refresh(broker.issuer, next))).toBe("400 invalid_grant");
});
