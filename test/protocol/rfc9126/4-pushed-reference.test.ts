import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { type CodeRequest, codeRequest, decideCode, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(() => boot({ clock }));

const gone = "This link or form is not complete";

/** A pushed request, and what makes the link to it. */
async function pushed(more: Record<string, string> = {}): Promise<{ request: CodeRequest; uri: string }> {
  const request = codeRequest(broker.issuer, "prod1", more);
  const { body } = await postForm(`${broker.issuer}/par`, new URL(request.url).search.slice(1));
  return { request, uri: String(body["request_uri"]) };
}
const link = (request_uri: string, more: Record<string, string> = { client_id: "prod1" }) =>
  `${broker.issuer}/authorize?${new URLSearchParams({ request_uri, ...more })}`;

describe("4: a pushed reference", () => {
  test("leads to tokens, by the parameters that were pushed", async () => {
    const { request, uri } = await pushed({ nonce: "n1" });
    const callback = await decideCode({ ...request, url: link(uri) }, bob, "approve", browser);
    expect(callback.searchParams.get("state")).toBe(request.state);
    const answer = await redeemCode(broker.issuer, "prod1", request, callback);
    expect(answer.status).toBe(200);
    expect(claimsOf(answer.body["id_token"])["nonce"]).toBe("n1");
  });

  test("lets nobody change them in the browser", async () => {
    const { request, uri } = await pushed({ scope: "openid" });
    const forged = { redirect_uri: "https://evil.example/", scope: "openid email", state: "evil", nonce: "evil" };
    const url = link(uri, { client_id: "prod1", ...forged, code_challenge: "x".repeat(43) });
    const callback = await decideCode({ ...request, url }, bob, "approve", browser);
    expect(callback.searchParams.get("state")).toBe(request.state);
    const { body } = await redeemCode(broker.issuer, "prod1", request, callback);
    expect(body["scope"]).toBe("openid");
    expect(claimsOf(body["id_token"])["nonce"]).toBeUndefined();
  });

  test("may be loaded again, also in another browser, until somebody decides", async () => {
    const { request, uri } = await pushed();
    for (const visitor of [browser, browser, new Browser()]) {
      expect(heading(await visitor.open(link(uri)))).not.toBe(gone);
    }
    const callback = await decideCode({ ...request, url: link(uri) }, bob, "approve", browser);
    expect((await redeemCode(broker.issuer, "prod1", request, callback)).status).toBe(200);
  });

  test.each(["approve", "deny"] as const)("7.3: is good for one decision: %s", async (decision) => {
    const { request, uri } = await pushed();
    await decideCode({ ...request, url: link(uri) }, bob, decision, browser);
    for (const visitor of [browser, new Browser()]) expect(heading(await visitor.open(link(uri)))).toBe(gone);
  });

  test("7.3: of two browsers that wait with it one decides", async () => {
    const { request, uri } = await pushed();
    const other = new Browser();
    const waiting = await toCodeConfirmation({ url: link(uri) }, bob, other);
    await decideCode({ ...request, url: link(uri) }, bob, "deny", browser);
    const late = await other.submit(waiting, { decision: "approve" }, { stopAt: "http://127.0.0.1:7777" });
    expect([late.status, late.stopped]).toEqual([400, undefined]);
  });

  test("7.3: is answered once without a page, too (prompt=none)", async () => {
    const { uri } = await pushed({ prompt: "none" });
    const first = await new Browser().open(link(uri), "http://127.0.0.1:7777");
    expect(first.stopped).toContain("error=login_required");
    expect(heading(await new Browser().open(link(uri), "http://127.0.0.1:7777"))).toBe(gone);
  });

  test("2.2: whoever opened it in time has the usual time to decide", async () => {
    const { request, uri } = await pushed();
    clock.advance(59);
    const page = await toCodeConfirmation({ url: link(uri) }, bob, browser);
    clock.advance(899);
    const end = await browser.submit(page, { decision: "approve" }, { stopAt: request.redirectUri });
    expect(end.stopped).toContain("code=");
  });

  test("2.2: is over after its life, to the second", async () => {
    const [early, late] = [await pushed(), await pushed()];
    clock.advance(59);
    expect(heading(await browser.open(link(early.uri)))).not.toBe(gone);
    clock.advance(1);
    expect(heading(await browser.open(link(late.uri)))).toBe(gone);
  });

  test.each<[string, Record<string, string>]>([
    ["another client", { client_id: "gx1" }],
    ["no client", {}],
    ["an unknown client", { client_id: "nobody" }],
  ])("2.2: is bound to the client that pushed it: not for %s", async (_what, more) => {
    const { uri } = await pushed();
    const page = await new Browser().open(link(uri, more), "http://127.0.0.1:7777");
    expect([page.status, page.stopped, heading(page)]).toEqual([400, undefined, gone]);
    expect(heading(await new Browser().open(link(uri)))).not.toBe(gone);
  });

  test("is not a guess", async () => {
    const page = await new Browser().open(link(`urn:ietf:params:oauth:request_uri:${"x".repeat(43)}`));
    expect(heading(page)).toBe(gone);
  });
});
