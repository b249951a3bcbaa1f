import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const endpoints = ["/token", "/device_authorization", "/revoke"];
const form = "application/x-www-form-urlencoded";
const send = (path: string, method: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${broker.issuer}${path}`, { method, headers, ...(body !== undefined && { body }) });

describe.each(endpoints)("rfc6749 3.2: %s", (path) => {
  test.each<[string, string, Record<string, string>, string | undefined, number]>([
    ["GET", "GET", {}, undefined, 405],
    ["PUT", "PUT", { "content-type": form }, "client_id=gx1", 405],
    ["DELETE", "DELETE", {}, undefined, 405],
    ["OPTIONS", "OPTIONS", { origin: "https://evil.example" }, undefined, 405],
    ["JSON", "POST", { "content-type": "application/json" }, '{"client_id":"gx1"}', 415],
    ["multipart", "POST", { "content-type": "multipart/form-data; boundary=x" }, "--x--", 415],
    ["no media type", "POST", {}, undefined, 415],
    ["a repeated parameter", "POST", { "content-type": form }, "client_id=gx1&client_id=gx1", 400],
    ["a repeated parameter in the query", "POST", { "content-type": form }, "client_id=gx1", 400],
    ["a body of 65 KiB", "POST", { "content-type": form }, `a=${"x".repeat(65 * 1024)}`, 413],
    ["an unknown client", "POST", { "content-type": form }, "client_id=nobody", 401],
    ["no client", "POST", { "content-type": form }, "x=1", 400],
    ["a client without a value", "POST", { "content-type": form }, "client_id=", 400],
    ["a parameter once with and once without value", "POST", { "content-type": form }, "client_id=gx1&client_id=", 400],
    ["an unknown parameter twice", "POST", { "content-type": form }, "client_id=gx1&x=1&x=1", 400],
  ])("answers %s with an error in JSON that nobody keeps", async (what, method, headers, body, status) => {
    const response = await send(what.endsWith("query") ? `${path}?a=1&a=2` : path, method, headers, body);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    if (status === 405) expect(response.headers.get("allow")).toBe("POST");
    if (status === 401) expect(response.headers.get("www-authenticate")).toMatch(/^Basic /);
    const said = (await response.json()) as Record<string, string>;
    expect(Object.keys(said).sort()).toEqual(["error", "error_description"]);
    expect(said["error_description"]).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  test.each([`${form}; charset=UTF-8`, "Application/X-WWW-Form-URLencoded", `${form};charset="utf-8"`])(
    "reads a form of the media type %s",
    async (type) => {
      const response = await send(path, "POST", { "content-type": type }, "client_id=nobody");
      expect(await response.json()).toMatchObject({ error: "invalid_client" });
    },
  );

  test("takes no parameter from the query (rfc6749 2.3.1: credentials never in the address)", async () => {
    const response = await send(
      `${path}?client_id=gx1&grant_type=refresh_token&token=x`,
      "POST",
      { "content-type": form },
      "",
    );
    expect(await response.json()).toMatchObject({
      error: "invalid_request",
      error_description: "client_id is missing",
    });
  });

  test("answers a body that is too long even when its length was not told before", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": form, "transfer-encoding": "chunked" };
      const req = request(`${broker.issuer}${path}`, { method: "POST", headers }, (res) =>
        resolve(res.resume().statusCode),
      );
      req.on("error", reject);
      for (let i = 0; i < 80; i++) req.write("x".repeat(1024));
      req.end();
    });
    expect(status).toBe(413);
  });
});
