import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openLoopbackRedirect } from "../../../src/cli/loopback-redirect.ts";
import { systemClock } from "../../../src/core/index.ts";

async function pageFor(language: string | undefined) {
  const door = await openLoopbackRedirect();
  try {
    const arrived = door.arrival(systemClock, { seconds: 60, fix: "", state: "s" });
    const headers = language === undefined ? {} : { "accept-language": language };
    const [answer] = await Promise.all([
      fetch(`${door.redirectUri}?code=c&state=s`, { headers }),
      arrived.then((arrival) => arrival.answer("logged in")),
    ]);
    return { answer, page: await answer.text() };
  } finally {
    door.close();
  }
}

describe("the page that the command's own login ends on", () => {
  test.each([
    ["de-CH, de;q=0.9, en;q=0.8", "de", "Angemeldet"],
    ["en-GB, de;q=0.5", "en", "Logged in"],
    ["fr", "en", "Logged in"],
    [undefined, "en", "Logged in"],
  ])("a browser that likes %s reads %s", async (accepted, language, title) => {
    const { answer, page } = await pageFor(accepted);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(answer.headers.get("content-language")).toBe(language);
    expect(answer.headers.get("vary")).toBe("accept-language");
  });

  test("has the strict headers of the broker's pages, and a policy that allows its one style and nothing else", async () => {
    const { answer, page } = await pageFor("en");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(answer.headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page).not.toMatch(/<script|style=|https?:/);
  });
});
