import { beforeEach, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../support/browser.ts";
import { type DeviceStart, embeddedVisitor, poll, postForm, signIn } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() =>
  boot({
    clock,
    yaml: `trustedProxies: [127.0.0.1]
clients:
  - {id: strict, name: Strict tool, deviceOrigin: deny}
  - {id: loose, name: Loose tool, deviceOrigin: allow-insecure}
`,
  }),
);
// Each test with whole budgets for wrong codes.
beforeEach(() => clock.advance(700));

const from = (address: string) => ({ "x-forwarded-for": address });
const [terminal, desk, next] = ["203.0.113.9", "198.51.100.7", "203.0.113.200"];
const bob = embeddedVisitor("bob@a.example");

async function begin(client_id = "gx1", address = terminal): Promise<DeviceStart & { client_id: string }> {
  const answer = await postForm(`${broker.issuer}/device_authorization`, { client_id }, from(address));
  return { ...(answer.body as unknown as DeviceStart), client_id };
}
const ask = async ({ client_id, device_code }: { client_id: string; device_code: string }) =>
  outcome(await poll(broker.issuer, { client_id, device_code }));

/** Types the code by hand at an address, as far as the page that follows. */
async function enter(start: DeviceStart, address: string): Promise<{ browser: Browser; page: Page }> {
  const browser = new Browser(from(address));
  await signIn(browser, start.verification_uri, bob);
  const page = await browser.submit(await browser.open(start.verification_uri), { user_code: start.user_code });
  return { browser, page };
}
const [pending, wrong] = ["400 authorization_pending", "These are not the last four letters"];
const approve = (tail: string) => ({ decision: "approve", tail });
const audited = (event: string) => broker.lines.filter((l) => l.includes(`"event":"${event}"`)).length;

describe("S-07: asker and approver on different networks", () => {
  test("the one with the terminal types the last four letters, in any spelling, and is logged in", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    expect(plainText(page)).toContain(`${terminal} This browser ${desk} (another network)`);
    const done = await browser.submit(page, approve(` ${start.user_code.slice(-4).toLowerCase().split("").join(" ")}`));
    expect(heading(done)).toBe("Logged in");
    expect(await ask(start)).toBe("200");
  });

  test("all twelve letters are as good", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    expect(heading(await browser.submit(page, approve(start.user_code)))).toBe("Logged in");
  });

  test("the first four letters, which the page shows, are not", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    const again = await browser.submit(page, approve(start.user_code.slice(0, 4)));
    expect([again.status, plainText(again).includes(wrong)]).toEqual([400, true]);
    expect(await ask(start)).toBe(pending);
  });

  test("three wrong ends burn the login; even the right one comes too late", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    for (const tail of ["BBBB", "CCCC"]) {
      expect(plainText(await browser.submit(page, approve(tail)))).toContain(wrong);
    }
    expect(await ask(start)).toBe(pending);
    const before = audited("device.burnt");
    expect(heading(await browser.submit(page, approve("DDDD")))).toBe("Ended");
    expect(audited("device.burnt")).toBe(before + 1);
    expect((await browser.submit(page, approve(start.user_code.slice(-4)))).status).toBe(400);
    expect(await ask(start)).toBe("400 access_denied");
  });

  test("in parallel, guesses are three too", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    const before = audited("device.wrong_tail");
    const tails = Array.from({ length: 40 }, (_, i) => `B${"CDFGHJKLMN"[i % 10]}${"PQRST"[i % 5]}B`);
    await Promise.all(tails.map((tail) => browser.submit(page, approve(tail))));
    expect(await ask(start)).toBe("400 access_denied");
    // Beyond three nothing is compared; the five of the person's own budget may still be told "wrong".
    expect(audited("device.wrong_tail") - before).toBeLessThanOrEqual(5);
  });

  test("a wrong end counts like a wrong code", async () => {
    for (let login = 0; login < 2; login++) {
      const { browser, page } = await enter(await begin(), desk);
      for (const tail of ["BBBB", "CCCC"]) expect((await browser.submit(page, approve(tail))).status).toBe(400);
    }
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    expect((await browser.submit(page, approve("BBBB"))).status, "the fifth").toBe(400);
    expect(heading(await browser.submit(page, approve(start.user_code))), "the sixth").toBe("Too many attempts");
    expect(heading((await enter(await begin(), desk)).page)).toBe("Too many attempts");
  });

  test("the same network needs no letters, and another address of it is the same network", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, next);
    expect(plainText(page)).toContain(start.user_code);
    expect(plainText(page)).toContain(`${next} (the same network)`);
    expect(heading(await browser.submit(page, { decision: "approve" }))).toBe("Logged in");
  });

  test("who walks away between looking and approving is asked all the same", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, next);
    const session = browser.cookie("cloudpass") ?? "";
    const elsewhere = new Browser(from(desk));
    elsewhere.setCookie(broker.issuer, "cloudpass", session);
    const again = await elsewhere.submit(page, { decision: "approve" });
    expect([again.status, plainText(again).includes("The last four letters are missing")]).toEqual([400, true]);
    expect(await ask(start)).toBe(pending);
  });

  test("refusing needs no letters", async () => {
    const start = await begin();
    const { browser, page } = await enter(start, desk);
    expect(heading(await browser.submit(page, { decision: "deny" }))).toBe("Refused");
    expect(await ask(start)).toBe("400 access_denied");
  });
});

describe("S-07: a client's own rule", () => {
  test("deny: the page says so, and the login is refused", async () => {
    const start = await begin("strict");
    const { page } = await enter(start, desk);
    expect([page.status, heading(page)]).toEqual([403, "Started on another network"]);
    expect(await ask(start)).toBe("400 access_denied");
  });

  test("deny: who goes elsewhere between looking and approving is refused, too", async () => {
    const start = await begin("strict");
    const { browser, page } = await enter(start, next);
    expect(heading(page)).toBe("Is this you?");
    const elsewhere = new Browser(from(desk));
    elsewhere.setCookie(broker.issuer, "cloudpass", browser.cookie("cloudpass") ?? "");
    const answer = await elsewhere.submit(page, approve(start.user_code.slice(-4)));
    expect([answer.status, heading(answer)]).toEqual([403, "Started on another network"]);
    expect(await ask(start)).toBe("400 access_denied");
  });

  test("allow-insecure: both addresses and a warning, but no letters", async () => {
    const start = await begin("loose");
    const { browser, page } = await enter(start, desk);
    const text = plainText(page);
    for (const part of [start.user_code, terminal, `${desk} (another network)`, "without a further question"]) {
      expect(text).toContain(part);
    }
    expect(heading(await browser.submit(page, { decision: "approve" }))).toBe("Logged in");
  });
});
