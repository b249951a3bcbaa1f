import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import "../../../src/cli/run-cli.ts"; // loaded here, and not within the time that a test waits
import { type Clock, systemClock } from "../../../src/core/index.ts";
import { freePort } from "../../rigs/support/free-port.ts";
import { heldClock } from "../../support/held-clock.ts";
import { type FakeTerminal, fakeTerminal } from "../../unit/cli/fake-terminal.ts";
import { type StrictServer, startStrictServer } from "./strict-server.ts";

let server: StrictServer;
let home: string;
beforeAll(async () => {
  server = await startStrictServer();
  home = await mkdtemp(join(tmpdir(), "cloudpass-strict-"));
});
afterEach(() => {
  server.out = false;
  server.forms.length = 0;
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

const deps = {
  version: "0.0.0",
  serve: async () => 0,
};
let homes = 0;
const newHome = () => join(home, String(++homes));
const terminalOf = (state: string, clock: Clock = systemClock) =>
  fakeTerminal({ XDG_STATE_HOME: state, HOME: state, CLOUDPASS_ISSUER: server.issuer }, { clock });
const cli = (terminal: FakeTerminal, ...argv: string[]) => runCli(argv, { ...deps, terminal });
const eventsOf = (terminal: FakeTerminal): Record<string, unknown>[] =>
  terminal
    .out()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Runs `login --json` and decides once the code is shown. */
async function login(state: string, decision: "approve" | "deny" | "expire", before = async () => {}) {
  const terminal = terminalOf(state);
  const running = cli(terminal, "login", "--json");
  await expect.poll(() => terminal.out(), { timeout: 5_000 }).toContain("\n");
  const [verification] = eventsOf(terminal);
  await before();
  await server.decide(String(verification?.["user_code"]), decision);
  return { exitCode: await running, terminal, verification };
}

describe("cloudpass against a strict authorization server", { timeout: 60_000 }, () => {
  it("logs in by device code with PKCE, the right scope, and no secret in what it prints", async () => {
    const { exitCode, terminal, verification } = await login(newHome(), "approve");
    expect(terminal.err()).toContain("Logged in at");
    expect(exitCode).toBe(0);
    expect(verification).toMatchObject({ event: "verification", issuer: server.issuer, expires_in: 300, interval: 1 });
    expect(eventsOf(terminal).at(-1)).toMatchObject({ event: "logged_in", person: { preferred_username: "alice" } });
    expect(terminal.err()).toContain("Logged in at");
    expect(terminal.err()).toContain("as Alice A (alice) of customer-a.");
    const device = server.forms.find(({ path }) => path === "/device/auth")?.form;
    expect(Object.fromEntries(device ?? [])).toMatchObject({
      client_id: "cloudpass",
      scope: "openid profile email groups offline_access",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    const poll = server.forms.filter(({ path }) => path === "/token").at(-1)?.form;
    expect(poll?.get("code_verifier")).toMatch(/^[\w-]{43,}$/);
    expect(terminal.out() + terminal.err()).not.toContain(String(poll?.get("device_code")));
    expect(terminal.out() + terminal.err()).not.toContain("eyJ");
  });

  it("gets one token per target by refresh with a resource indicator, and keeps each until its end", async () => {
    const state = newHome();
    await login(state, "approve");
    const ask = async (target: string, clock?: Clock) => {
      const terminal = terminalOf(state, clock);
      expect(await cli(terminal, "token", "--target", target, "--output", "json")).toBe(0);
      return JSON.parse(terminal.out()) as { token: string; expires_at: number; claims: Record<string, unknown> };
    };
    const one = await ask("gx1");
    expect(one.claims).toMatchObject({ aud: "gx1", iss: server.issuer });
    expect(Math.abs(one.expires_at - Number(one.claims["exp"]))).toBeLessThanOrEqual(1);
    const refreshes = () => server.forms.filter(({ form }) => form.get("grant_type") === "refresh_token");
    expect(refreshes().map(({ form }) => form.get("resource"))).toEqual(["urn:cloudpass:target:gx1"]);
    expect((await ask("gx1")).token).toBe(one.token);
    expect((await ask("prod1")).claims["aud"]).toBe("prod1");
    expect(refreshes()).toHaveLength(2);
    // 30 s before its end it is renewed, with the successor of the refresh token
    const late: Clock = { ...systemClock, now: () => (one.expires_at - 30) as ReturnType<Clock["now"]> };
    expect((await ask("gx1", late)).token).not.toBe(one.token);
    const used = refreshes().map(({ form }) => form.get("refresh_token"));
    expect(new Set(used).size).toBe(3);
  });

  it("prints the token and nothing else", async () => {
    const state = newHome();
    await login(state, "approve");
    const terminal = terminalOf(state);
    expect(await cli(terminal, "token", "--target", "gx1")).toBe(0);
    expect(terminal.out()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(terminal.err()).toBe("");
  });

  it("uses a rotating refresh token once although many processes ask at the same time", async () => {
    const state = newHome();
    await login(state, "approve");
    const asked = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const terminal = terminalOf(state);
        const exitCode = await cli(terminal, "token", "--target", n % 2 === 0 ? "gx1" : "prod1");
        return { exitCode, token: terminal.out() };
      }),
    );
    expect(asked.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
    expect(new Set(asked.map(({ token }) => token)).size).toBe(2);
    expect(server.forms.filter(({ form }) => form.get("grant_type") === "refresh_token")).toHaveLength(2);
  });

  it("says that the login was denied, or that the code expired", async () => {
    const denied = await login(newHome(), "deny");
    expect(denied.exitCode).toBe(1);
    expect(denied.terminal.err()).toContain("cloudpass: the login was denied");
    expect(eventsOf(denied.terminal).at(-1)).toEqual({ event: "denied" });
    const expired = await login(newHome(), "expire");
    expect(expired.exitCode).toBe(1);
    expect(expired.terminal.err()).toContain("cloudpass: the code has expired");
    expect(eventsOf(expired.terminal).at(-1)).toEqual({ event: "expired" });
  });

  it("offers a new code at a terminal when one has expired", async () => {
    const state = newHome();
    const terminal = fakeTerminal({ XDG_STATE_HOME: state, CLOUDPASS_ISSUER: server.issuer }, { tty: true });
    const running = cli(terminal, "login", "--no-qr");
    const codes = () => [...terminal.err().matchAll(/code {3}([A-Z]{4}-[A-Z]{4})/g)].map(([, code]) => code ?? "");
    await expect.poll(codes, { timeout: 5_000 }).toHaveLength(1);
    await server.decide(codes()[0] ?? "", "expire");
    await expect.poll(() => terminal.err(), { timeout: 5_000 }).toContain("Press Enter for a new code");
    expect(terminal.err()).toContain("\r\u001b[KWaiting: ");
    terminal.stdin.push("\n");
    await expect.poll(codes, { timeout: 5_000 }).toHaveLength(2);
    await server.decide(codes()[1] ?? "", "approve");
    expect(await running).toBe(0);
    expect(terminal.out()).toBe("");
  });

  it("offers both ways again when neither was finished in time; the browser's link stays good", async () => {
    const state = newHome();
    const env = {
      HOME: state,
      XDG_STATE_HOME: state,
      CLOUDPASS_ISSUER: server.issuer,
      DISPLAY: ":9",
      PATH: "/nowhere",
    };
    const clock = heldClock();
    const terminal = fakeTerminal(env, { tty: true, clock });
    const running = cli(terminal, "login");
    const codes = () => [...terminal.err().matchAll(/code {3}([A-Z]{4}-[A-Z]{4})/g)].map(([, code]) => code ?? "");
    await expect.poll(codes, { timeout: 5_000 }).toHaveLength(1);
    await server.decide(codes()[0] ?? "", "expire");
    clock.advance(1);
    await expect.poll(() => server.forms.filter(({ path }) => path === "/token"), { timeout: 5_000 }).toHaveLength(1);
    expect(terminal.err()).not.toContain("Press Enter");
    clock.advance(301);
    await expect.poll(() => terminal.err(), { timeout: 5_000 }).toContain("Press Enter for a new code");
    terminal.stdin.push("\n");
    await expect.poll(codes, { timeout: 5_000 }).toHaveLength(2);
    const links = [...terminal.err().matchAll(/open {3}(http:\/\/127\.0\.0\.1:\d+\/[\w-]{8})\n/g)].map(
      ([, link]) => link,
    );
    expect([links.length, new Set(links).size]).toEqual([2, 1]);
    await server.decide(codes()[1] ?? "", "approve");
    clock.advance(1);
    expect(await running).toBe(0);
  });

  it("goes on waiting while the issuer is away, and says so", async () => {
    const { exitCode, terminal } = await login(newHome(), "approve", async () => {
      server.out = true;
      await systemClock.sleep(1_500);
      server.out = false;
    });
    expect(terminal.err()).toContain("does not answer at the moment");
    expect(exitCode).toBe(0);
  });

  it("tells an unknown target, an ended login and nobody logged in apart, each with what to do", async () => {
    const state = newHome();
    const nobody = terminalOf(state);
    expect(await cli(nobody, "token", "--target", "gx1")).toBe(1);
    expect(nobody.err()).toContain(`you are not logged in at ${server.issuer}\n  → run: cloudpass login`);
    await login(state, "approve");
    const unknown = terminalOf(state);
    expect(await cli(unknown, "token", "--target", "gx9")).toBe(1);
    expect(unknown.err()).toContain('there is no target "gx9" for you');
    const out = terminalOf(state);
    expect(await cli(out, "logout")).toBe(0);
    expect(server.forms.some(({ path }) => path === "/token/revocation")).toBe(true);
    const after = terminalOf(state);
    expect(await cli(after, "token", "--target", "gx1")).toBe(1);
    expect(after.err()).toContain("not logged in");
  });

  it("says that the login has ended when another copy of its refresh token was used", async () => {
    const state = newHome();
    await login(state, "approve");
    const { cp } = await import("node:fs/promises");
    const copy = newHome();
    await cp(state, copy, { recursive: true });
    expect(await cli(terminalOf(copy), "token", "--target", "gx1")).toBe(0);
    const robbed = terminalOf(state);
    expect(await cli(robbed, "token", "--target", "gx1")).toBe(1);
    expect(robbed.err()).toContain("cloudpass: your login has ended");
    expect(robbed.err()).toContain("→ run: cloudpass login");
  });

  it("ends with 3 when the issuer is out of order or cannot be reached", async () => {
    server.out = true;
    const terminal = terminalOf(newHome());
    expect(await cli(terminal, "login", "--device")).toBe(3);
    expect(terminal.err()).toContain("answered 503");
    const nowhere = terminalOf(newHome());
    const closed = `http://127.0.0.1:${await freePort()}`;
    expect(await cli(nowhere, "login", "--device", "--issuer", closed)).toBe(3);
    expect(nowhere.err()).toContain(`${closed} cannot be reached (ECONNREFUSED)`);
  });

  it("gives kubectl a credential from the cache, and never starts a login by itself", async () => {
    const state = newHome();
    await login(state, "approve");
    const terminal = terminalOf(state);
    expect(await cli(terminal, "kube-credential", "--cluster", "prod1")).toBe(0);
    const { apiVersion, status } = JSON.parse(terminal.out());
    expect(apiVersion).toBe("client.authentication.k8s.io/v1");
    expect(Date.parse(status.expirationTimestamp) / 1000).toBeGreaterThan(systemClock.now() + 500);
    const nobody = terminalOf(newHome());
    expect(await cli(nobody, "kube-credential", "--cluster", "prod1")).toBe(1);
    expect(nobody.out()).toBe("");
    expect(nobody.err()).toContain("run: cloudpass login");
  });
});
