import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { ok, seconds } from "../../../src/core/index.ts";
import type { AnyRoute } from "../../../src/http/index.ts";
import { unwanted } from "../../../src/http/sender.ts";

// S-05 and S-79 header by header; what a browser really sends is tried with servers.

const issuer = "https://login.example";
const page: AnyRoute = {
  method: "GET",
  path: "/x",
  errorFormat: "page",
  handle: () => ok({ kind: "empty", status: 204 }),
};
const form: AnyRoute = { ...page, method: "POST" };
const program: AnyRoute = { ...form, errorFormat: "oauth" };

/** The code with which it is refused, if it is. */
const refused = (route: AnyRoute, headers: IncomingHttpHeaders, method: string = route.method) =>
  unwanted({ method, headers } as IncomingMessage, route, issuer)?.code;

describe("a page", () => {
  test.each<[string, IncomingHttpHeaders, boolean]>([
    ["by a browser that says nothing", {}, true],
    ["in a window of its own", { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" }, true],
    ["in a window, by a browser that says no mode", { "sec-fetch-dest": "document" }, true],
    ["by a script that asks for a document", { "sec-fetch-dest": "document", "sec-fetch-mode": "cors" }, false],
    ["as an image", { "sec-fetch-dest": "image", "sec-fetch-mode": "no-cors" }, false],
    ["in a frame", { "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate" }, false],
    ["by a script", { "sec-fetch-dest": "empty" }, false],
    ["ahead", { "sec-purpose": "prefetch;prerender" }, false],
    ["ahead, by a browser of yesterday", { purpose: "prefetch" }, false],
    ["ahead, by Mozilla's", { "x-moz": "Prefetch" }, false],
    ["for another purpose", { purpose: "prefetching", "x-moz": "no prefetch" }, true],
  ])("that is opened %s", (_, headers, opened) => {
    expect(refused(page, headers)).toBe(opened ? undefined : "not_opened");
  });

  test("is not begun by HEAD, with which programs look whether a link is good", () => {
    expect(refused({ ...page, begins: true }, {}, "HEAD")).toBe("not_opened");
    expect(refused({ ...page, begins: true }, {})).toBeUndefined();
    expect(refused(page, {}, "HEAD")).toBeUndefined();
  });

  test("that anybody may read is anybody's", () => {
    const shared = { ...page, public: { maxAge: seconds(60) } };
    expect(refused(shared, { "sec-fetch-dest": "image", "sec-fetch-site": "cross-site" })).toBeUndefined();
  });
});

const sites: [string, IncomingHttpHeaders, boolean][] = [
  ["no browser of today", {}, true],
  ["a page of ours", { "sec-fetch-site": "same-origin" }, true],
  ["the person itself", { "sec-fetch-site": "none" }, true],
  ["another site", { "sec-fetch-site": "cross-site" }, false],
  ["another host of the domain", { "sec-fetch-site": "same-site" }, false],
];

describe("a form", () => {
  test.each<[string, IncomingHttpHeaders, boolean]>([
    ...sites,
    ["a page that keeps its address to itself", { origin: "null" }, true],
    ["a page of ours, by its address", { origin: issuer }, true],
    ["another site, by its address", { origin: "https://evil.example" }, false],
    [
      "another site that the browser takes for ours",
      { origin: "https://evil.example", "sec-fetch-site": "none" },
      false,
    ],
    ["another site with our address", { origin: issuer, "sec-fetch-site": "cross-site" }, false],
  ])("that is sent by %s", (_, headers, ours) => {
    expect(refused(form, headers)).toBe(ours ? undefined : "forged_form");
  });

  test("that others may send is asked for a window only", () => {
    const open = { ...form, crossSite: true };
    expect(refused(open, { "sec-fetch-site": "cross-site", origin: "https://realm.example" })).toBeUndefined();
    expect(refused(open, { "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe" })).toBe("not_opened");
  });

  test("is no page that is read: of another site's link the page is opened", () => {
    expect(refused(page, { "sec-fetch-site": "cross-site", origin: "https://evil.example" })).toBeUndefined();
  });
});

describe("an endpoint of programs", () => {
  test.each(sites)("that is asked by %s", (_, headers, wanted) => {
    expect(refused(program, headers)).toBe(wanted ? undefined : "not_opened");
  });
});
