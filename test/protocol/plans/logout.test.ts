import { createServer, type Server } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, heading, type Page, plainText } from "../../support/browser.ts";
import { claimsOf } from "../../support/device-login.ts";
import { forgerOf } from "../../support/forger.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { bootSuite, type Flow, loggedOut, redirectUri, type Suite } from "./relying-party.ts";

let suite: Suite;
let listener: Server;
const heard: { method: string; type: string; form: URLSearchParams }[] = [];
beforeAll(async () => {
  listener = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      const { method = "", headers } = request;
      heard.push({ method, type: headers["content-type"] ?? "", form: new URLSearchParams(body) });
      response.end();
    });
  });
  suite = await bootSuite(`http://${await listen(listener)}/backchannel`);
});
afterAll(async () => {
  await suite.stop();
  await stopServer(listener);
});

const hintOf = ({ tokens }: Flow): string => String(tokens.body["id_token"]);
const endSession = (browser: Browser, parameters: Record<string, string>): Promise<Page> =>
  browser.open(`${suite.issuer}/end_session?${new URLSearchParams(parameters)}`, "https://suite.example");
const confirmLogout = (browser: Browser, page: Page): Promise<Page> =>
  browser.submit(page, {}, { stopAt: "https://suite.example" });
/** What `prompt=none` says in this browser. */
async function silently(browser: Browser): Promise<string | null> {
  const { stopped = "https://nowhere.example" } = await browser.open(suite.ask({ prompt: "none" }), redirectUri);
  return new URL(stopped).searchParams.get("error");
}

test.each([
  ["oidcc-rp-initiated-logout-discovery-endpoint-verification:"],
  ["oidcc-backchannel-logout-discovery-endpoint-verification:"],
])("%s the metadata name what there is", async () => {
  expect(await suite.metadata()).toMatchObject({
    end_session_endpoint: `${suite.issuer}/end_session`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

test("oidcc-rp-initiated-logout: the person is led back with the state, and is signed out", async () => {
  const flow = await suite.flow();
  expect(await silently(flow.browser)).toBeNull();
  const wish = { id_token_hint: hintOf(flow), post_logout_redirect_uri: loggedOut, state: "out" };
  const back = await confirmLogout(flow.browser, await endSession(flow.browser, wish));
  expect(back.stopped).toBe(`${loggedOut}?state=out`);
  expect(await silently(flow.browser)).toBe("login_required");
});

test("oidcc-rp-initiated-logout-no-state: the same without a state", async () => {
  const flow = await suite.flow();
  const wish = { id_token_hint: hintOf(flow), post_logout_redirect_uri: loggedOut };
  expect((await confirmLogout(flow.browser, await endSession(flow.browser, wish))).stopped).toBe(loggedOut);
  expect(await silently(flow.browser)).toBe("login_required");
});

const refused: [string, (flow: Flow) => Promise<Record<string, string>>][] = [
  [
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri:",
    async (flow) => ({ id_token_hint: hintOf(flow), post_logout_redirect_uri: "https://suite.example/other" }),
  ],
  [
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri:",
    async (flow) => ({ id_token_hint: hintOf(flow), post_logout_redirect_uri: `${loggedOut}?foo=bar` }),
  ],
  [
    "oidcc-rp-initiated-logout-modified-id-token-hint:",
    async (flow) => ({
      id_token_hint: (await forgerOf(suite)).changed(hintOf(flow), {}, { alg: "none" }).replace(/[^.]+$/, ""),
      post_logout_redirect_uri: loggedOut,
    }),
  ],
  [
    "oidcc-rp-initiated-logout-bad-id-token-hint:",
    async (flow) => ({
      id_token_hint: (await forgerOf(suite)).changed(hintOf(flow), {}, { kid: "suite" }),
      post_logout_redirect_uri: loggedOut,
    }),
  ],
  ["oidcc-rp-initiated-logout-no-id-token-hint:", async () => ({ post_logout_redirect_uri: loggedOut })],
];
test.each(refused)("%s nobody is led anywhere", async (_module, wish) => {
  const flow = await suite.flow();
  const page = await endSession(flow.browser, await wish(flow));
  expect([page.status, page.stopped]).toEqual([400, undefined]);
  expect(await silently(flow.browser)).toBeNull();
});

const pages: [string, (flow: Flow) => Record<string, string>][] = [
  ["oidcc-rp-initiated-logout-no-params:", () => ({})],
  ["oidcc-rp-initiated-logout-only-state:", () => ({ state: "out" })],
  ["oidcc-rp-initiated-logout-no-post-logout-redirect-uri:", (flow) => ({ id_token_hint: hintOf(flow), state: "out" })],
];
test.each(pages)("%s the person is signed out, on a page that says so", async (_module, wish) => {
  const flow = await suite.flow();
  const asked = await endSession(flow.browser, wish(flow));
  expect(heading(asked)).toBe("Sign out?");
  const out = await confirmLogout(flow.browser, asked);
  expect([out.status, out.stopped]).toEqual([200, undefined]);
  expect(plainText(out)).toContain("signed out");
  expect(await silently(flow.browser)).toBe("login_required");
});

test("oidcc-backchannel-rp-initiated-logout: the program is told of the session, by a token as it must be", async () => {
  const flow = await suite.flow();
  const { sub, sid } = claimsOf(hintOf(flow));
  const wish = { id_token_hint: hintOf(flow), post_logout_redirect_uri: loggedOut, state: "out" };
  const back = await confirmLogout(flow.browser, await endSession(flow.browser, wish));
  expect(back.stopped).toBe(`${loggedOut}?state=out`);
  const notice = () => heard.find(({ form }) => claimsOf(form.get("logout_token"))["sid"] === sid);
  await expect.poll(notice, { interval: 5 }).toBeDefined();
  const { method, type, form } = notice() ?? expect.fail();
  expect([method, type.split(";")[0], [...form.keys()]]).toEqual([
    "POST",
    "application/x-www-form-urlencoded",
    ["logout_token"],
  ]);
  const keys = createRemoteJWKSet(new URL(`${suite.issuer}/jwks`));
  const options = { issuer: suite.issuer, audience: "suite", currentDate: new Date(suite.clock.millis()) };
  const { payload } = await jwtVerify(form.get("logout_token") ?? "", keys, options);
  expect(payload).toMatchObject({
    ...{ sub, sid, jti: expect.any(String), iat: expect.any(Number), exp: expect.any(Number) },
    events: { "http://schemas.openid.net/event/backchannel-logout": {} },
  });
  expect(payload).not.toHaveProperty("nonce");
  expect(await silently(flow.browser)).toBe("login_required");
});
