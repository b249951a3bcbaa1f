import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Arrival, type LoopbackRedirect, openLoopbackRedirect } from "../../src/cli/loopback-redirect.ts";
import { systemClock } from "../../src/core/index.ts";

// The door stands on a port of the person's own machine while a login is under way. Every page in every browser there, and
// every other user, can knock: with nonsense, with a code of the attacker's (login CSRF), or just to end the login.

const state = "the-state-of-this-login";

let door: LoopbackRedirect;
let arrived: Promise<Arrival>;
let here: Arrival | undefined;
beforeEach(async () => {
  door = await openLoopbackRedirect();
  here = undefined;
  arrived = door.arrival(systemClock, { seconds: 60, fix: "", state });
  arrived.then(
    (arrival) => {
      here = arrival;
    },
    () => {},
  );
});
afterEach(() => door.close());

/** Sends bytes as they are, since no client would send such a target; answers what came back. */
async function knock(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(door.redirectUri).port), "127.0.0.1");
  socket.write(bytes);
  return text(socket).catch(() => ""); // cut off
}

const get = (target: string, method = "GET") => knock(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
const good = `/callback?code=c&state=${state}`;

/** The login still waits, and is finished by the true answer. */
async function expectToWait() {
  expect(here).toBeUndefined();
  const page = follow(good);
  const { callback, answer } = await arrived;
  expect(callback).toBe(good);
  const told = answer("logged in");
  expect(await page).toContain("<h1>Logged in</h1>");
  await told;
}

/** Goes where a browser is led. */
async function follow(target: string): Promise<string> {
  const led = await get(target);
  const [, location = ""] = /^HTTP\/1\.1 303 [\s\S]*\nlocation: (\S+)\r\n/.exec(led) ?? [led];
  expect(location).toMatch(/^\/done\/[\w-]{8}$/);
  return get(location);
}

describe("S-15: whoever knocks at the command's door does not end its login", () => {
  test.each([
    ["two slashes", "//"],
    ["two slashes and the path", `//callback?code=c&state=${state}`],
    ["another scheme", "file:///etc/passwd"],
    ["an address that is none", "http://[/"],
    ["an asterisk", "*"],
    ["the browser's search for a picture", "/favicon.ico"],
    ["the path alone", "/callback"],
    ["nothing but the state", `/callback?state=${state}`],
    ["a code without state", "/callback?code=c"],
    ["a code with another state", "/callback?code=c&state=x"],
    ["a code with an empty state", "/callback?code=c&state="],
    ["a code with the state and another", `/callback?code=c&state=${state}&state=x`],
    ["two codes", `/callback?code=c&code=d&state=${state}`],
    ["a code and an error", `/callback?code=c&error=access_denied&state=${state}`],
    ["an error without state", "/callback?error=access_denied"],
    ["an error with another state", "/callback?error=access_denied&state=x"],
    ["a slash behind the path", `/callback/?code=c&state=${state}`],
    ["the path in other case", `/Callback?code=c&state=${state}`],
    ["a broken escape", "/callback?code=%E0%A4&state=%"],
  ])("%s: there is nothing, and it waits on", async (_what, target) => {
    expect(await get(target)).toMatch(/^HTTP\/1\.1 404 /);
    await expectToWait();
  });

  test.each(["HEAD", "POST", "OPTIONS", "DELETE"])("%s with everything right: it waits on", async (method) => {
    expect(await get(good, method)).toMatch(/^HTTP\/1\.1 404 /);
    await expectToWait();
  });

  test.each([
    ["no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["no path", `GET ?code=c&state=${state} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ["more than a browser sends", `GET /${"x".repeat(30_000)} HTTP/1.1\r\n\r\n`, /^(HTTP\/1\.1 431 |$)/],
    ["no host", `GET ${good} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ])("%s: it waits on", async (_what, bytes, status) => {
    expect(await knock(bytes)).toMatch(status);
    await expectToWait();
  });

  test("somebody who connects and says nothing holds up nobody", async () => {
    const silent = connect(Number(new URL(door.redirectUri).port), "127.0.0.1");
    silent.on("error", () => {}).write("GET /call");
    await expectToWait();
    silent.destroy();
  });

  test("a reload while it is decided gets the same page; its address holds no code, and is good only then", async () => {
    expect(await get("/done/AAAAAAAA")).toMatch(/^HTTP\/1\.1 404 /);
    const pages = [follow(good), follow(good)];
    const { answer } = await arrived;
    const told = answer("not logged in");
    for (const page of pages) expect(await page).toContain("<h1>Not logged in</h1>");
    await told;
    expect(await get("/done/AAAAAAAA")).toMatch(/^HTTP\/1\.1 404 /);
  });

  test("the short link leads to the request; what is near it leads nowhere, and whoever follows it is not waited for", async () => {
    const link = new URL(door.shortLink("https://login.example/authorize?state=secret"));
    expect(link.pathname).toMatch(/^\/[\w-]{8}$/);
    expect(await get(link.pathname)).toMatch(
      /^HTTP\/1\.1 303 [\s\S]*location: https:\/\/login\.example\/authorize\?state=secret\r\n/,
    );
    for (const near of ["/", `${link.pathname}/`, `${link.pathname}?x`, link.pathname.slice(0, -1), "/authorize"]) {
      expect(await get(near)).toMatch(/^HTTP\/1\.1 404 /);
    }
    expect(await get(link.pathname, "POST")).toMatch(/^HTTP\/1\.1 404 /);
    await expectToWait();
  });
});
