import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading } from "../../support/browser.ts";
import { codeRequest, loopback, toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const bob = embeddedVisitor("bob@a.example");
const browser = new Browser();
const broker = shared(boot);

const confirmation = (more: Record<string, string> = {}, who = browser) =>
  toCodeConfirmation(codeRequest(broker.issuer, "prod1", more), bob, who);

describe("rfc6749 10.12: without the person's own consent there is no code", () => {
  test("not for somebody who is signed in and has confirmed the same before", async () => {
    await browser.submit(await confirmation(), { decision: "approve" }, { stopAt: loopback });
    const again = await confirmation();
    expect(heading(again)).toBe("Log in to a program?");
    const silent = await confirmation({ prompt: "none" });
    expect(new URL(silent.stopped ?? "").searchParams.get("error")).toBe("consent_required");
  });

  test("not for somebody who has not signed in: that comes first", async () => {
    const stranger = new Browser();
    const page = await stranger.open(codeRequest(broker.issuer, "prod1").url, loopback);
    expect(heading(page)).toBe("Sign in");
    const again = await stranger.open(page.url.replace("/login?", "/authorize/confirm?"), loopback);
    expect([heading(again), again.stopped]).toEqual(["Sign in", undefined]);
  });

  test("not in another browser, even with the address of the page", async () => {
    const page = await confirmation();
    const [withLogin, without] = [new Browser(), new Browser()];
    await confirmation({}, withLogin);
    await signIn(without, `${broker.issuer}/device`, bob);
    for (const other of [withLogin, without])
      expect(heading(await other.open(page.url))).toBe("The sign-in took too long");
  });

  test("not by a form of another login, of another site, or without its token", async () => {
    const first = await confirmation();
    const page = await confirmation();
    const token = /name="form_token" value="([^"]+)"/.exec(first.text)?.[1] ?? "";
    for (const form_token of [token, "", "x"]) {
      const forged = await browser.submit(page, { form_token, decision: "approve" }, { stopAt: loopback });
      expect(heading(forged)).toBe("This form did not come from our page");
      expect(forged.stopped).toBeUndefined();
    }
    const action = forms(page)[0]?.action ?? "";
    const foreign = await fetch(action, {
      method: "POST",
      headers: { "sec-fetch-site": "cross-site" },
      body: new URLSearchParams({ decision: "approve" }),
    });
    expect(foreign.status).toBe(403);
  });

  test("not by a link: what confirms is a POST", async () => {
    const page = await confirmation();
    const opened = await browser.open(`${page.url}&decision=approve`, loopback);
    expect(opened.stopped).toBeUndefined();
    expect(heading(opened)).toBe("Log in to a program?");
  });
});
