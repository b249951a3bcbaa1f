import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { shared } from "../support/shared.ts";
import { cookieOfBob, paths } from "./front-door.ts";

let cookie: string;
const broker = shared(boot);
beforeAll(async () => {
  cookie = await cookieOfBob(broker.issuer);
});

describe("S-59: only keys, metadata and style may be kept by caches and read by other pages", () => {
  test.each(paths)("%s", async (path) => {
    const { headers } = await fetch(`${broker.issuer}${path}`, {
      headers: { origin: "https://evil.example", cookie },
      redirect: "manual",
    });
    const isPublic = /jwks|well-known|assets/.test(path);
    expect(headers.get("access-control-allow-origin")).toBe(isPublic ? "*" : null);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("cache-control") ?? "").toMatch(isPublic ? /^public, max-age=\d+$/ : /^no-store$/);
  });
});
