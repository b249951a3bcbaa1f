import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type DeviceStart, poll } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { deviceOfGx1 } from "./device-of-gx1.ts";

const clock = heldClock();
const browser = new Browser();
const [pending, slower] = ["400 authorization_pending", "400 slow_down"];

const broker = shared(() => boot({ clock }));

const { start, ask, end } = deviceOfGx1(broker, browser);

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

describe("3.5: whoever polls as told is never told to slow down", () => {
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

describe("3.5: whoever hammers is told to", () => {
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

  test("by five seconds for each time it is told", async () => {
    const said: string[] = [];
    const s = await start();
    for (let i = 0; i < 12; i++) {
      const { body } = await poll(broker.issuer, { client_id: "gx1", device_code: s.device_code });
      if (body["error"] === "slow_down") said.push(String(/\d+/.exec(String(body["error_description"]))));
    }
    expect(said.slice(0, 3)).toEqual(["10", "15", "20"]);
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
