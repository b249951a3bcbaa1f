import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode, toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);
beforeAll(async () => {
  await toCodeConfirmation(codeRequest(broker.issuer, "prod1"), bob, browser);
});

const strange = `a b+c%20d&error=x"'<script>\\ü\r\nLocation: https://evil.example`;

describe("rfc6749 4.1.2: the answer of the authorization endpoint", () => {
  test.each(["approve", "deny"] as const)(
    "to %s gives state back as it was, and puts it nowhere else",
    async (what) => {
      const request = codeRequest(broker.issuer, "prod1", { state: strange });
      const page = await toCodeConfirmation(request, bob, browser);
      const end = await browser.submit(page, { decision: what }, { stopAt: request.redirectUri });
      const told = new URL(end.stopped ?? "http://nowhere");
      expect(told.searchParams.getAll("state")).toEqual([strange]);
      expect(told.searchParams.getAll("error")).toEqual(what === "deny" ? ["access_denied"] : []);
      expect(told.searchParams.has("code")).toBe(what === "approve");
      expect(told.hash).toBe("");
      expect(end.text, "10.14").not.toContain("<script");
    },
  );

  test("gives no state when none was sent", async () => {
    const callback = await decideCode(
      codeRequest(broker.issuer, "prod1", { state: undefined }),
      bob,
      "approve",
      browser,
    );
    expect([...callback.searchParams.keys()]).toEqual(["code", "iss"]);
  });
});

describe("rfc6749 4.1.2.1: the program is told at its address", () => {
  test("that the person refused", async () => {
    const callback = await decideCode(codeRequest(broker.issuer, "prod1"), bob, "deny", browser);
    expect(callback.searchParams.get("error")).toBe("access_denied");
    expect(broker.lines.join("")).toContain('"authorization.denied"');
  });

  test.each([
    ["no response_type", { response_type: undefined }, "invalid_request"],
    ["the implicit grant (4.2)", { response_type: "token" }, "unsupported_response_type"],
    ["a hybrid", { response_type: "code id_token" }, "unsupported_response_type"],
    ["an unknown scope", { scope: "openid admin" }, "invalid_scope"],
    ["a scope in other capitals", { scope: "OpenID" }, "invalid_scope"],
    ["a scope of foreign characters", { scope: 'openid "quoted\\back\tübel' }, "invalid_scope"],
    ["another target", { resource: "urn:cloudpass:target:gx1" }, "invalid_target"],
    ["a fragment response", { response_mode: "fragment" }, "invalid_request"],
    ["a request object", { request: "e30.e30." }, "request_not_supported"],
    ["an unknown prompt", { prompt: "guess" }, "invalid_request"],
    ["prompt=none with another", { prompt: "none login" }, "invalid_request"],
    ["a max_age that is no number", { max_age: "soon" }, "invalid_request"],
    ["a nonce without end", { nonce: "x".repeat(1025) }, "invalid_request"],
  ])("%s, in characters that an error may hold", async (_what, more, error) => {
    const request = codeRequest(broker.issuer, "prod1", more);
    const { status, to } = await askAuthorization(request.url);
    expect(status).toBe(303);
    expect(`${to?.origin}${to?.pathname}`).toBe(request.redirectUri);
    expect(Object.fromEntries(to?.searchParams ?? [])).toEqual({
      error,
      error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
      state: request.state,
      iss: broker.issuer,
    });
  });

  test("a client that may not use the grant, though its address is right", async () => {
    const other = await boot({
      yaml: `clients: [{id: web, name: Web, grants: [device], redirectUris: ["https://web.example/"]}]`,
    });
    const { url } = codeRequest(other.issuer, "web", { redirect_uri: "https://web.example/" });
    expect((await askAuthorization(url)).to?.searchParams.get("error")).toBe("unauthorized_client");
    await other.stop();
  });
});
