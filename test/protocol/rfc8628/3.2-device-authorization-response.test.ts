import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { postForm } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const ask = (form: Record<string, string>) => postForm(`${broker.issuer}/device_authorization`, form);

describe("3.2, 6.1: the device authorization response", () => {
  test("has exactly the standard's fields, of the standard's types", async () => {
    const { status, body, headers } = await ask({ client_id: "gx1" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(
        /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/,
      ),
      verification_uri: `${broker.issuer}/device`,
      verification_uri_complete: `${broker.issuer}/device?user_code=${String(body["user_code"])}`,
      expires_in: 300,
      interval: 5,
    });
  });

  test("never has a code twice", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask({ client_id: "gx1" })));
    for (const field of ["device_code", "user_code"]) expect(new Set(answers.map((a) => a.body[field])).size).toBe(50);
  });
});
