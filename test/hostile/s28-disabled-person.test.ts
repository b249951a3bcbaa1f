import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Booted, boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { demoPeople, type EmbeddedPerson } from "../support/embedded-idp.ts";

let broker: Booted;
let browser: Browser;
beforeEach(async () => {
  browser = new Browser();
  broker = await boot({ people: demoPeople() });
});
afterEach(() => broker.stop());

/** What the identity provider says about Bob from now on. */
function bobIs(more: Partial<EmbeddedPerson>): void {
  const all = broker.idp.people["customer-a-idp"];
  const bob = all?.["bob"];
  if (all && bob) all["bob"] = { ...bob, ...more };
}
const login = () => logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });
const resource = "urn:cloudpass:target:gx1";

describe("S-28: the identity provider's word of now", () => {
  test("disabled there: no next token, and no way back by any token of that login", async () => {
    const { body } = await login();
    bobIs({ disabled: true });
    expect(outcome(await refresh(broker.issuer, body["refresh_token"]))).toBe("400 invalid_grant");
    bobIs({ disabled: false });
    expect(outcome(await refresh(broker.issuer, body["refresh_token"]))).toBe("400 invalid_grant");
    const targets = await fetch(`${broker.issuer}/targets`, {
      headers: { authorization: `Bearer ${String(body["access_token"])}` },
    });
    expect(targets.status).toBe(401);
  });

  test("disabled there: a browser that is still signed in approves nothing", async () => {
    await login();
    bobIs({ disabled: true });
    const start = await startDevice(broker.issuer, { client_id: "gx1" });
    const page = await decideInBrowser(
      start.verification_uri_complete,
      embeddedVisitor("bob@a.example"),
      "approve",
      browser,
    );
    expect(heading(page)).toBe("The sign-in did not succeed");
    expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code }))).toBe(
      "400 access_denied",
    );
  });

  test("a group taken away is gone from the next token; a group given is in it", async () => {
    const first = await refresh(broker.issuer, (await login()).body["refresh_token"], { resource });
    expect(claimsOf(first.body["access_token"])["groups"]).toEqual(["cp.customer-a.developer"]);
    bobIs({ groups: ["platform"] });
    const second = await refresh(broker.issuer, first.body["refresh_token"], { resource });
    expect(claimsOf(second.body["access_token"])["groups"]).toEqual(["cp.customer-a.domain-manager"]);
    bobIs({ groups: [] });
    expect(outcome(await refresh(broker.issuer, second.body["refresh_token"], { resource }))).toBe(
      "400 invalid_target",
    );
  });

  test("two terminals of one browser that refresh at the same moment do not end each other", async () => {
    const logins = [await login(), await login(), await login()];
    const answers = await Promise.all(
      logins.map(({ body }) => refresh(broker.issuer, body["refresh_token"], { resource })),
    );
    expect(answers.map(outcome)).toEqual(["200", "200", "200"]);
    const again = await Promise.all(
      answers.map(({ body }) => refresh(broker.issuer, body["refresh_token"], { resource })),
    );
    expect(again.map(outcome)).toEqual(["200", "200", "200"]);
  });
});
