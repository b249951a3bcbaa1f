import { afterEach, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, plainText } from "../support/browser.ts";
import { decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const browser = new Browser();
const broker = shared(boot);
afterEach(() => broker.idp.comeBack().catch(() => undefined));

const login = () => logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });

describe("S-63: while Keycloak is away", () => {
  test("a refresh is answered 503 with Retry-After, and the token is not burnt: it works when Keycloak is back", async () => {
    const { body } = await login();
    await broker.idp.leave();
    for (let i = 0; i < 3; i++) {
      const answer = await refresh(broker.issuer, body["refresh_token"]);
      expect(outcome(answer)).toBe("503 temporarily_unavailable");
      expect(answer.headers.get("retry-after")).toBe("5");
    }
    await broker.idp.comeBack();
    const back = await refresh(broker.issuer, body["refresh_token"]);
    expect(outcome(back)).toBe("200");
    expect(outcome(await refresh(broker.issuer, back.body["refresh_token"]))).toBe("200");
  });

  test("a device keeps polling: pending stays pending, and what was approved is given", async () => {
    const [pending, approved] = [
      await startDevice(broker.issuer, { client_id: "gx1" }),
      await startDevice(broker.issuer, { client_id: "gx1" }),
    ];
    await decideInBrowser(approved.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
    await broker.idp.leave();
    const ask = async (device_code: string) => outcome(await poll(broker.issuer, { client_id: "gx1", device_code }));
    expect([await ask(pending.device_code), await ask(approved.device_code)]).toEqual([
      "400 authorization_pending",
      "200",
    ]);
  });

  test("an approval is not lost: the page says try again, and trying again works", async () => {
    await login();
    const start = await startDevice(broker.issuer, { client_id: "gx1" });
    const entry = await browser.open(start.verification_uri_complete);
    const confirm = await browser.submit(entry, {});
    await broker.idp.leave();
    const page = await browser.submit(confirm, { decision: "approve" });
    expect([page.status, heading(page)]).toEqual([503, "Please try again"]);
    await broker.idp.comeBack();
    expect(heading(await browser.submit(confirm, { decision: "approve" }))).toBe("Logged in");
  });

  test("a sign-in says so on a readable page with an id, and the broker stays ready", async () => {
    const other = await boot();
    await other.idp.leave();
    for (const path of ["/login?tenant=customer-a", "/login/callback?state=x&code=y"]) {
      const page = await new Browser().open(`${other.issuer}${path}`);
      expect(page.status).toBe(path.includes("callback") ? 400 : 503);
      expect(plainText(page)).toMatch(/Id: [0-9a-f-]{36}/);
    }
    expect((await fetch(`${other.issuer}/readyz`)).status).toBe(200);
    expect(other.lines.some((l) => l.includes('"dependency":"keycloak"'))).toBe(true);
    await other.stop();
  });
});
