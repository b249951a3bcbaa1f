import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { postForm } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const wrong: [string, Record<string, string>, Record<string, string>][] = [
  ["an unknown client", { client_id: "nobody" }, {}],
  ["a known one with a wrong secret", { client_id: "gx1", client_secret: "guess" }, {}],
  ["an unknown one with a secret", { client_id: "nobody", client_secret: "guess" }, {}],
  ["a known one with a wrong secret by Basic", {}, { authorization: `Basic ${btoa("gx1:guess")}` }],
  ["an unknown one by Basic", {}, { authorization: `Basic ${btoa("nobody:guess")}` }],
];

test.each(["/token", "/device_authorization", "/revoke"])(
  "S-58: at %s an unknown client and a wrong secret look the same",
  async (path) => {
    const answers = await Promise.all(
      wrong.map(([, form, headers]) => postForm(`${broker.issuer}${path}`, form, headers)),
    );
    const seen = answers.map(({ status, body, headers }) => {
      const shown = Object.fromEntries(
        [...headers].filter(([name]) => !["date", "x-request-id", "keep-alive"].includes(name)),
      );
      return JSON.stringify({ status, body, shown });
    });
    expect(answers[0]?.status).toBe(401);
    expect(new Set(seen).size).toBe(1);
  },
);

test("S-58: an unknown device code, another client's and a used one are told apart by nobody else", async () => {
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: "gx2" };
  const start = await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" });
  const foreign = await postForm(`${broker.issuer}/token`, { ...form, device_code: String(start.body["device_code"]) });
  const unknown = await postForm(`${broker.issuer}/token`, { ...form, device_code: "guess" });
  expect([foreign.status, foreign.body]).toEqual([unknown.status, unknown.body]);
});
