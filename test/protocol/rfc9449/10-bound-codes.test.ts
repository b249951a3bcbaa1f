import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { type CodeRequest, codeRequest, decideCode } from "../../support/code-login.ts";
import { embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { provenRequests } from "../../support/proven-requests.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const [own, other] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
const broker = shared(() => bootWithClients({ clock }));
const requests = provenRequests(broker, browser);

describe("S-04: a device code bound to a key", () => {
  test.each<[string, () => Promise<string>]>([
    [
      "by a proof",
      async () => requests.approved({}, { dpop: await own.proof("POST", `${broker.issuer}/device_authorization`) }),
    ],
    ["by dpop_jkt", () => requests.approved({ dpop_jkt: own.jkt })],
  ])("%s is redeemable with that key alone, and a thief's try does not use it up", async (_how, start) => {
    const code = await start();
    expect(outcome(await requests.redeem(code, undefined))).toBe("400 invalid_grant");
    expect(outcome(await requests.redeem(code, other))).toBe("400 invalid_grant");
    expect(outcome(await requests.redeem(code, own))).toBe("200");
  });

  test("is refused when the two say different keys, or one is no key", async () => {
    const dpop = await own.proof("POST", `${broker.issuer}/device_authorization`);
    const ask = (dpop_jkt: string, headers: Record<string, string>) =>
      postForm(`${broker.issuer}/device_authorization`, { client_id: "console-tool", dpop_jkt }, headers);
    expect(outcome(await ask(other.jkt, { dpop }))).toBe("400 invalid_dpop_proof");
    expect(outcome(await ask("short", {}))).toBe("400 invalid_request");
  });
});

describe("10: an authorization code bound to a key", () => {
  const bob = embeddedVisitor("bob@a.example");
  const trade = async (request: CodeRequest, callback: URL, key: KeyHolder | undefined) =>
    requests.atToken(
      {
        grant_type: "authorization_code",
        code: callback.searchParams.get("code") ?? "",
        redirect_uri: request.redirectUri,
        code_verifier: request.verifier,
      },
      key,
    );

  test("by dpop_jkt is redeemable with that key alone, and binds the refresh token", async () => {
    const request = codeRequest(broker.issuer, "console-tool", { dpop_jkt: own.jkt });
    const callback = await decideCode(request, bob, "approve", browser);
    expect(outcome(await trade(request, callback, undefined))).toBe("400 invalid_grant");
    expect(outcome(await trade(request, callback, other))).toBe("400 invalid_grant");
    const login = await trade(request, callback, own);
    expect(login.body["token_type"]).toBe("DPoP");
    expect(outcome(await requests.refresh(login, other))).toBe("400 invalid_grant");
    expect(outcome(await requests.refresh(login, own))).toBe("200");
  });

  test("not at all is redeemable with any key, which then binds the login", async () => {
    const request = codeRequest(broker.issuer, "console-tool");
    const callback = await decideCode(request, bob, "approve", browser);
    const login = await trade(request, callback, own);
    expect(login.body["token_type"]).toBe("DPoP");
    expect(outcome(await requests.refresh(login, other))).toBe("400 invalid_grant");
  });

  test("10.1: by a proof with the pushed request", async () => {
    const request = codeRequest(broker.issuer, "console-tool");
    const dpop = await own.proof("POST", `${broker.issuer}/par`);
    const pushed = await postForm(`${broker.issuer}/par`, new URL(request.url).search.slice(1), { dpop });
    const reference = { client_id: "console-tool", request_uri: String(pushed.body["request_uri"]) };
    const url = `${broker.issuer}/authorize?${new URLSearchParams(reference)}`;
    const callback = await decideCode({ ...request, url }, bob, "approve", browser);
    expect(outcome(await trade(request, callback, other))).toBe("400 invalid_grant");
    expect(outcome(await trade(request, callback, own))).toBe("200");
  });

  test("is not asked for with a malformed key, nor pushed with a proof of another one", async () => {
    const { url } = codeRequest(broker.issuer, "console-tool", { dpop_jkt: "short" });
    expect(outcome(await postForm(`${broker.issuer}/par`, new URL(url).search.slice(1)))).toBe("400 invalid_request");
    const named = codeRequest(broker.issuer, "console-tool", { dpop_jkt: other.jkt }).url;
    const dpop = await own.proof("POST", `${broker.issuer}/par`);
    const answer = await postForm(`${broker.issuer}/par`, new URL(named).search.slice(1), { dpop });
    expect(outcome(answer)).toBe("400 invalid_dpop_proof");
  });
});
