import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);

test("S-18: a cookie is a reference of 256 random bits; changed by a character it is refused, not repaired", async () => {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/device`, bob);
  const value = browser.cookie("cloudpass") ?? "";
  expect(value).toMatch(/^[\w-]{43}$/);
  for (let at = 0; at < value.length; at += 6) {
    browser.setCookie(
      broker.issuer,
      "cloudpass",
      value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1),
    );
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Sign in");
  }
  browser.setCookie(broker.issuer, "cloudpass", value);
  expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Log in a terminal");
});
