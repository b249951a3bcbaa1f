import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode, loopback } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const withQuery = "https://web.example/callback?app=1&x=%20y";
const broker = shared(() =>
  boot({
    yaml: `clients:
  - {id: web, name: Web, grants: [authorization-code], redirectUris: ["${withQuery}", "https://web.example/Other"]}
  - {id: lonely, name: Lonely, grants: [device]}`,
  }),
);

const at = (client: string, redirect_uri: string | undefined, more: Record<string, string | undefined> = {}) =>
  askAuthorization(codeRequest(broker.issuer, client, { redirect_uri, ...more }).url);

describe("rfc6749 3.1.2: the redirect address", () => {
  test("keeps its own query when the answer is added", async () => {
    const request = codeRequest(broker.issuer, "web", { redirect_uri: withQuery });
    const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve");
    expect(callback.href.startsWith(`${withQuery}&code=`)).toBe(true);
    expect(callback.searchParams.get("state")).toBe(request.state);
    const refused = await at("web", withQuery, { response_type: "token" });
    expect(refused.to?.href.startsWith(`${withQuery}&error=unsupported_response_type&`)).toBe(true);
  });
});

describe("rfc6749 3.1.2.3: of a client with several addresses", () => {
  test("each may be asked for", async () => {
    for (const uri of [withQuery, "https://web.example/Other"])
      expect((await at("web", uri)).to?.pathname).toBe("/authorize/confirm");
  });

  test.each([
    ["none is named", undefined],
    ["one without its query", "https://web.example/callback"],
    ["one with its query in another order", "https://web.example/callback?x=%20y&app=1"],
    ["one encoded otherwise", "https://web.example/callback?app=1&x=+y"],
    ["more query", `${withQuery}&more=1`],
    ["a fragment", `${withQuery}#x`],
    ["an empty fragment", "https://web.example/Other#"],
    ["other capitals in the path", "https://web.example/other"],
    ["other capitals in the host", "https://WEB.example/Other"],
    ["the default port", "https://web.example:443/Other"],
    ["a slash at the end", "https://web.example/Other/"],
    ["a path that leads back", "https://web.example/x/../Other"],
    ["another host", "https://web.example.evil.example/Other"],
    ["a user part", "https://web.example@evil.example/Other"],
    ["a backslash", "https://evil.example\\@web.example/Other"],
    ["another port", "https://web.example:8443/Other"],
    ["http", "http://web.example/Other"],
    ["a relative address", "/Other"],
    ["a script", "javascript:alert(1)//web.example/Other"],
    ["a space before", " https://web.example/Other"],
    ["a line end behind", "https://web.example/Other\r\nx: y"],
    ["another client's address", loopback],
  ])("with %s nobody is sent anywhere", async (_what, uri) => {
    for (const more of [{}, { response_type: "token" }, { prompt: "none" }]) {
      expect(await at("web", uri, more)).toMatchObject({ status: 400, to: undefined });
    }
  });

  test("a client without any gets no answer anywhere", async () => {
    expect(await at("lonely", "https://web.example/Other")).toMatchObject({ status: 400, to: undefined });
  });
});

describe("rfc6749 4.1.2.1: nothing is ever sent back", () => {
  test.each([
    ["an unknown client", { client_id: "nobody" }],
    ["no client", { client_id: undefined }],
    ["a client in other capitals", { client_id: "PROD1" }],
    ["no redirect_uri", { redirect_uri: undefined }],
    ["a foreign redirect_uri", { redirect_uri: "https://evil.example/callback" }],
    ["a longer path", { redirect_uri: `${loopback}/../evil` }],
    ["a user part before a loopback host", { redirect_uri: "http://127.0.0.1:7777@evil.example/callback" }],
    ["a query", { redirect_uri: `${loopback}?x=1` }],
  ])("with %s: the person reads it on a page of ours", async (_what, more) => {
    const page = await new Browser().open(codeRequest(broker.issuer, "prod1", more).url, "https://evil.example");
    expect(page).toMatchObject({ status: 400, url: expect.stringContaining(broker.issuer) });
    expect(page.stopped).toBeUndefined();
    expect(page.text).not.toContain("http-equiv");
    expect(heading(page)).toBe("This link or form is not complete");
  });
});
