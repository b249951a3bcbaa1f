import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { codeRequest, decideCode, loopback, toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

const bob = embeddedVisitor("bob@a.example");

describe("prompt and max_age (OpenID Connect Core 3.1.2.1)", () => {
  test("prompt=none without a session answers login_required, with one consent_required, and shows nothing", async () => {
    const browser = new Browser();
    const told = async () => {
      const page = await browser.open(codeRequest(broker.issuer, "prod1", { prompt: "none" }).url, loopback);
      return new URL(page.stopped ?? "http://nowhere").searchParams.get("error");
    };
    expect(await told()).toBe("login_required");
    await decideCode(codeRequest(broker.issuer, "prod1"), bob, "approve", browser);
    expect(await told()).toBe("consent_required");
  });

  test("prompt=login wants a new sign-in although a session lives", async () => {
    const browser = new Browser();
    await decideCode(codeRequest(broker.issuer, "prod1"), bob, "approve", browser);
    const again = await browser.open(codeRequest(broker.issuer, "prod1").url);
    expect(heading(again)).toBe("Log in to a program?");
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the session must be older than the request, to the second
    const fresh = await toCodeConfirmation(codeRequest(broker.issuer, "prod1", { prompt: "login" }), bob, browser);
    expect(heading(fresh)).toBe("Log in to a program?");
    expect(browser.trace.filter((t) => t.includes("/interaction/") && t.startsWith("POST"))).toHaveLength(2);
  });
});
