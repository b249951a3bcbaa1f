import { describe, expect, it } from "vitest";
import { harmless } from "../../../src/notices/harmless.ts";
import { noticeKinds } from "../../../src/notices/kinds/index.ts";
import { writeMail } from "../../../src/notices/mail-text.ts";
import { ending, issuer } from "./kit.ts";

describe("what people wrote, in a mail", () => {
  it.each([
    ["see https://evil.example/a?b=c", "see https[:]//evil[.]example/a?b=c"],
    ["www.evil.example", "www[.]evil[.]example"],
    ["evil。example and evil．example", "evil[.]example and evil[.]example"],
    ["anna@customer-a.example", "anna@customer-a[.]example"],
    ["mailto:x@y", "mailto[:]x@y"],
    ["javascript:alert(1)", "javascript[:]alert(1)"],
    ["bücher.example, пример.рф", "bücher[.]example, пример[.]рф"],
    ["ftp://1.2.3.4", "ftp[:]//1.2.3.4"],
    ["http:\n//evil.example", "http[:] //evil[.]example"],
    ["two\r\nBcc: eve@x", "two Bcc: eve@x"],
    ["right\u202eleft, un\u200bseen", "right left, un seen"],
    ["Release 1.2, at 10:30. Thanks.", "Release 1.2, at 10:30. Thanks."],
  ])("%j is written %j", (text, written) => {
    expect(harmless(text)).toBe(written);
  });

  it("is not endless, nor cut within a character", () => {
    expect(harmless("😀".repeat(1_000)).isWellFormed()).toBe(true);
    expect(harmless("x".repeat(10_000)).length).toBeLessThan(600);
  });

  it("becomes no HTML, and no second link", () => {
    const facts = { person: `<img src=x onerror=alert(1)>`, what: `"><a href="https://evil.example">click</a>` };
    const kind = noticeKinds["grant-ending"];
    for (const language of ["en", "de"] as const) {
      const mail = writeMail(kind as never, ending(facts).facts as never, { issuer, language });
      expect(mail.html.match(/<(?!\/)[a-z]+/g)?.sort()).toEqual(
        ["<a", "<body", "<head", "<html", "<meta", "<p", "<p", "<p", "<p", "<small", "<title"].sort(),
      );
      expect(mail.html.match(/href="[^"]*"/g)).toEqual([`href="${issuer}/console/customer-a/grants/g1"`]);
      expect(mail.text).toContain(`\n${issuer}/console/customer-a/grants/g1\n`);
    }
  });

  it("leads to no other page than the kind's", () => {
    const { html } = writeMail(
      noticeKinds["grant-ending"] as never,
      ending({ tenant: "..", grant: "../account?x=<y>#z" }).facts as never,
      { issuer, language: "en" },
    );
    expect(html).toContain(`href="${issuer}/console/%2E%2E/grants/..%2Faccount%3Fx%3D%3Cy%3E%23z"`);
  });

  it.each(Object.entries(noticeKinds))("%s: is said in both languages, and its link is a page of ours", (_, kind) => {
    const facts = new Proxy({}, { get: () => "2026-12-01T08:00:00Z" }) as never;
    for (const language of ["en", "de"] as const) {
      const { subject, paragraphs } = kind.texts[language](facts);
      expect(subject.length).toBeLessThan(100);
      expect(paragraphs.join("").length).toBeGreaterThan(20);
      expect(`${subject}${paragraphs.join("")}`).not.toMatch(/undefined|[\r\n]|https?:/);
    }
    expect(["console", "access"]).toContain(kind.page?.(facts)[0] ?? "console");
  });
});
