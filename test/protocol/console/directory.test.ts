import { expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { askScim, scimYaml } from "../../support/scim.ts";
import { shared } from "../../support/shared.ts";

// A domain manager's page of the directory.

const broker = shared(() => boot({ yaml: scimYaml(false) }));

test("a token is made on a page, shown once, pushes, and is revoked there", { timeout: 60_000 }, async () => {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  const address = `${broker.issuer}/console/customer-a/directory`;
  const page = await browser.open(address);
  expect(heading(page)).toBe("Directory");
  expect(page.text).toContain(`${broker.issuer}/scim/v2`);
  const wrong = await browser.submit(page, { days: "400" });
  expect(wrong.text).toContain("a number from 1 to 366");
  expect(wrong.text).toContain('value="400"');
  const made = await browser.submit(wrong, { days: "30" });
  const secret = /cloudpass-scim-[\w-]{43}/.exec(made.text)?.[0];
  expect((await askScim(broker.issuer, secret, "/Users")).status).toBe(200);
  const listed = await browser.open(address);
  expect(listed.text).not.toContain("cloudpass-scim-");
  const gone = await browser.submit(listed, {});
  expect(gone.text).toContain("There is no token yet.");
  expect((await askScim(broker.issuer, secret, "/Users")).status).toBe(401);
  const other = await browser.open(`${broker.issuer}/console/customer-b/directory`);
  expect(heading(other)).toBe("There is nothing here");
});
