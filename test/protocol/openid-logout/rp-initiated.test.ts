import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { embeddedVisitor, postForm } from "../../support/device-login.ts";

const after = "https://dashboard.example/signed-out";

let broker: Booted;
beforeAll(async () => {
  broker = await boot({
    yaml: `clients:
  - {id: dashboard, name: Dashboard, grants: [authorization-code, refresh], redirectUris: ["http://127.0.0.1:7777/callback"], postLogoutRedirectUris: ["${after}"]}
`,
  });
});
afterAll(() => broker.stop());

async function signedIn() {
  const browser = new Browser();
  const request = codeRequest(broker.issuer, "dashboard");
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);
  const tokens = await redeemCode(broker.issuer, "dashboard", request, callback);
  expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
  return { browser, tokens: tokens.body };
}

const link = (parameters: Readonly<Record<string, string>>) =>
  `${broker.issuer}/end_session?${new URLSearchParams(parameters)}`;

const refresh = (token: unknown) =>
  postForm(`${broker.issuer}/token`, {
    grant_type: "refresh_token",
    client_id: "dashboard",
    refresh_token: String(token),
  });

describe("RP-initiated logout", () => {
  test("2: the person is asked; then session, logins and the upstream's sign-in end, and the browser goes where registered", async () => {
    const { browser, tokens } = await signedIn();
    const url = link({ id_token_hint: String(tokens["id_token"]), post_logout_redirect_uri: after, state: "s1" });
    const page = await browser.open(url);
    expect(heading(page)).toBe("Sign out?");
    expect((await refresh(tokens["refresh_token"])).status, "a link alone ends nothing").toBe(200);
    const end = await browser.submit(page, {}, { stopAt: after });
    expect(end.stopped).toBe(`${after}?state=s1`);
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Sign in");
    expect(broker.lines.join("")).toContain('"session.ended"');
  });

  test("2: every login of the browser session ends with it", async () => {
    const { browser, tokens } = await signedIn();
    await browser.submit(await browser.open(`${broker.issuer}/end_session`), {});
    expect((await refresh(tokens["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  test.each([
    [
      "an address that is not registered",
      { client_id: "dashboard", post_logout_redirect_uri: "https://evil.example/" },
    ],
    ["an address without a program", { post_logout_redirect_uri: after }],
    ["a hint that is no ID token of ours", { id_token_hint: "e30.e30.e30" }],
    ["an unknown program", { client_id: "nobody", post_logout_redirect_uri: after }],
  ])("3: with %s nothing ends and nobody is sent there", async (_what, parameters) => {
    const { browser } = await signedIn();
    const page = await browser.open(link(parameters as Record<string, string>), "https://");
    expect(page).toMatchObject({ status: 400 });
    expect(page.stopped).toBeUndefined();
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Log in a terminal");
  });

  test("the address cannot be exchanged in the form", async () => {
    const { browser } = await signedIn();
    const page = await browser.open(link({ client_id: "dashboard", post_logout_redirect_uri: after }));
    const forged = await browser.submit(page, { location: "https://evil.example/" }, { stopAt: "https://" });
    expect(forged).toMatchObject({ status: 403 });
  });
});
