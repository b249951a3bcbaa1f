import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bearerCodes,
  oauthCodes,
  pageCodes,
  problemCodes,
  refusal,
  requestCodes,
  scimCodes,
  seconds,
} from "../../../src/core/index.ts";
import { cookieHeader, cookieReader } from "../../../src/http/cookies.ts";
import { formatBearerError } from "../../../src/http/error-formats/bearer.ts";
import { formatOAuthError } from "../../../src/http/error-formats/oauth.ts";
import { formatPageError } from "../../../src/http/error-formats/page.ts";
import { formatProblem } from "../../../src/http/error-formats/problem.ts";
import { formatScimError } from "../../../src/http/error-formats/scim.ts";
import { errorPage, html, languages } from "../../../src/http/index.ts";

describe("every refusal can be said, by each format that may say it", () => {
  const sentence = 'a "sentence" with ü and \\';

  test.each([...requestCodes, ...oauthCodes])("to a program: %s", (code) => {
    const { status, body } = formatOAuthError(refusal(code, sentence));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.error).toMatch(/^[a-z_]+$/);
    expect(body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  test.each([...requestCodes, ...bearerCodes])("to who brings a token: %s", (code) => {
    const { status, headers } = formatBearerError(refusal(code, sentence));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const isOfToken = bearerCodes.some((c) => c === code);
    expect(headers["www-authenticate"]).toEqual(
      isOfToken ? expect.stringMatching(/^(Bearer|DPoP) [\x20-\x7e]+$/) : undefined,
    );
    // Only there a broken proof means that nobody was authorized (RFC 9449 section 7.1).
    if (code === "invalid_dpop_proof") expect(status).toBe(401);
  });

  test.each([...requestCodes, ...bearerCodes, ...problemCodes])("to the console: %s", (code) => {
    const { status, body } = formatProblem(refusal(code, sentence), "id-1");
    expect(body).toEqual({
      type: `urn:cloudpass:problem:${code}`,
      title: expect.stringMatching(/^[A-Z][A-Za-z ]+$/),
      status,
      detail: sentence,
      instance: "urn:uuid:id-1",
    });
  });

  test.each([...requestCodes, ...bearerCodes, ...scimCodes])("to a directory: %s", (code) => {
    const { status, body } = formatScimError(refusal(code, sentence));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const { scimType = "none", ...rest } = body as Record<string, unknown>;
    expect(rest).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      detail: sentence,
    });
    expect(scimType).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test.each([...requestCodes, ...pageCodes])("to people: %s", (code) => {
    const pages = languages.map((language) => formatPageError(language, refusal(code, "x")));
    for (const page of pages) {
      expect([page.title, page.message, page.advice].every((t) => t.length > 5)).toBe(true);
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.status).toBeLessThan(500);
    }
    expect(new Set(pages.map((p) => p.title)).size, "in each language its own words").toBe(languages.length);
  });

  test("what may be said of any request has one status", () => {
    for (const code of requestCodes) {
      const { status } = formatOAuthError(refusal(code, "x"));
      expect(formatBearerError(refusal(code, "x")).status).toBe(status);
      expect(formatProblem(refusal(code, "x"), "id").status).toBe(status);
      expect(formatPageError("en", refusal(code, "x")).status).toBe(status);
    }
  });

  test("the registered codes are said as they are", () => {
    const registered = [
      "authorization_pending",
      "slow_down",
      "access_denied",
      "expired_token",
      "invalid_grant",
      "invalid_target",
    ] as const;
    for (const code of registered)
      expect(formatOAuthError(refusal(code, "x"))).toMatchObject({ status: 400, body: { error: code }, headers: {} });
    expect(formatBearerError(refusal("invalid_token", "x")).headers["www-authenticate"]).toMatch(
      /^Bearer error="invalid_token"/,
    );
  });
});

test("rfc6749 5.2: who failed to say which client it is, and nobody else, is told the scheme", () => {
  const challenges = (codes: readonly (typeof oauthCodes | typeof requestCodes)[number][]) =>
    codes.map((code) => formatOAuthError(refusal(code, "x")).headers["www-authenticate"]);
  expect(challenges(["invalid_client"])).toEqual(['Basic realm="cloudpass"']);
  const others = [...requestCodes, ...oauthCodes].filter((code) => code !== "invalid_client");
  expect(new Set(challenges(others))).toEqual(new Set([undefined]));
});

test("what may be said of any request has one of OAuth's words: of too many, that a program may try again", () => {
  const said = requestCodes.map((code) => [code, formatOAuthError(refusal(code, "x")).body.error]);
  const others = Object.fromEntries(said.filter(([, word]) => word !== "invalid_request"));
  expect(others).toEqual({ invalid_target: "invalid_target", too_many_requests: "temporarily_unavailable" });
});

describe("pages", () => {
  test("escape whatever is put in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "a", "/") as fc.Arbitrary<string> }),
        (evil) => {
          const page = html`<p title="${evil}">${[evil, html`<b>${evil}</b>`]}</p>`.text;
          expect(page.match(/[<>]/g)?.length).toBe(8);
          expect(page.match(/"/g)?.length).toBe(2);
        },
      ),
    );
  });

  test("of an error say what, what to do, and the id", () => {
    const said = { title: "Title", message: "<script>alert(1)</script>", advice: "Advice." };
    const page = errorPage("de", said, "id-1");
    expect(page).toContain('<html lang="de">');
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toContain("<script");
    for (const part of ["Title", "Advice.", "id-1"]) expect(page).toContain(part);
  });
});

describe("cookies", () => {
  const cookies = [
    { name: "__Host-a", value: "v" },
    { name: "__Host-b", value: undefined },
    { name: "__Host-c", value: "v", maxAge: seconds(600) },
  ];
  const written = (insecure: boolean) => cookies.map((cookie) => cookieHeader(cookie, insecure));

  test("are for this host, this site, https and no script; a deleted one too", () => {
    expect(written(false)).toEqual([
      "__Host-a=v; Path=/; HttpOnly; SameSite=Lax; Secure",
      "__Host-b=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0",
      "__Host-c=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600",
    ]);
    expect(written(true).join()).not.toContain("Secure");
  });

  test.each<[string | undefined, string | undefined]>([
    ["a=1; sid=x; b=2", "x"],
    ["sid=first; sid=second", undefined],
    ["sid=; sid=x", undefined],
    ["xsid=1; sidx=2", undefined],
    ["sid", undefined],
    ["=sid; sid=", ""],
    ["\tsid =\t x ", "x"],
    ["\u00a0sid=x; sid\u00a0=x; \u00a0 sid=x", undefined],
    ["sid=\u00a0x", "\u00a0x"],
    [undefined, undefined],
  ])("are read from %j as %j", (header, value) => expect(cookieReader(header).read("sid")).toBe(value));
});
