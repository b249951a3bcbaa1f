import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { askAuthorization, codeRequest } from "../../support/code-login.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const request = (more: Record<string, string | undefined> = {}) => codeRequest(broker.issuer, "prod1", more);
const begun = { status: 303, to: expect.objectContaining({ pathname: "/authorize/confirm" }) };
const post = (url: string, headers: Record<string, string> = {}) => {
  const { origin, pathname, searchParams } = new URL(url);
  return askAuthorization(`${origin}${pathname}`, { method: "POST", body: searchParams, headers });
};

describe("rfc6749 3.1: the authorization endpoint", () => {
  test("takes GET, and POST with the parameters in the body, from any site", async () => {
    expect(await askAuthorization(request().url)).toMatchObject(begun);
    expect(await post(request().url, { origin: "https://app.example", "sec-fetch-site": "cross-site" })).toMatchObject(
      begun,
    );
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("refuses %s and names what it takes", async (method) => {
    const response = await fetch(request().url, { method, redirect: "manual" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, POST");
  });

  test("takes parameters of a POST from its body alone", async () => {
    const url = request().url;
    expect(await askAuthorization(url, { method: "POST", body: new URLSearchParams() })).toMatchObject({
      status: 400,
      to: undefined,
    });
  });

  test("ignores parameters that it does not know", async () => {
    const more = { audience: "https://evil.example", display: "popup", "x[]": "1", __proto__x: "1" };
    expect(await askAuthorization(request(more).url)).toMatchObject(begun);
  });

  test("treats a parameter without a value as not sent", async () => {
    expect(await askAuthorization(request({ scope: "", prompt: "", resource: "", nonce: "" }).url)).toMatchObject(
      begun,
    );
    const { to } = await askAuthorization(request({ response_type: "", state: "" }).url);
    expect(to?.searchParams.get("error")).toBe("invalid_request");
    expect(to?.searchParams.has("state")).toBe(false);
    expect(await askAuthorization(request({ client_id: "" }).url)).toMatchObject({ status: 400, to: undefined });
  });

  const twice = (url: string, name: string): string[] => {
    const value = new URL(url).searchParams.get(name) ?? "x";
    return [value, "other", ""].map((second) => {
      const once = url.includes(`${name}=`) ? url : `${url}&${new URLSearchParams({ [name]: value })}`;
      return `${once}&${new URLSearchParams({ [name]: second })}`;
    });
  };

  test.each(["client_id", "redirect_uri"])(
    "refuses a request that sends %s twice, and sends nobody anywhere",
    async (name) => {
      for (const url of twice(request().url, name)) {
        expect(await askAuthorization(url)).toMatchObject({ status: 400, to: undefined });
        expect(await post(url)).toMatchObject({ status: 400, to: undefined });
      }
    },
  );

  test.each([
    ["scope", "invalid_request"],
    ["response_type", "invalid_request"],
    ["code_challenge", "invalid_request"],
    ["unknown", "invalid_request"],
    ["resource", "invalid_target"],
    ["state", "invalid_request"],
  ])("4.1.2.1: tells the client of a request that sends %s twice, at its address", async (name, error) => {
    const asked = request({ state: "known" });
    for (const url of twice(asked.url, name)) {
      for (const { status, to } of [await askAuthorization(url), await post(url)]) {
        expect([status, to?.searchParams.get("error"), to?.searchParams.get("iss")]).toEqual([
          303,
          error,
          broker.issuer,
        ]);
        expect(to?.href.split("?", 1)[0]).toBe(new URL(asked.url).searchParams.get("redirect_uri"));
        expect(to?.searchParams.get("state"), "a state of two values is nobody's").toBe(
          name === "state" ? null : "known",
        );
      }
    }
  });

  test("4.1.2.1: a parameter twice beside a wrong address is told on a page", async () => {
    const { url } = request({ redirect_uri: "https://evil.example/" });
    expect(await askAuthorization(`${url}&scope=a`)).toMatchObject({ status: 400, to: undefined });
  });
});
