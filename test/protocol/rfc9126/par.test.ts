import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { embeddedVisitor, type JsonAnswer, postForm } from "../../support/device-login.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

const push = (url: string): Promise<JsonAnswer> => postForm(`${broker.issuer}/par`, new URL(url).search.slice(1));
const link = (uri: unknown, client = "prod1") =>
  `${broker.issuer}/authorize?${new URLSearchParams({ client_id: client, request_uri: String(uri) })}`;

describe("pushed authorization requests", () => {
  test("2.2: a pushed request is answered with 201, a reference and its life, and works once", async () => {
    const request = codeRequest(broker.issuer, "prod1");
    const pushed = await push(request.url);
    expect(pushed.status).toBe(201);
    expect(pushed.headers.get("cache-control")).toBe("no-store");
    expect(pushed.body).toMatchObject({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
      expires_in: 60,
    });
    const url = link(pushed.body["request_uri"]);
    const callback = await decideCode({ ...request, url }, embeddedVisitor("bob@a.example"), "approve");
    expect((await redeemCode(broker.issuer, "prod1", request, callback)).status).toBe(200);
    expect(heading(await new Browser().open(url))).toBe("This link or form is not complete");
  });

  test("4: a reference of another client is refused", async () => {
    const pushed = await push(codeRequest(broker.issuer, "prod1").url);
    expect((await new Browser().open(link(pushed.body["request_uri"], "gx1"))).status).toBe(400);
  });

  test.each([
    ["an unknown client", { client_id: "nobody" }, 401, "invalid_client"],
    ["a foreign redirect_uri", { redirect_uri: "https://evil.example/" }, 400, "invalid_request"],
    ["no PKCE", { code_challenge: undefined }, 400, "invalid_request"],
    ["an unknown scope", { scope: "root" }, 400, "invalid_scope"],
    ["a foreign target", { resource: "urn:cloudpass:target:gx1" }, 400, "invalid_target"],
    ["a pushed reference", { request_uri: "urn:x" }, 400, "invalid_request"],
  ])("2.3: %s is refused in JSON, before any browser sees it", async (_what, more, status, error) => {
    expect(await push(codeRequest(broker.issuer, "prod1", more).url)).toMatchObject({ status, body: { error } });
  });
});
