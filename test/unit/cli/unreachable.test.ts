import { describe, expect, it } from "vitest";
import { fixUnreachable, reasonOf } from "../../../src/cli/user/session/unreachable.ts";

describe("a server that cannot be reached", () => {
  it.each([
    ["the proxy answered 403", 'run: export NO_PROXY="$NO_PROXY,login.example"'],
    ["CERT_HAS_EXPIRED", "check the clock"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "for another name"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "give --ca-file FILE"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "give --ca-file FILE"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "give --ca-file FILE"],
    ["ENOTFOUND", "VPN"],
    ["ECONNREFUSED", "the server is down"],
    ["UND_ERR_CONNECT_TIMEOUT", "check the network"],
    ["OAUTH_TIMEOUT", "check the network"],
    ["EHOSTUNREACH", "check the network"],
    ["EPROTO", "the proxy (HTTPS_PROXY, NO_PROXY)"],
  ])("for %s is told what to do about just that", (reason, fix) => {
    expect(fixUnreachable("https://login.example/", reason)).toContain(fix);
  });

  it("has a reason, also where fetch hides it", () => {
    const hidden = new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });
    const proxy = new TypeError("fetch failed", {
      cause: new Error("aborted", { cause: new Error("Proxy response (407) !== 200 when HTTP Tunneling") }),
    });
    expect([hidden, proxy, new TypeError("fetch failed")].map(reasonOf)).toEqual([
      "ECONNREFUSED",
      "the proxy answered 407",
      "no reason given",
    ]);
  });
});
