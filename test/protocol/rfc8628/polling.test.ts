import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type DeviceStart, decideInBrowser, embeddedVisitor, poll, startDevice } from "../../support/device-login.ts";
import { outcome, pkce } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";

const clock = heldClock();
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const [pending, slower] = ["400 authorization_pending", "400 slow_down"];

let broker: Booted;
beforeAll(async () => {
  broker = await boot({ clock });
});
afterAll(() => broker.stop());

const start = (more: Record<string, string> = {}) => startDevice(broker.issuer, { client_id: "gx1", ...more });
const ask = async ({ device_code }: DeviceStart, more: Record<string, string> = {}) =>
  outcome(await poll(broker.issuer, { client_id: "gx1", device_code, ...more }));
const end = (s: DeviceStart, decision: "approve" | "deny") =>
  decideInBrowser(s.verification_uri_complete, bob, decision, browser);

/** Polls with these gaps in seconds; answers the outcomes. */
async function rhythm(s: DeviceStart, gaps: readonly number[], twins = false): Promise<string[]> {
  const said: string[] = [];
  for (const gap of gaps) {
    clock.advance(gap);
    said.push(await ask(s));
    if (twins) said.push(await ask(s));
  }
  return said;
}
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe("rfc8628 3.5: whoever polls as told is never told to slow down", () => {
  test.each<[string, number[], boolean]>([
    ["keystoneauth: at once, then at exactly the interval", [0, ...times(30, 5)], false],
    ["x/oauth2: one interval first, every poll twice within milliseconds", times(30, 5), true],
    ["at once and twice", [0, ...times(30, 5)], true],
    ["a clock that runs a little fast", [0, ...times(30, 4.9)], true],
    ["a network that delays one poll and not the next", [0, ...times(15, [6, 4]).flat()], true],
  ])("%s", async (_who, gaps, twins) => {
    expect(new Set(await rhythm(await start(), gaps, twins))).toEqual(new Set([pending]));
  });
});

describe("rfc8628 3.5: whoever hammers is told to", () => {
  test("slow down, on the fifth poll of an interval", async () => {
    expect(await rhythm(await start(), times(6, 0.1))).toEqual([...times(4, pending), slower, slower]);
  });

  test("by five seconds more, durably", async () => {
    const [calm, told] = [await start(), await start()];
    const everyTwoSeconds = times(10, 2);
    expect(await rhythm(calm, everyTwoSeconds)).not.toContain(slower);
    await rhythm(told, times(5, 0));
    clock.advance(20);
    expect(await rhythm(told, everyTwoSeconds)).toContain(slower);
  });

  test("and not again when it obeys", async () => {
    const s = await start();
    expect((await rhythm(s, times(5, 0))).at(-1)).toBe(slower);
    expect(new Set(await rhythm(s, times(10, 10), true))).toEqual(new Set([pending]));
  });

  test("and still gets its tokens when the person approves", async () => {
    const s = await start();
    await rhythm(s, times(8, 0));
    await end(s, "approve");
    expect(await ask(s)).toBe("200");
  });
});

describe("rfc8628 3.5: the other answers", () => {
  test("access_denied when the person refused, again and again", async () => {
    const s = await start();
    await end(s, "deny");
    expect([await ask(s), await ask(s)]).toEqual(["400 access_denied", "400 access_denied"]);
  });

  test("expired_token when nobody came, at the very second", async () => {
    const s = await start();
    clock.advance(s.expires_in - 1);
    expect(await ask(s)).toBe(pending);
    clock.advance(1);
    expect(await ask(s)).toBe("400 expired_token");
  });

  test("expired_token when the person approved and the device did not come for it", async () => {
    const s = await start();
    await end(s, "approve");
    clock.advance(s.expires_in);
    expect(await ask(s)).toBe("400 expired_token");
  });

  test("invalid_grant for a code that was used, for one that never was and for no code", async () => {
    const s = await start();
    await end(s, "approve");
    expect([await ask(s), await ask(s)]).toEqual(["200", "400 invalid_grant"]);
    expect(await ask({ ...s, device_code: "guess" })).toBe("400 invalid_grant");
    expect(outcome(await poll(broker.issuer, { client_id: "gx1" }))).toBe("400 invalid_request");
  });

  test("invalid_grant for another client's code, which then is nobody's", async () => {
    const s = await start();
    expect(await ask(s, { client_id: "gx2" })).toBe("400 invalid_grant");
    expect(await ask(s)).toBe("400 access_denied");
  });
});

describe("rfc7636: a code challenge on the device request", () => {
  const { verifier, challenge } = pkce();
  test.each<[string, Record<string, string>, string]>([
    ["its verifier", { code_verifier: verifier }, "200"],
    ["no verifier", {}, "400 invalid_grant"],
    ["an empty verifier", { code_verifier: "" }, "400 invalid_grant"],
    ["another verifier", { code_verifier: `${verifier}x` }, "400 invalid_grant"],
    ["the challenge itself (plain)", { code_verifier: challenge }, "400 invalid_grant"],
  ])("is answered with tokens only for its verifier: %s", async (_what, more, answer) => {
    const s = await start({ code_challenge: challenge, code_challenge_method: "S256" });
    await end(s, "approve");
    expect(await ask(s, more)).toBe(answer);
    if (answer !== "200") expect(await ask(s, { code_verifier: verifier }), "and is not burnt by it").toBe("200");
  });
});
