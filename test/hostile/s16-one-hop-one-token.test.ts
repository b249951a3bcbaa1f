import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, heading } from "../support/browser.ts";
import { embeddedVisitor, poll, signIn, startDevice, toConfirmation } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);
beforeAll(() => signIn(browser, `${broker.issuer}/device`, bob));

async function shown() {
  const start = await startDevice(broker.issuer, { client_id: "gx1" });
  const confirm = await toConfirmation(browser, start.verification_uri_complete, bob);
  return { start, confirm, fields: forms(confirm)[0]?.fields ?? {} };
}
const state = async (device_code: string) => outcome(await poll(broker.issuer, { client_id: "gx1", device_code }));

describe("S-16: a form's token", () => {
  test("of one login does not confirm another, not even of the same person", async () => {
    const [mine, other] = [await shown(), await shown()];
    const page = await browser.submit(mine.confirm, { decision: "approve", flow: other.fields["flow"] ?? "" });
    expect([page.status, heading(page)]).toEqual([403, "This form did not come from our page"]);
    expect([await state(mine.start.device_code), await state(other.start.device_code)]).toEqual([
      "400 authorization_pending",
      "400 authorization_pending",
    ]);
  });

  test("of the confirmation does not enter a code, and the reverse", async () => {
    const { start, confirm, fields } = await shown();
    const entry = await browser.open(`${broker.issuer}/device`);
    const enterToken = forms(entry)[0]?.fields["form_token"] ?? "";
    expect(
      (await browser.submit(entry, { form_token: fields["form_token"] ?? "", user_code: start.user_code })).status,
    ).toBe(403);
    expect((await browser.submit(confirm, { form_token: enterToken, decision: "approve" })).status).toBe(403);
    expect(await state(start.device_code)).toBe("400 authorization_pending");
  });

  test("of the session before is worth nothing after a new sign-in", async () => {
    const { start, confirm } = await shown();
    await browser.submit(await browser.open(`${broker.issuer}/login?tenant=customer-a`), {});
    expect((await browser.submit(confirm, { decision: "approve" })).status).toBe(403);
    expect(await state(start.device_code)).toBe("400 authorization_pending");
  });

  test("does not let one person see or decide what was shown to another", async () => {
    const { start, confirm } = await shown();
    const alice = new Browser();
    await signIn(alice, `${broker.issuer}/device`, embeddedVisitor("alice@a.example"));
    for (const path of [
      new URL(confirm.url).pathname + new URL(confirm.url).search,
      `/device/done${new URL(confirm.url).search}`,
    ]) {
      expect(heading(await alice.open(`${broker.issuer}${path}`))).toBe("This code is not known");
    }
    expect(await state(start.device_code)).toBe("400 authorization_pending");
  });
});
