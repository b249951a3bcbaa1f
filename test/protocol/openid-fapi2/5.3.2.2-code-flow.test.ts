import { describe, expect, test } from "vitest";
import { Browser, heading } from "../../support/browser.ts";
import { askAuthorization } from "../../support/code-login.ts";
import { claimsOf } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { bootFapi, fapiRedirect } from "../../support/fapi.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootFapi({ clock }));

describe("5.3.2.2: a request that was not pushed", () => {
  test.each(["GET", "POST"] as const)("is refused, and the client is told (%s)", async (method) => {
    const request = broker.request();
    const form = new URL(request.url).searchParams;
    const init = method === "POST" ? { method, body: form } : {};
    const { status, to } = await askAuthorization(method === "POST" ? `${broker.issuer}/authorize` : request.url, init);
    expect([status, to?.searchParams.get("error")]).toEqual([303, "invalid_request"]);
    expect(to?.searchParams.get("state")).toBe(request.state);
    expect(to?.searchParams.get("iss")).toBe(broker.issuer);
  });

  test("leads nowhere when its address is not the client's", async () => {
    const { status, to } = await askAuthorization(broker.request({ redirect_uri: "https://evil.example/" }).url);
    expect([status, to]).toEqual([400, undefined]);
  });

  test("is taken from a client without the profile", async () => {
    const { to } = await askAuthorization(broker.request({}, "usual").url);
    expect(to?.pathname).toBe("/authorize/confirm");
  });
});

describe("5.3.2.2: a pushed request", () => {
  test.each<[string, Record<string, string | undefined>]>([
    ["without redirect_uri", { redirect_uri: undefined }],
    ["for another address", { redirect_uri: "https://client.example/callback" }],
    ["without a challenge", { code_challenge: undefined }],
    ["with a challenge in clear", { code_challenge_method: "plain" }],
    ["with a request_uri in it", { request_uri: "urn:ietf:params:oauth:request_uri:x" }],
    ["for a token in the answer", { response_type: "token" }],
    ["for an ID token in the answer", { response_type: "code id_token" }],
  ])("is refused %s", async (_what, more) => {
    expect(outcome(await broker.push(broker.request(more)))).toBe("400 invalid_request");
  });

  test("gets a reference of less than ten minutes", async () => {
    const { status, body } = await broker.push(broker.request());
    expect(status).toBe(201);
    expect(Number(body["expires_in"])).toBeLessThan(600);
  });

  test("counts alone: what stands beside the reference changes nothing", async () => {
    const request = broker.request({ scope: "openid", nonce: "n1" });
    const pushed = await broker.push(request);
    const beside = new URLSearchParams({
      scope: "openid email",
      state: "evil",
      nonce: "evil",
      redirect_uri: "https://evil.example/",
    });
    const url = `${broker.link(pushed.body["request_uri"])}&${beside}`;
    const page = await new Browser().open(url);
    expect(heading(page)).toBe("Sign in");
    const callback = await broker.decide(request);
    expect(callback.href.startsWith(fapiRedirect)).toBe(true);
    expect(callback.searchParams.get("state")).toBe(request.state);
    const { body } = await broker.redeem(request, callback, broker.holder);
    expect([body["scope"], claimsOf(body["id_token"])["nonce"]]).toEqual(["openid", "n1"]);
  });
});

test.each(["/authorize", "/authorize/confirm", "/par", "/token"])(
  "5.2.3: %s is open to no other origin's scripts",
  async (path) => {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin: "https://evil.example", "access-control-request-method": "GET" };
      const response = await fetch(`${broker.issuer}${path}`, { method, headers, redirect: "manual" });
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  },
);

describe("5.3.2.2: the answer", () => {
  test("says who it comes from, keeps the address's own query, and is a 303", async () => {
    const request = broker.request();
    const callback = await broker.decide(request);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      dummy: "lorem",
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: request.state,
      iss: broker.issuer,
    });
    const refused = await broker.decide(broker.request(), {}, "deny");
    expect(refused.searchParams.get("error")).toBe("access_denied");
    expect(refused.searchParams.get("iss")).toBe(broker.issuer);
  });

  test("a code lives for a minute, to the second", async () => {
    const [early, late] = [broker.request(), broker.request()];
    const callbacks = [await broker.decide(early), await broker.decide(late)] as const;
    clock.advance(59);
    expect(outcome(await broker.redeem(early, callbacks[0], broker.holder))).toBe("200");
    clock.advance(1);
    expect(outcome(await broker.redeem(late, callbacks[1], broker.holder))).toBe("400 invalid_grant");
  });

  test("a code of one client opens nothing for another", async () => {
    const request = broker.request();
    const callback = await broker.decide(request);
    const second = { client: "second", key: broker.other };
    expect(outcome(await broker.redeem(request, callback, broker.holder, second))).toBe("400 invalid_grant");
  });

  test("a code is bound to the key that the pushed request proved", async () => {
    const request = broker.request();
    const pushed = await broker.push(request, {}, { dpop: await broker.holder.proof("POST", `${broker.issuer}/par`) });
    expect(outcome(pushed)).toBe("201");
    const named = broker.request({ dpop_jkt: broker.holder.jkt });
    const callback = await broker.decide(named);
    expect(outcome(await broker.redeem(named, callback, broker.other))).toBe("400 invalid_grant");
    expect(outcome(await broker.redeem(named, callback, broker.holder))).toBe("200");
  });
});
