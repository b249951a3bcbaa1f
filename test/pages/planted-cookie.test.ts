import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificate } from "../support/certificates.ts";
import { startRealBrowser } from "../support/real-browser.ts";
import { secureFront } from "../support/secure-front.ts";
import { somebody } from "../unit/issuer/kit.ts";

// Chromium finds *.localhost on this machine: a broker by https, and a sibling of the same site that an attacker has.
const [home, evil, site] = ["login.site.localhost", "evil.site.localhost", "site.localhost"];

const front = secureFront();
const certificate = makeCertificate({ name: home, hosts: [home], ends: 1 });
const broker = createTlsServer(certificate, front.listener);
let planted = "";
const sibling = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html", "set-cookie": planted }).end("hello");
});
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
let browser: Browser;
beforeAll(async () => {
  await Promise.all([listen(broker as Server), listen(sibling)]);
  browser = await startRealBrowser();
});
afterAll(async () => {
  await browser?.close();
  for (const server of [broker, sibling]) server.close();
  await front.stop();
});

/** What the broker hears of a browser that was at the sibling, which set this cookie, and may be signed in at home. */
async function visit(cookie: string, signedIn?: string): Promise<{ cookies: string; who?: string }> {
  planted = cookie;
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  let cookies = "";
  const listening: RequestListener = (request) => {
    cookies = request.headers.cookie ?? "";
  };
  broker.on("request", listening);
  const page = await context.newPage();
  if (signedIn !== undefined) {
    const url = `https://${home}:${portOf(broker as Server)}`;
    await context.addCookies([{ url, name: "__Host-cloudpass", value: signedIn, secure: true, httpOnly: true }]);
  }
  await page.goto(`http://${evil}:${portOf(sibling)}/`);
  await page.goto(`https://${home}:${portOf(broker as Server)}/who`);
  const text = (await page.textContent("body")) ?? "{}";
  broker.off("request", listening);
  await context.close();
  return { cookies, ...(JSON.parse(text) as { who?: string }) };
}

test("S-71: what a sibling host sets under a name that only looks like ours signs nobody in, and the browser does send it", async () => {
  const attacker = await front.signIn(somebody("attacker"));
  const cookie = `\u00a0__Host-cloudpass=${attacker}; Domain=${site}; Path=/`;
  const alone = await visit(cookie);
  expect(alone.cookies).toContain("\u00a0__Host-cloudpass=");
  expect(alone.who).toBeUndefined();
  const victim = await front.signIn(somebody("victim"));
  expect((await visit(cookie, victim)).who).toBe(somebody("victim").sub);
});

test("S-71: the browser itself keeps the true names for the host", async () => {
  const attacker = await front.signIn(somebody("attacker"));
  for (const name of ["__Host-cloudpass", "__host-cloudpass", " __Host-cloudpass", "", "\t__Host-cloudpass"]) {
    const nameless = name === "" ? "=__Host-cloudpass" : name;
    const { cookies, who } = await visit(`${nameless}=${attacker}; Domain=${site}; Path=/`);
    expect([cookies, who], name).toEqual(["", undefined]);
  }
});
