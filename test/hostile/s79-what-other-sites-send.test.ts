import { request as httpRequest } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { wrongPerNetwork } from "../../src/issuer/clients/guesses.ts";
import { openCodesOfOne } from "../../src/issuer/device/open-codes.ts";
import type { MemoryStore } from "../../src/store/index.ts";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { bootWithClients } from "../support/clients.ts";
import { codeRequest } from "../support/code-login.ts";
import { embeddedVisitor, signIn, startDevice } from "../support/device-login.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

// A page that an office reads puts our addresses into images and frames. Each reader's browser asks us, from the office's
// address: it must not begin a sign-in, keep a record or spend what the office's people need.

const clock = heldClock();
const broker = shared(() => boot({ clock }));
const clients = shared(() => bootWithClients({ clock }));
const store = () => broker.broker.store as MemoryStore;
/** Sessions are touched once a minute; here each request would. */
beforeEach(() => clock.advance(120));

interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** By node:http, since `fetch` says for itself how it fetches. */
function send(
  path: string,
  { method = "GET", headers, body }: Sent,
  issuer = broker.issuer,
): Promise<number | undefined> {
  const form = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const options = { method, headers: { accept: "text/html", ...form, ...headers } };
    const sending = httpRequest(`${issuer}${path}`, options, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode));
    });
    sending.once("error", reject).end(body);
  });
}

const fetchMetadata = (dest: string, mode: string, site = "cross-site") => ({
  "sec-fetch-dest": dest,
  "sec-fetch-mode": mode,
  "sec-fetch-site": site,
});
const subresources: Readonly<Record<string, Record<string, string>>> = {
  "an image": fetchMetadata("image", "no-cors"),
  "an image of a sibling host": fetchMetadata("image", "no-cors", "same-site"),
  "a frame": fetchMetadata("iframe", "navigate"),
  "an object": fetchMetadata("object", "navigate"),
  "a style sheet": fetchMetadata("style", "no-cors"),
  "a script": fetchMetadata("script", "no-cors"),
  "a script's request": fetchMetadata("empty", "no-cors"),
  "a request by CORS": fetchMetadata("empty", "cors"),
  "a prefetch": { ...fetchMetadata("empty", "no-cors"), "sec-purpose": "prefetch" },
  "a prerendering": { ...fetchMetadata("document", "navigate"), "sec-purpose": "prefetch;prerender" },
  "a prefetch of before": { purpose: "prefetch" },
  "a prefetch of Firefox": { "x-moz": "prefetch" },
};

const pages = async () => {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("bob@a.example"));
  const { verification_uri_complete: link } = await startDevice(broker.issuer, { client_id: "gx1" });
  return {
    cookie: `cloudpass=${browser.cookie("cloudpass")}`,
    paths: [
      "/login?tenant=customer-a",
      "/login",
      codeRequest(broker.issuer, "gx1").url.slice(broker.issuer.length),
      link.slice(broker.issuer.length),
      "/device",
      "/account",
      "/end_session",
      "/login/callback?state=x&code=y",
    ],
  };
};

/** What is there of records, entries of the audit and spent starts. Records also end by themselves. */
const traces = async () => ({
  records: store().held(),
  entries: broker.lines.filter((line) => line.includes('"audit"')).length,
  left: (await store().spend(openCodesOfOne, "127.0.0.1", 0)).left,
});

/** Nothing was begun, written down or spent since. */
async function expectNothingSince(before: Awaited<ReturnType<typeof traces>>): Promise<void> {
  const after = await traces();
  expect(after.records).toBeLessThanOrEqual(before.records);
  expect(after.entries).toBe(before.entries);
  expect(after.left).toBeGreaterThanOrEqual(before.left);
}

describe("S-79: what another site makes a browser fetch begins nothing and spends nothing", () => {
  test.each(Object.entries(subresources))("%s", async (_what, headers) => {
    const { cookie, paths } = await pages();
    clock.advance(120);
    const before = await traces();
    for (const path of paths) {
      for (const cookies of [{}, { cookie }]) {
        expect(await send(path, { headers: { ...headers, ...cookies } }), path).toBe(403);
      }
    }
    await expectNothingSince(before);
  });

  test("nor does HEAD, with which programs look whether a link is good", async () => {
    const { paths } = await pages();
    const before = await traces();
    const said = [];
    for (const path of paths) said.push(await send(path, { method: "HEAD", headers: {} }));
    expect(said).toEqual([403, 403, 403, 303, 303, 303, 200, 403]);
    await expectNothingSince(before);
  });

  test("a link and a form in a window of their own do, also from another site; and so do browsers that say nothing", async () => {
    const { paths } = await pages();
    for (const headers of [
      fetchMetadata("document", "navigate"),
      fetchMetadata("document", "navigate", "same-origin"),
      fetchMetadata("document", "navigate", "none"),
      {},
    ]) {
      const said = [];
      for (const path of paths) said.push(await send(path, { headers }));
      expect(said).toEqual([200, 200, 303, 303, 303, 303, 200, 400]);
    }
    const { url } = codeRequest(broker.issuer, "gx1");
    const body = new URL(url).search.slice(1);
    const form = { method: "POST", body, headers: fetchMetadata("document", "navigate") };
    expect(await send("/authorize", form)).toBe(303);
    expect(await send("/authorize", { ...form, headers: fetchMetadata("empty", "no-cors") })).toBe(403);
  });

  test.each([
    ["/device_authorization", "client_id=gx1"],
    ["/par", "client_id=gx1&response_type=code"],
    ["/token", "client_id=portal&client_secret=wrong&grant_type=refresh_token&refresh_token=x"],
    ["/introspect", "client_id=portal&client_secret=wrong&token=x"],
    ["/revoke", "client_id=portal&client_secret=wrong&token=x"],
  ])(
    "a page's form or script cannot send what programs send to %s: it would spend its readers' budgets",
    async (path, body) => {
      const before = await traces();
      for (const headers of [
        fetchMetadata("empty", "no-cors"),
        fetchMetadata("document", "navigate"),
        fetchMetadata("iframe", "navigate", "same-site"),
      ]) {
        expect(await send(path, { method: "POST", headers, body })).toBe(403);
      }
      await expectNothingSince(before);
    },
  );

  test("what anybody may read, anybody's page may", async () => {
    for (const path of ["/jwks", "/.well-known/openid-configuration", "/assets/style.css"])
      expect(await send(path, { headers: fetchMetadata("empty", "cors") })).toBe(200);
  });
});

describe("S-79: a guesser and a client that proves itself share no lock", () => {
  const ask = (secret: string, id = "portal") =>
    send("/introspect", { method: "POST", headers: clients.basic(id, secret), body: "token=x" }, clients.issuer);

  test("a client that proved itself from there before goes on, however much its neighbour guesses", async () => {
    expect(await ask(clients.secret)).toBe(200);
    const said = [];
    for (let n = 0; n < wrongPerNetwork.limit + 5; n++) said.push(await ask(`guess ${n}`));
    expect(said.slice(-5)).toEqual([429, 429, 429, 429, 429]);
    for (let n = 0; n < 5; n++) expect(await ask(clients.secret)).toBe(200);
    clock.advance(86_400);
    for (let n = 0; n < wrongPerNetwork.limit; n++) await ask(`guess ${n}`);
    expect(await ask(clients.secret)).toBe(200);
  });

  test("one that never did waits there: the right secret may be the last guess", async () => {
    clock.advance(1_000);
    for (let n = 0; n < wrongPerNetwork.limit; n++) expect(await ask(`guess ${n}`, "cloud")).toBe(401);
    expect(await ask(clients.secret, "cloud")).toBe(429);
    clock.advance(wrongPerNetwork.window + 11);
    expect(await ask(clients.secret, "cloud")).toBe(200);
  });

  test("a client that proves itself by its key has no lock at all", async () => {
    for (let n = 0; n < 3 * wrongPerNetwork.limit; n++) await ask(`guess ${n}`, "front");
    expect((await clients.asKeyed("/revoke", "front", { token: "x" })).status).toBe(200);
  });
});
