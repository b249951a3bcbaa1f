import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, type Page } from "../support/browser.ts";
import { embeddedVisitor, signIn, startDevice, toConfirmation } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const pages: Record<string, Page> = {};
const names = [
  "sign in",
  "leaving",
  "enter code",
  "confirm",
  "done",
  "unknown code",
  "callback refused",
  "not found",
  "forged form",
  "unknown organization",
  "wrong method",
];
const broker = shared(boot);
beforeAll(async () => {
  const browser = new Browser();
  const bob = embeddedVisitor("bob@a.example");
  const open = (path: string) => browser.open(`${broker.issuer}${path}`);
  pages["sign in"] = await open("/login");
  pages["unknown organization"] = await open("/login?tenant=nobody");
  const leaving = await fetch(`${broker.issuer}/login?tenant=customer-a`);
  pages["leaving"] = { url: leaving.url, status: leaving.status, text: await leaving.text(), headers: leaving.headers };
  await signIn(browser, `${broker.issuer}/device`, bob);
  pages["enter code"] = await open("/device");
  pages["unknown code"] = await browser.submit(pages["enter code"], { user_code: "BCDF-GHJK-LMNP" });
  const start = await startDevice(broker.issuer, { client_id: "gx1" });
  pages["confirm"] = await toConfirmation(browser, start.verification_uri_complete, bob);
  pages["forged form"] = await browser.submit(pages["confirm"], { form_token: "x", decision: "approve" });
  pages["done"] = await browser.submit(pages["confirm"], { decision: "deny" });
  pages["callback refused"] = await open("/login/callback?state=x");
  pages["not found"] = await open("/nowhere");
  const wrong = await fetch(`${broker.issuer}/device`, { method: "DELETE", headers: { accept: "text/html" } });
  pages["wrong method"] = { url: wrong.url, status: wrong.status, text: await wrong.text(), headers: wrong.headers };
});

describe.each(names)("S-21: the page «%s»", (name) => {
  const page = () => pages[name] as Page;

  test("runs no script, is framed by nobody, sends no referrer, is kept by nobody", () => {
    const header = (h: string) => page().headers.get(h) ?? "";
    const csp = Object.fromEntries(
      header("content-security-policy")
        .split(";")
        .map((d) => [d.split(" ")[0], d.split(" ").slice(1).join(" ")]),
    );
    expect(csp).toEqual({
      "default-src": "'none'",
      "style-src": "'self'",
      "img-src": "'self'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
    });
    expect(header("referrer-policy")).toBe("no-referrer");
    expect(header("cache-control")).toBe("no-store");
    expect(header("x-frame-options")).toBe("DENY");
    expect(header("x-content-type-options")).toBe("nosniff");
    expect(header("content-type")).toBe("text/html; charset=utf-8");
    expect(header("x-powered-by")).toBe("");
    expect(header("access-control-allow-origin")).toBe("");
  });

  test("holds nothing inline and nothing from elsewhere, and its forms come back to us", () => {
    const { text } = page();
    expect(text).not.toMatch(/<script|<style|\son\w+=|style=|javascript:/i);
    for (const [, url = ""] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      if (name !== "leaving") expect(url).toMatch(/^\//);
    }
    for (const form of forms(page())) expect(new URL(form.action).origin).toBe(broker.issuer);
  });
});

test("S-21: a redirect after a form is 303, so that no form is ever sent twice", async () => {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("bob@a.example"));
  const start = await startDevice(broker.issuer, { client_id: "gx1" });
  const confirm = await toConfirmation(browser, start.verification_uri_complete, embeddedVisitor("bob@a.example"));
  await browser.submit(confirm, { decision: "approve" });
  const posts = browser.trace.filter((t) => t.startsWith("POST") && t.includes(broker.issuer) && !t.includes("/login"));
  expect(new Set(posts.map((t) => t.split(" ").at(-1)))).toEqual(new Set(["303"]));
});
