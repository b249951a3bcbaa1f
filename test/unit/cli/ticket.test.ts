import { describe, expect, test } from "vitest";
import type { Session } from "../../../src/cli/user/session/session.ts";
import type { TargetList } from "../../../src/cli/user/session/targets.ts";
import { warnIfEnding } from "../../../src/cli/user/ticket.ts";
import { instant, manualClock } from "../../../src/core/index.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const now = 1_800_000_000;
const minutes = (count: number) => count * 60;

/** What is said of a login that ends then, by this machine's clock or, with the issuer's so far ahead, by that. */
async function said(ends: {
  readonly here?: number;
  readonly there?: number;
  readonly skew?: number;
}): Promise<string> {
  const terminal = fakeTerminal({}, { clock: manualClock(instant(now)) });
  const session = {
    settings: { typed: { issuer: "https://login.example" } },
    login: async () => ({ ...(ends.here !== undefined && { endsAt: now + ends.here }) }),
    skew: async () => ends.skew ?? 0,
  } as unknown as Session;
  const list = {
    targets: [],
    ...(ends.there !== undefined && { expires_at: now + ends.there }),
  } as unknown as TargetList;
  await warnIfEnding(session, list, terminal);
  return terminal.err();
}

describe("a login that ends soon", () => {
  test("is told, with what to do, from 30 minutes before its end", async () => {
    expect(await said({ there: minutes(30) - 1 })).toBe(
      "cloudpass: your login ends in 29 min 59 s; for longer work, first run: cloudpass login --issuer https://login.example\n",
    );
    expect(await said({ there: minutes(30) })).toBe("");
    expect(await said({ there: minutes(12 * 60) })).toBe("");
  });

  test("is counted by the broker's clock where the broker says its end, else by this machine's", async () => {
    expect(await said({ there: minutes(40), skew: minutes(20) })).toContain("ends in 20 min");
    expect(await said({ here: minutes(20) })).toContain("ends in 20 min");
    expect(await said({ here: minutes(20), there: minutes(60) })).toBe("");
    expect(await said({})).toBe("");
  });
});
