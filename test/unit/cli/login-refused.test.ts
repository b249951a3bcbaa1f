import { ResponseBodyError } from "openid-client";
import { expect, test } from "vitest";
import { formatLoginRefused } from "../../../src/cli/user/login/refused.ts";
import { type LoginRefused, loginRefused } from "../../../src/core/index.ts";

const answer = (error: string, error_description?: string) =>
  new ResponseBodyError("the server refused", {
    cause: { error, ...(error_description !== undefined && { error_description }) },
    response: new Response(undefined, { status: 400 }),
  });

const settings = { issuer: "https://login.example", caFile: undefined, typed: {} };

test("every reason of the broker has words and a way on of its own", () => {
  const reasons = Object.keys(loginRefused) as LoginRefused[];
  const said = reasons.map((why) => formatLoginRefused(settings, answer("access_denied", loginRefused[why])));
  const means = new Set(said.map((failure) => failure?.means));
  expect(means.size).toBe(reasons.length);
  for (const failure of said) expect(failure?.fix).toMatch(/./);
});

test("what is told can be told: printable ASCII without quotes (RFC 6749 section 5.2)", () => {
  for (const message of Object.values(loginRefused)) expect(message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
});

test("a code that was confirmed elsewhere is no plain invalid_grant", () => {
  expect(formatLoginRefused(settings, answer("invalid_grant", loginRefused.elsewhere))?.fix).toContain("--device");
  expect(formatLoginRefused(settings, answer("invalid_grant", "the authorization code is not valid"))).toBeUndefined();
});

test("an older or other broker's reason is quoted, and cannot move the cursor", () => {
  expect(formatLoginRefused(settings, answer("access_denied", "no right on \u001b[2Jgx1"))?.means).toBe(
    "The broker says: no right on \ufffd[2Jgx1.",
  );
  expect(formatLoginRefused(settings, answer("access_denied"))?.means).toBe("The broker did not say why.");
});
