import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Booted } from "../support/boot.ts";
import { codeRequest, redeemCode } from "../support/code-login.ts";
import { type DeviceStart, poll, postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { bootGallery } from "../support/gallery.ts";
import { startRealBrowser } from "../support/real-browser.ts";

// Two clicks where one was meant, in a real browser, while the realm takes its time: the browser gives up the first answer and
// shows the second.

let browser: Browser;
let broker: Booted;
let context: BrowserContext;
let page: Page;
const here = { "x-forwarded-for": "198.51.100.7" };
const slowMillis = 400;

beforeAll(async () => {
  browser = await startRealBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  broker = await bootGallery();
  context = await browser.newContext({ extraHTTPHeaders: here });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${broker.issuer}/login?tenant=customer-a&to=account`);
  await page.fill("[name=username]", "alice");
  await page.fill("[name=password]", "alice");
  await page.click("button");
  await page.waitForURL(/\/account$/);
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (...args) => {
    const url = args[0] instanceof Request ? args[0].url : String(args[0]);
    if (url.startsWith(broker.idp.issuer)) await new Promise((resolve) => setTimeout(resolve, slowMillis));
    return real(...args);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await context.close();
  await broker.stop();
});

/** Clicks twice, as fast as a hand does, and looks at what the browser shows in the end. */
async function twice(button: string, end: string): Promise<void> {
  await page.dblclick(button, { noWaitAfter: true, delay: 20 });
  await page.getByRole("heading", { level: 1, name: end }).waitFor();
}
const begin = async (): Promise<DeviceStart> =>
  (await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, here)).body as unknown as DeviceStart;
const ask = async ({ device_code }: DeviceStart) =>
  outcome(await poll(broker.issuer, { client_id: "gx1", device_code }));
const heard = (event: string) => broker.lines.filter((line) => line.includes(`"event":"${event}"`)).length;

test("“Yes, I started this” of a device login: logged in", async () => {
  const start = await begin();
  await page.goto(start.verification_uri_complete);
  await twice("button", "Is this you?");
  await twice("button[value=approve]", "Logged in");
  expect(await ask(start)).toBe("200");
  expect(heard("device.approved")).toBe(1);
});

test("“No, refuse” of a device login: refused", async () => {
  const start = await begin();
  await page.goto(start.verification_uri_complete);
  await page.click("button");
  await twice("button[value=deny]", "Refused");
  expect([await ask(start), heard("device.denied")]).toEqual(["400 access_denied", 1]);
});

test("“This was not me”: ended", async () => {
  const start = await begin();
  await page.goto(start.verification_uri_complete);
  await page.click("button");
  await page.click("button[value=approve]");
  await twice("form[action='/device/disown'] button", "Ended");
  expect(await ask(start)).toBe("400 access_denied");
});

test("“Yes, I started this” of a program's login: the program gets one code, which is good", async () => {
  const request = codeRequest(broker.issuer, "gx1", { redirect_uri: "http://127.0.0.1:9/callback" });
  const asked = page.waitForRequest((r) => r.url().startsWith(request.redirectUri));
  await page.route("http://127.0.0.1:9/**", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<h1>There</h1>" }),
  );
  await page.goto(request.url);
  await twice("button[value=approve]", "There");
  const tokens = await redeemCode(broker.issuer, "gx1", request, new URL((await asked).url()), {});
  expect(heard("authorization.approved")).toBe(1);
  expect(tokens.status).toBe(200);
});

test("“End this login” and “Sign out”: done once, said once", async () => {
  const start = await begin();
  await page.goto(start.verification_uri_complete);
  await page.click("button");
  await page.click("button[value=approve]");
  await ask(start);
  await page.goto(`${broker.issuer}/account`);
  await twice("button[value=end]", "Your sessions and logins");
  await page.getByText("Ended. The program or browser gets nothing more.").waitFor();
  await page.goto(`${broker.issuer}/end_session`);
  await twice("button", "Signed out");
  expect(heard("session.ended")).toBe(1);
});
