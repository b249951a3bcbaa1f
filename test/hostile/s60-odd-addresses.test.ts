import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { askAuthorization, codeRequest } from "../support/code-login.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

/** Sends bytes as they stand; answers what came back until the server closed. */
function say(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(new URL(broker.issuer).port), "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("latin1").on("data", (d: string) => (text += d));
    socket.on("end", () => resolve(text)).on("error", reject);
    socket.setTimeout(5_000, () => socket.destroy(new Error(`the server waits, and said ${text}`)));
  });
}
const ask = (line: string, headers = "", body = "") =>
  say(`${line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n${headers}\r\n${body}`);
const statusOf = (answer: string) => answer.split(" ", 2)[1];

describe("S-60: a request is read as everybody else on its way reads it", () => {
  test("a question mark within the query is part of it: a proxy must not see parameters that we do not", async () => {
    const { url } = codeRequest(broker.issuer, "prod1", { state: "before" });
    const { to } = await askAuthorization(`${url.replace("state=before", "state=b?")}&prompt=none`);
    expect(to?.searchParams.get("error")).toBe("login_required");
    expect(to?.searchParams.get("state")).toBe("b?");
  });

  test.each([
    "/.well-known/openid-configuration/",
    "/jwks/",
    "/token/",
    "/authorize/",
    "/device_authorization/",
    "/livez/",
  ])("%s is another address than the one without a slash", async (path) => {
    expect((await fetch(`${broker.issuer}${path}`, { redirect: "manual" })).status).toBe(404);
  });

  test.each(["//jwks", "/./jwks", "/x/../jwks", "/%6awks", "/jwks;x", "/JWKS", "/jwks%00", "/jwks/."])(
    "%s is not /jwks",
    async (path) => {
      expect(statusOf(await ask(`GET ${path} HTTP/1.1`))).toBe("404");
    },
  );

  test.each([
    ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"],
    ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"],
    ["chunks that are not named last", "Transfer-Encoding: chunked, identity\r\n"],
    ["a blank before the colon", "Content-Length : 4\r\n"],
    ["a length that is no number", "Content-Length: +4\r\n"],
    ["a folded header", "X-Long: a\r\n b\r\n"],
    ["a bare line feed", "X-One: 1\nX-Two: 2\r\n"],
  ])("a request with %s is refused before anybody reads it", async (_what, headers) => {
    const smuggled = "0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    const answer = await ask(
      "POST /token HTTP/1.1",
      `Content-Type: application/x-www-form-urlencoded\r\n${headers}`,
      smuggled,
    );
    expect(statusOf(answer)).toBe("400");
    expect(answer).not.toContain('"status":"ok"');
  });

  test("a request to another authority's whole address is answered in our own name", async () => {
    const answer = await ask("GET http://evil.example/.well-known/openid-configuration HTTP/1.1");
    expect(answer).not.toContain("evil.example");
  });

  test.each([" ", "%20", "ü", "a b", "x".repeat(300), "\u0001"])(
    "a reference that is none (%j) is not found, on every store",
    async (flow) => {
      const browser = new Browser();
      await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("bob@a.example"));
      for (const page of ["device/confirm", "device/done", "authorize/confirm"]) {
        const query = new URLSearchParams({ flow: decodeURIComponent(flow) });
        expect((await browser.open(`${broker.issuer}/${page}?${query}`)).status, page).toBeLessThan(500);
      }
    },
  );
});
