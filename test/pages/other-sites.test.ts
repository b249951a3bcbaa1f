import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Booted, boot } from "../support/boot.ts";
import { codeRequest } from "../support/code-login.ts";
import { startRealBrowser } from "../support/real-browser.ts";

// What a real browser sends for another site's images, frames and prefetches, and for its links.

let broker: Booted;
let browser: Browser;
let shown = "";
const site = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end(shown);
});
beforeAll(async () => {
  broker = await boot();
  browser = await startRealBrowser();
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await browser?.close();
  site.close();
  await broker?.stop();
});

const begun = () =>
  broker.lines.filter((line) => /"event":"(login|device)\.started"/.test(line)).length +
  broker.lines.filter((line) => line.includes('"path":"/authorize","status":303')).length;

test("S-79: another site's page begins nothing, however it names our addresses; its link does", async () => {
  const sign = `${broker.issuer}/login?tenant=customer-a`;
  const { url: authorize } = codeRequest(broker.issuer, "gx1");
  const named = [sign, authorize].flatMap((url) => [
    `<img src="${url}">`,
    `<iframe src="${url}"></iframe>`,
    `<object data="${url}"></object>`,
    `<embed src="${url}">`,
    `<link rel="stylesheet" href="${url}">`,
    `<link rel="prefetch" href="${url}">`,
    `<script src="${url}"></script>`,
    `<video src="${url}"></video>`,
    `<script>fetch(${JSON.stringify(url)}, { mode: "no-cors", credentials: "include" })</script>`,
  ]);
  const start = `${broker.issuer}/device_authorization`;
  named.push(
    `<script>fetch("${start}", { method: "POST", mode: "no-cors", body: new URLSearchParams({ client_id: "gx1" }) })</script>`,
    `<form action="${start}" method="post" target="frame"><input name="client_id" value="gx1"></form><iframe name="frame"></iframe><script>document.forms[0].submit()</script>`,
  );
  shown = `<!doctype html><title>news</title>${named.join("\n")}<p><a id="link" href="${sign}">sign in</a></p>`;
  const page = await browser.newPage();
  // Another site: the same machine under another name.
  await page.goto(`http://news.localhost:${(site.address() as AddressInfo).port}/`, { waitUntil: "networkidle" });
  const asked = broker.lines.filter((line) => line.includes('"status":403')).length;
  expect(asked, "the browser asked us").toBeGreaterThanOrEqual(10);
  expect(begun()).toBe(0);
  await page.click("#link");
  await page.waitForURL((url) => url.href.startsWith(sign) || url.href.startsWith(broker.idp.issuer));
  expect(begun()).toBe(1);
  await page.close();
});
