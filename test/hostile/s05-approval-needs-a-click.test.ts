import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, type Page } from "../support/browser.ts";
import {
  type DeviceStart,
  embeddedVisitor,
  poll,
  signIn,
  startDevice,
  toConfirmation,
} from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
let start: DeviceStart;
let confirm: Page;
let fields: Record<string, string>;
const broker = shared(boot);
beforeAll(async () => {
  await signIn(browser, `${broker.issuer}/device`, bob);
});
beforeEach(async () => {
  start = await startDevice(broker.issuer, { client_id: "gx1" });
  confirm = await toConfirmation(browser, start.verification_uri_complete, bob);
  fields = { ...forms(confirm)[0]?.fields, decision: "approve" };
});

const state = async () => outcome(await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code }));
const cookie = () => `cloudpass=${browser.cookie("cloudpass") ?? ""}`;
const post = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${broker.issuer}/device/confirm`, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { cookie: cookie(), ...headers },
    redirect: "manual",
  }).then((r) => r.status);

describe("S-05: approval needs a POST with the session's token, from our own page, and a click:", () => {
  test("no sequence of GETs approves, whatever they carry", async () => {
    const query = new URLSearchParams(fields);
    const paths = [
      `/device?${query}`,
      `/device/confirm?${query}`,
      `/device/done?${query}`,
      `/device?user_code=${start.user_code}`,
      "/device/confirm",
      "/",
    ];
    for (const method of ["GET", "HEAD"]) {
      for (const path of [...paths, ...paths])
        await fetch(`${broker.issuer}${path}`, { method, headers: { cookie: cookie() } });
    }
    expect(await state()).toBe("400 authorization_pending");
  });

  test.each<[string, () => Promise<number>]>([
    ["a form of another site", () => post(fields, { "sec-fetch-site": "cross-site" })],
    ["a form of a sister site", () => post(fields, { "sec-fetch-site": "same-site" })],
    ["another origin", () => post(fields, { origin: "https://evil.example" })],
    ["our name on another port", () => post(fields, { origin: "http://127.0.0.1:1" })],
    [
      "an origin that agrees with a forged Host (rebinding)",
      () => post(fields, { origin: "http://evil.example", "x-forwarded-host": "evil.example" }),
    ],
    ["an origin that is no address", () => post(fields, { origin: "http://[" })],
    ["no token", () => post({ ...fields, form_token: "" })],
    [
      "a token of the page before",
      async () =>
        post({
          ...fields,
          form_token: forms(await browser.open(`${broker.issuer}/device`))[0]?.fields["form_token"] ?? "",
        }),
    ],
    ["no cookie", () => post(fields, { cookie: "" })],
    [
      "somebody else's session",
      async () => {
        const mallory = new Browser();
        await signIn(mallory, `${broker.issuer}/device`, bob);
        return post(fields, { cookie: `cloudpass=${mallory.cookie("cloudpass")}` });
      },
    ],
  ])("not by %s", async (_how, attack) => {
    const status = await attack();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await state()).toBe("400 authorization_pending");
  });

  test.each(["same-origin", "none"])(
    "but by our own page (Sec-Fetch-Site: %s), whose Origin is null under no-referrer",
    async (site) => {
      expect(await post(fields, { "sec-fetch-site": site, origin: "null" })).toBe(303);
      expect(await state()).toBe("200");
    },
  );
});
