import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { instant, systemClock } from "../../../src/core/index.ts";
import { type Booted, boot } from "../../support/boot.ts";
import { runCommand } from "../../support/command.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { listen, stopServer } from "../../support/loopback.ts";

// Laptops that slept, boards without a battery, virtual machines that were paused: the clock of the person's machine is
// wrong, the issuer's is right. Proofs (RFC 9449) and ID tokens carry times.

let broker: Booted;
let home: string;
beforeAll(async () => {
  broker = await boot({ yaml: "device: {interval: 1s}" });
  home = await mkdtemp(join(tmpdir(), "cloudpass-clock-"));
});
afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true, force: true });
});

/** Node with another time of day, in seconds. */
const shifted = (seconds: number): readonly string[] => {
  const script = `const now = Date.now, real = Date;
globalThis.Date = class extends real { constructor(...a) { super(...(a.length ? a : [now() + ${seconds * 1000}])); } static now() { return now() + ${seconds * 1000}; } };`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
};

const cloudpass = (person: string, seconds: number, args: readonly string[], issuer = broker.issuer) => {
  let approving: Promise<unknown> | undefined;
  const env = { HOME: home, XDG_STATE_HOME: join(home, person), CLOUDPASS_ISSUER: issuer };
  const onText = (text: string) => {
    const link = /open\s+(\S+user_code=\S+)\s/.exec(text)?.[1];
    if (link !== undefined) approving ??= decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve");
  };
  return runCommand(args, { env, node: shifted(seconds), onText }).finally(() => approving);
};

describe("a clock that is wrong", { timeout: 60_000 }, () => {
  test.each([
    ["3 minutes ahead", 180, "3 min ahead of"],
    ["3 minutes behind", -180, "3 min behind"],
    ["an hour ahead", 3_600, "1 h ahead of"],
    ["an hour behind", -3_600, "1 h behind"],
  ])("%s: the login, what it may do and its tokens work, and the person is told", async (_what, seconds, said) => {
    const person = `shift${seconds}`;
    const login = await cloudpass(person, seconds, ["login", "--device", "--no-qr"]);
    expect(login).toMatchObject({ exitCode: 0, err: expect.stringContaining("Logged in at") });
    expect(login.err).toMatch(
      // A second passes between the two looks at the clock, on a busy machine some more.
      new RegExp(`The clock of this machine is ${said.replace("3 min", "(3 min|3 min \\d s|2 min 5\\d s)")}`),
    );
    const status = await cloudpass(person, seconds, ["status"]);
    expect(status).toMatchObject({ exitCode: 0, err: "" });
    expect(status.out).toMatch(/logged in {2}\S+, \d+ s ago/);
    const left = /until {6}\S+, in (\d+) h/.exec(status.out)?.[1];
    expect(Number(left), status.out).toBeGreaterThanOrEqual(7);
    expect(Number(left), status.out).toBeLessThanOrEqual(24 * 90);
    const [one, two] = [
      await cloudpass(person, seconds, ["token", "--target", "gx1"]),
      await cloudpass(person, seconds, ["token", "--target", "gx1"]),
    ];
    expect(one).toMatchObject({ exitCode: 0, err: "" });
    expect(two.out, "kept until its end").toBe(one.out);
  });

  test("one that is set right after the login: nothing of before is believed for longer than it is good", async () => {
    await cloudpass("mended", 3_600, ["login", "--device", "--no-qr"]);
    const before = await cloudpass("mended", 3_600, ["token", "--target", "gx1"]);
    const after = await cloudpass("mended", 0, ["token", "--target", "gx1"]);
    expect(after.exitCode, after.err).toBe(0);
    expect(after.out).not.toBe(before.out);
    expect(await cloudpass("mended", 0, ["status"])).toMatchObject({ exitCode: 0, err: "" });
  });

  test("a broker whose own clock is wrong, which cannot be corrected here: the clock is named, and no new login", async () => {
    const clock = { ...systemClock, now: () => instant(systemClock.now() + 3_600) };
    const late = await boot({ yaml: "device: {interval: 1s}", clock });
    const login = await cloudpass("late", 0, ["login", "--device", "--no-qr"], late.issuer);
    await late.stop();
    expect(login.exitCode).toBe(1);
    expect(login.err).toContain("refused a proof of your login's key");
    expect(login.err).toContain("check the clock of this machine");
    expect(login.err).not.toContain("run: cloudpass login");
  });

  test("an issuer that tells its time only when it refuses: the message says by how much", async () => {
    const server = createServer((request, response) => {
      const json = (status: number, body: object) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      if (request.method === "POST" && request.url === "/token") {
        response.setHeader("date", new Date(Date.now() - 180_000).toUTCString());
        return json(400, { error: "invalid_dpop_proof" });
      }
      response.sendDate = false;
      if (request.method === "POST") {
        const codes = { device_code: "d", user_code: "AAAA-BBBB", verification_uri: `${issuer}/device` };
        return json(200, { ...codes, expires_in: 60, interval: 1 });
      }
      return json(200, {
        issuer,
        token_endpoint: `${issuer}/token`,
        device_authorization_endpoint: `${issuer}/device_authorization`,
        dpop_signing_alg_values_supported: ["ES256"],
      });
    });
    const issuer = `http://${await listen(server)}`;
    const login = await cloudpass("told", 0, ["login", "--device", "--no-qr"], issuer);
    await stopServer(server);
    expect(login.err).toMatch(/The clock of this machine is (3 min|3 min 1 s|2 min 59 s) ahead of the issuer's/);
    expect(login.err).toContain("set the clock of this machine");
    expect(login.exitCode).toBe(1);
  });
});
