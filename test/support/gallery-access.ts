import { Browser } from "./browser.ts";
import { embeddedVisitor, signIn } from "./device-login.ts";
import type { Walk } from "./gallery.ts";
import type { BootedWithRepository } from "./tenant-repository.ts";

/** Lets the people of customer A ask for the auditor's set. */
export async function letAsk({ push, textOf }: BootedWithRepository): Promise<void> {
  const file = "customer-a/policy.yaml";
  await push(file, `${await textOf(file)}requestable: { sets: [auditor], longest: 3d }\n`);
}

/** Walks through the pages of access requests, as alice, who manages customer A; bob asks. */
export async function accessPages({ issuer, page, go, press, look }: Walk): Promise<void> {
  await go("/access");
  await look("access", page);
  await press("main button[type=submit]");
  await look("access-problem", page);
  await page.selectOption("#set", "auditor");
  await page.check("[name='at.gx1']");
  await page.fill("#reason", "the books of May");
  await press("main button[type=submit]");
  await look("access-asked", page);
  const bob = new Browser();
  const form = await signIn(bob, `${issuer}/access`, embeddedVisitor("bob@a.example"));
  const wish = { set: "auditor", "at.gx1": "yes", "at.gx2": "yes", for: "8h", reason: "the shop is down" };
  const asked = await bob.submit(form, wish);
  await go("/console/customer-a/requests");
  await look("console-requests", page);
  await go(`/console/customer-a/requests/${new URL(asked.url).pathname.split("/").at(-1)}`);
  await look("console-request", page);
  await press("button[value=preview]");
  await look("console-request-preview", page);
  await press("button[value=approve]");
  await look("console-request-approved", page);
}
