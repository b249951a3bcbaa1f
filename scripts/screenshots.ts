import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium as launcher } from "playwright-core";
import { chromium } from "../test/rigs/index.ts";
import { boot } from "../test/support/boot.ts";
import { startDevice } from "../test/support/device-login.ts";

// Pictures of the pages for the docs, taken from a running broker: `npm run screenshots`.

const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
await mkdir(folder, { recursive: true });
const booted = await boot();
const { executable } = await chromium();
// Flags for a machine without a network: the browser looks for nothing but the page.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const browser = await launcher.launch({ executablePath: executable, args });
try {
  const page = await browser.newPage({ viewport: { width: 720, height: 520 }, deviceScaleFactor: 1.5 });
  const shoot = (name: string) => page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
  const started = await startDevice(booted.issuer, {
    client_id: "cloudpass",
    scope: "openid profile email groups offline_access",
  });
  await page.goto(started.verification_uri_complete);
  await shoot("sign-in");
  await page.fill("#email", "alice@a.example");
  await page.click("button");
  await page.fill("[name=username]", "alice");
  await page.fill("[name=password]", "alice");
  await page.click("button");
  await page.waitForURL(/\/device\?/);
  await shoot("enter-code");
  await page.click("button");
  await page.waitForURL(/confirm/);
  await shoot("confirm");
  await page.setViewportSize({ width: 360, height: 640 });
  await shoot("confirm-phone");
  await page.setViewportSize({ width: 720, height: 520 });
  await page.click("button[value=approve]");
  await page.waitForURL(/done/);
  await shoot("done");
} finally {
  await browser.close();
  await booted.stop();
}
console.log(`pictures in ${folder}`);
