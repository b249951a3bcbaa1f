import { beforeAll, describe, expect, test } from "vitest";
import { wrongPerPerson } from "../../../src/issuer/device/guesses.ts";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading, type Page, plainText } from "../../support/browser.ts";
import { embeddedVisitor, signIn, startDevice } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock, yaml: "trustedProxies: [127.0.0.1]" }));
const bob = embeddedVisitor("bob@a.example");

/** Asks once; answers status and where it leads. */
async function ask(path: string, init: RequestInit = {}): Promise<[number, string | null]> {
  const { status, headers } = await fetch(`${broker.issuer}${path}`, { redirect: "manual", ...init });
  return [status, headers.get("location")];
}

describe("addresses as people type and paste them", () => {
  test.each([
    ["/device/", "/device"],
    ["/Device", "/device"],
    ["/DEVICE/", "/device"],
    ["//device", "/device"],
    ["/device.", "/device"],
    ["/device),", "/device"],
    ["/device%20", "/device"],
    ["/device%E2%80%8B", "/device"],
    ["/Device/?user_code=BCDF-GHJK-LMNP", "/device?user_code=BCDF-GHJK-LMNP"],
    ["/device/?tenant=customer-a", "/device?tenant=customer-a"],
    ["/Account/", "/account"],
    ["/Login?tenant=customer-a", "/login?tenant=customer-a"],
  ])("%s leads to %s", async (typed, to) => expect(await ask(typed)).toEqual([303, to]));

  test.each([
    "/Token",
    "/token/",
    "/Authorize",
    "/jwks/",
    "/device/confirm/",
    "/Device/Disown",
    "/devices",
    "/x/device",
  ])("%s leads nowhere: what programs use and what acts has one address", async (path) =>
    expect((await ask(path))[0]).toBe(404),
  );

  test("a form is not sent on", async () => {
    expect((await ask("/device/", { method: "POST", body: new URLSearchParams({ user_code: "x" }) }))[0]).toBe(404);
  });

  test("nothing that is typed leads to another host", async () => {
    for (const path of ["//evil.example/device", "/\\\\evil.example", "//device//evil.example"]) {
      const [status, to] = await ask(path);
      expect([status, to], path).toEqual([404, null]);
    }
  });
});

describe("codes as people type and paste them", () => {
  let browser: Browser;
  let entry: Page;
  const start = () => startDevice(broker.issuer, { client_id: "gx1" });
  beforeAll(async () => {
    browser = new Browser();
    await signIn(browser, `${broker.issuer}/device`, bob);
    entry = await browser.open(`${broker.issuer}/device`);
  });

  test.each<[string, (code: string) => string]>([
    ["quotes and a line end", (code) => `“${code}”\r\n`],
    ["the whole link", (code) => `${broker.issuer}/device?user_code=${code}`],
    [
      "full-width letters",
      (code) => code.replace(/[A-Z]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ["signs that do not show", (code) => `\u2068${code.replace("-", "\u2011")}\u2069`],
    ["a sentence", (code) => `Please type: ${code}.`],
  ])("with %s: understood", async (_what, paste) => {
    const page = await browser.submit(entry, { user_code: paste((await start()).user_code) });
    expect(heading(page)).toBe("Is this you?");
  });

  test("what cannot be a code costs nothing, however often, and stands there to be mended", async () => {
    for (const typed of [
      "",
      "hello",
      "BCDF-GHJK-LMN",
      "BCDF-GHJK-LMNPQ",
      "1234",
      "<b>&",
      "BCDF-GHJK-LMN3",
      "x".repeat(600),
    ]) {
      const page = await browser.submit(entry, { user_code: typed });
      expect([page.status, heading(page)], typed).toEqual([400, "Log in a terminal"]);
      expect(plainText(page)).toContain("These are not the letters of a code. There are too many or too few");
      expect(forms(page)[0]?.fields["user_code"]).toBe(typed.slice(0, 40));
    }
    const page = await browser.submit(entry, { user_code: (await start()).user_code });
    expect(heading(page)).toBe("Is this you?");
    expect(broker.lines.some((line) => line.includes('"device.unknown_code"'))).toBe(false);
  });

  test("a link whose code was bent on its way is asked about, too", async () => {
    const page = await browser.open(`${broker.issuer}/device?user_code=BCDF`);
    expect(plainText(await browser.submit(page, {}))).toContain("These are not the letters of a code");
  });

  test("an end that cannot be one is no wrong end: the login lives on", async () => {
    const { user_code } = await start();
    const far = new Browser({ "x-forwarded-for": "203.0.113.9" });
    await signIn(far, `${broker.issuer}/device`, bob);
    const page = await far.submit(await far.open(`${broker.issuer}/device`), { user_code });
    for (const tail of ["GHJ", "?????", "no idea", user_code.slice(0, 7)]) {
      const again = await far.submit(page, { decision: "approve", tail });
      expect([again.status, heading(again)], tail).toEqual([400, "Is this you?"]);
    }
    expect(heading(await far.submit(page, { decision: "approve", tail: ` ${user_code.slice(-4)}.` }))).toBe(
      "Logged in",
    );
  });

  test("a code that came too late is called expired, not unknown, and is no guess", async () => {
    const { user_code } = await start();
    clock.advance(301);
    for (let time = 0; time <= wrongPerPerson.limit; time++) {
      const page = await browser.submit(entry, { user_code });
      expect([page.status, heading(page)]).toEqual([400, "The code has expired"]);
    }
    expect(heading(await browser.submit(entry, { user_code: (await start()).user_code }))).toBe("Is this you?");
  });
});

test("a field is marked as wrong for a screen reader when it is, and only then", async () => {
  const browser = new Browser();
  const entry = await signIn(browser, `${broker.issuer}/device`, bob);
  expect(entry.text).not.toContain("aria-invalid");
  const again = await browser.submit(entry, { user_code: "no code" });
  expect(again.text).toContain('aria-invalid="true"');
});

test("the bare address of the broker leads to where a code is entered", async () => {
  expect(await ask("/")).toEqual([303, "/device"]);
});
