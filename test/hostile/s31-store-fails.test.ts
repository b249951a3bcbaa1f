import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, plainText } from "../support/browser.ts";
import { embeddedVisitor, type JsonAnswer, poll, postForm, signIn, startDevice } from "../support/device-login.ts";
import { logIn, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

let login: JsonAnswer;
let device_code: string;
const browser = new Browser();
const broker = shared(boot);
beforeAll(async () => {
  login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("bob@a.example"));
  device_code = (await startDevice(broker.issuer, { client_id: "gx1" })).device_code;
  await broker.broker.store.close();
});

describe("S-31, S-64: when the store does not answer", () => {
  const asks: [string, () => Promise<JsonAnswer>][] = [
    [
      "a revocation",
      () =>
        postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: String(login.body["refresh_token"]) }),
    ],
    [
      "a revocation of an unknown token",
      () => postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: "x" }),
    ],
    ["a refresh", () => refresh(broker.issuer, login.body["refresh_token"])],
    ["a poll", () => poll(broker.issuer, { client_id: "gx1", device_code })],
    ["a device login", () => postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" })],
    [
      "the bearer's targets",
      async () => {
        const response = await fetch(`${broker.issuer}/targets`, {
          headers: { authorization: `Bearer ${String(login.body["access_token"])}` },
        });
        return {
          status: response.status,
          headers: response.headers,
          body: (await response.json()) as Record<string, unknown>,
        };
      },
    ],
  ];
  test.each(asks)("%s is answered 503 temporarily_unavailable with Retry-After, never 200", async (_what, ask) => {
    const { status, body, headers } = await ask();
    expect([status, body["error"]]).toEqual([503, "temporarily_unavailable"]);
    expect(headers.get("retry-after")).toMatch(/^\d+$/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(JSON.stringify(body), "what failed is our business").not.toContain("memory store");
  });

  test("a page says so in readable words, with an id", async () => {
    const page = await browser.open(`${broker.issuer}/device`);
    expect([page.status, heading(page)]).toEqual([503, "Please try again"]);
    expect(plainText(page)).toMatch(/Id: [0-9a-f-]{36}/);
  });

  test.each([
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks",
    "/upstream/jwks",
    "/livez",
    "/assets/style.css",
  ])("%s goes on", async (path) => {
    expect((await fetch(`${broker.issuer}${path}`)).status).toBe(200);
  });

  test("/readyz says which part it is", async () => {
    const ready = await fetch(`${broker.issuer}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "not ready", failing: ["store"] }]);
  });
});
