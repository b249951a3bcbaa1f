import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, heading, type Page, plainText } from "../support/browser.ts";
import {
  type DeviceStart,
  decideInBrowser,
  embeddedVisitor,
  poll,
  postForm,
  signIn,
  startDevice,
} from "../support/device-login.ts";
import { outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const bob = embeddedVisitor("bob@a.example");

async function confirmed(): Promise<{ start: DeviceStart; browser: Browser; done: Page }> {
  const start = await startDevice(broker.issuer, { client_id: "console-tool", scope: renewable });
  const browser = new Browser();
  const done = await decideInBrowser(start.verification_uri_complete, bob, "approve", browser);
  expect(heading(done)).toBe("Logged in");
  return { start, browser, done };
}
const redeem = (start: DeviceStart) =>
  poll(broker.issuer, { client_id: "console-tool", device_code: start.device_code });
const audited = (event: string) => broker.lines.filter((l) => l.includes(`"event":"${event}"`)).length;

/** Whether a token still opens the broker's own API. */
const works = async (accessToken: unknown) =>
  (await fetch(`${broker.issuer}/targets`, { headers: { authorization: `Bearer ${String(accessToken)}` } })).status;

describe("S-10: this was not me", () => {
  test("before the program came for its tokens: it never gets any", async () => {
    const { start, browser, done } = await confirmed();
    const before = audited("device.disowned");
    const page = await browser.submit(done, {});
    expect(heading(page)).toBe("Ended");
    expect(plainText(page)).toContain("tell your operator");
    expect(outcome(await redeem(start))).toBe("400 access_denied");
    expect(audited("device.disowned")).toBe(before + 1);
  });

  test("after: every token of it is dead at once, and no new one comes", async () => {
    const { start, browser, done } = await confirmed();
    const tokens = (await redeem(start)).body;
    const before = audited("family.revoked");
    expect(await works(tokens["access_token"])).toBe(200);
    expect(heading(await browser.submit(done, {}))).toBe("Ended");
    expect(await works(tokens["access_token"])).toBe(401);
    expect(outcome(await refresh(broker.issuer, tokens["refresh_token"]))).toBe("400 invalid_grant");
    expect(audited("family.revoked")).toBe(before + 1);
    expect(heading(await browser.open(done.url)), "the page remembers").toBe("Ended");
  });

  test("said in the very moment of redemption: no token survives it, whoever was first", async () => {
    for (let round = 0; round < 8; round++) {
      const { start, browser, done } = await confirmed();
      const [answer] = await Promise.all([redeem(start), browser.submit(done, {})]);
      if (answer.status === 200) expect(await works(answer.body["access_token"])).toBe(401);
      else expect(outcome(answer)).toBe("400 access_denied");
    }
  });

  test("looking at the page ends nothing, and a form without its token neither", async () => {
    const { start, browser, done } = await confirmed();
    for (const path of ["/device/disown", `/device/disown?flow=${new URL(done.url).searchParams.get("flow")}`]) {
      expect((await browser.open(`${broker.issuer}${path}`)).status).toBe(405);
    }
    expect((await browser.submit(done, { form_token: "forged" })).status).toBe(403);
    expect(outcome(await redeem(start))).toBe("200");
  });

  test("somebody else cannot say it", async () => {
    const { start, done } = await confirmed();
    const [form] = forms(done);
    const stranger = new Browser();
    await signIn(stranger, `${broker.issuer}/device`, embeddedVisitor("alice@a.example"));
    expect(form && (await stranger.send(form, {})).status).toBe(403);
    const bare = await postForm(`${broker.issuer}/device/disown`, form?.fields ?? {}).catch(() => undefined);
    expect(bare?.status ?? 401).toBe(401);
    expect(outcome(await redeem(start))).toBe("200");
  });
});
