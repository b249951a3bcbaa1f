import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const bob = embeddedVisitor("bob@a.example");

test("S-20: a session id set beforehand is never adopted; the one before ends at a new sign-in", async () => {
  const victim = new Browser();
  const planted = "A".repeat(43);
  victim.setCookie(broker.issuer, "cloudpass", planted);
  await signIn(victim, `${broker.issuer}/device`, bob);
  const first = victim.cookie("cloudpass") ?? "";
  expect(first).not.toBe(planted);
  const attacker = new Browser();
  attacker.setCookie(broker.issuer, "cloudpass", planted);
  expect(heading(await attacker.open(`${broker.issuer}/device`))).toBe("Sign in");
  await victim.submit(await victim.open(`${broker.issuer}/login?tenant=customer-a`), {});
  expect(victim.cookie("cloudpass")).not.toBe(first);
  attacker.setCookie(broker.issuer, "cloudpass", first);
  expect(heading(await attacker.open(`${broker.issuer}/device`))).toBe("Sign in");
});
