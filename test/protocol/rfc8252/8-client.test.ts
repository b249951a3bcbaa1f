import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { type BrowserLogin, startBrowserLogin } from "../../support/browser-login.ts";

let broker: Booted;
let home: string;
beforeAll(async () => {
  broker = await boot();
  home = await mkdtemp(join(tmpdir(), "cloudpass-rfc8252-"));
});
afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true });
});

const login = () => startBrowserLogin(broker.issuer, home);
const redemptions = () => broker.lines.filter((l) => l.includes('"path":"/token"')).length;
/** The person says no: the answer that ends the command. */
async function deny({ url, redirectUri, end }: BrowserLogin) {
  const state = url.searchParams.get("state") ?? "";
  await fetch(`${redirectUri}?${new URLSearchParams({ error: "access_denied", state, iss: broker.issuer })}`);
  return end;
}
const answers = (host: string, port: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });

describe("rfc8252 8: the cloudpass command with the browser of this machine", () => {
  test("8.1: sends a challenge of its own by S256 (rfc7636 4.1, 7.1), and state and nonce of its own, each time", async () => {
    const [one, two] = [await login(), await login()];
    for (const name of ["code_challenge", "state", "nonce"]) {
      const [a, b] = [one.url.searchParams.get(name), two.url.searchParams.get(name)];
      expect(a).toMatch(/^[\w-]{43}$/);
      expect(a).not.toBe(b);
    }
    expect(one.url.searchParams.get("code_challenge_method")).toBe("S256");
    for (const started of [one, two]) await deny(started);
  });

  test("8.3: listens on the loopback address alone, and no longer than the login takes", async () => {
    const started = await login();
    const { redirectUri } = started;
    expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const { port } = new URL(redirectUri);
    expect(await answers("127.0.0.1", port)).toBe(true);
    for (const elsewhere of ["::1", "127.0.0.2"]) expect(await answers(elsewhere, port)).toBe(false);
    for (const path of ["/", "/callback", "/other?code=x", "/callback/?code=x"])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
    expect((await fetch(`${redirectUri}?code=x`, { method: "POST" })).status).toBe(404);
    await deny(started);
    expect(await answers("127.0.0.1", port)).toBe(false);
  });

  test.each([
    ["another state", { state: "x" }],
    ["no state", {}],
  ])("8.9: refuses a code that comes with %s, redeems nothing, and waits on", async (_what, more) => {
    const started = await login();
    const before = redemptions();
    const query = new URLSearchParams({ code: "injected", iss: broker.issuer, ...more });
    expect((await fetch(`${started.redirectUri}?${query}`)).status).toBe(404);
    expect(await deny(started)).toMatchObject({ exitCode: 1, err: expect.stringContaining("the login was denied") });
    expect(redemptions()).toBe(before);
  });
});
