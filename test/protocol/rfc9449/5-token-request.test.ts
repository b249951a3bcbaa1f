import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { provenRequests } from "../../support/proven-requests.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const [own, other] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
const broker = shared(() => bootWithClients({ clock }));
const requests = provenRequests(broker, browser);

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const bound = async () => requests.redeem(await requests.approved(), own);

describe("5: tokens of a client with a key", () => {
  test("are bound to it where we take them ourselves, and say so", async () => {
    const login = await bound();
    expect(login.body["token_type"]).toBe("DPoP");
    expect(claimsOf(login.body["access_token"])["cnf"]).toEqual({ jkt: own.jkt });
    expect(claimsOf(login.body["id_token"])["cnf"]).toBeUndefined();
  });

  test("are plain bearers for a cloud or cluster, which takes nothing else (decision 0022)", async () => {
    const answer = await requests.refresh(await bound(), own, { resource: resource("gx1") });
    expect(answer.body["token_type"]).toBe("Bearer");
    expect(claimsOf(answer.body["access_token"])).toMatchObject({ aud: "gx1" });
    expect(claimsOf(answer.body["access_token"])["cnf"]).toBeUndefined();
  });

  test("are refreshed with the key alone, and whoever lacks it ends nothing", async () => {
    const login = await bound();
    expect(outcome(await requests.refresh(login, undefined))).toBe("400 invalid_grant");
    expect(outcome(await requests.refresh(login, other))).toBe("400 invalid_grant");
    const next = await requests.refresh(login, own);
    expect(outcome(next)).toBe("200");
    clock.advance(60);
    expect(outcome(await requests.refresh(login, other)), "a used one, by the thief").toBe("400 invalid_grant");
    expect(outcome(await requests.refresh(next, own)), "the login lives").toBe("200");
  });

  test("S-26: are lost when the owner's used token comes again with the owner's key after its successor was used", async () => {
    const login = await bound();
    const next = await requests.refresh(login, own);
    clock.advance(60);
    expect((await requests.refresh(login, own)).body["refresh_token"], "a lost answer").toBe(
      next.body["refresh_token"],
    );
    const after = await requests.refresh(next, own);
    expect(outcome(await requests.refresh(login, own))).toBe("400 invalid_grant");
    expect(outcome(await requests.refresh(after, own))).toBe("400 invalid_grant");
  });

  test("of a client that must have one come with a proof only", async () => {
    const code = await requests.approved({ client_id: "bound" });
    expect(outcome(await requests.redeem(code, undefined, "bound"))).toBe("400 invalid_dpop_proof");
    expect(outcome(await requests.redeem(code, own, "bound"))).toBe("200");
  });

  test("are introspected as what they are", async () => {
    const form = { scope: "openid offline_access" };
    const dpop = await own.proof("POST", `${broker.issuer}/token`);
    const start = (await broker.asSecret("/device_authorization", "portal", form)).body;
    const visitor = embeddedVisitor("bob@a.example");
    await decideInBrowser(String(start["verification_uri_complete"]), visitor, "approve", browser);
    const poll = { grant_type: deviceGrant, device_code: String(start["device_code"]) };
    const { body } = await postForm(`${broker.issuer}/token`, poll, { ...broker.basic("portal"), dpop });
    const said = (await broker.asSecret("/introspect", "portal", { token: String(body["access_token"]) })).body;
    expect(said).toMatchObject({ active: true, token_type: "DPoP", cnf: { jkt: own.jkt } });
    // A confidential client proves itself at each refresh; its tokens may move to another key.
    const again = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    expect(outcome(await broker.asSecret("/token", "portal", again))).toBe("200");
  });
});

test("5: a device login without any key goes on as before", async () => {
  const answer = await requests.redeem(await requests.approved(), undefined);
  expect(answer.body["token_type"]).toBe("Bearer");
  expect(claimsOf(answer.body["access_token"])["cnf"]).toBeUndefined();
});
