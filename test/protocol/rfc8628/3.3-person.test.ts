import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { embeddedVisitor, poll, signIn, startDevice, toConfirmation } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);
beforeAll(() => signIn(browser, `${broker.issuer}/device`, bob));

const start = (form: Record<string, string> = { client_id: "gx1" }) => startDevice(broker.issuer, form);

describe("3.3: the person's part", () => {
  test.each<[string, (code: string) => string]>([
    ["in lower case", (c) => c.toLowerCase()],
    ["without the dash", (c) => c.replace("-", "")],
    ["with blanks", (c) => ` ${[...c].join(" ")} `],
    ["with another dash", (c) => c.replace("-", "—")],
    [
      "with what looks alike",
      (c) => c.replaceAll("Q", "0").replaceAll("L", "1").replaceAll("S", "5").replaceAll("B", "8"),
    ],
  ])("a code may be typed %s", async (_how, typed) => {
    const s = await start();
    const entry = await browser.open(s.verification_uri);
    const confirm = await browser.submit(entry, { user_code: typed(s.user_code) });
    expect(heading(confirm)).toBe("Is this you?");
    expect(plainText(confirm)).toContain(s.user_code);
  });

  test("a code that is not known is refused on a readable page with an id", async () => {
    const page = await browser.submit(await browser.open(`${broker.issuer}/device`), { user_code: "BCDF-GHJK-LMNP" });
    expect([page.status, heading(page)]).toEqual([400, "This code is not known"]);
    expect(plainText(page)).toMatch(/Id: [0-9a-f-]{36}/);
  });

  test("the choice is made once: going back changes nothing", async () => {
    const s = await start();
    const confirm = await toConfirmation(browser, s.verification_uri_complete, bob);
    expect(heading(await browser.submit(confirm, { decision: "deny" }))).toBe("Refused");
    expect((await browser.submit(confirm, { decision: "approve" })).status).toBe(400);
    expect(heading(await browser.open(confirm.url)), "opened again, the page says how it ended").toBe("Refused");
    expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code: s.device_code }))).toBe(
      "400 access_denied",
    );
  });

  test("a form without a decision decides nothing", async () => {
    const s = await start();
    const confirm = await toConfirmation(browser, s.verification_uri_complete, bob);
    for (const values of [{}, { decision: "yes" }, { decision: "" }])
      expect((await browser.submit(confirm, values)).status).toBe(400);
    expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code: s.device_code }))).toBe(
      "400 authorization_pending",
    );
  });

  test("whoever has no right there is told so, and the device too", async () => {
    const s = await start();
    const guest = new Browser();
    const confirm = await toConfirmation(guest, s.verification_uri_complete, embeddedVisitor("guest@a.example"));
    expect(plainText(confirm)).toContain("You have no right there");
    expect(heading(await guest.submit(confirm, { decision: "approve" }))).toBe("You have no rights there");
    expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code: s.device_code }))).toBe(
      "400 access_denied",
    );
  });
});
