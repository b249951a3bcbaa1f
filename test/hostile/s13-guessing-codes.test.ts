import { describe, expect, test } from "vitest";
import { systemRandom } from "../../src/core/index.ts";
import { wrongPerAddress, wrongPerPerson } from "../../src/issuer/device/guesses.ts";
import { codesThereAre, makeUserCode } from "../../src/issuer/device/user-code.ts";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { embeddedVisitor, signIn, startDevice } from "../support/device-login.ts";
import { crowd } from "../support/embedded-idp.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock, people: crowd }));

let next = 0;
async function visitor(): Promise<(code: string) => Promise<string>> {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor(`u${next++ % 8}@a.example`));
  const entry = await browser.open(`${broker.issuer}/device`);
  return async (code) => heading(await browser.submit(entry, { user_code: code }));
}
const guess = () => makeUserCode(systemRandom);
const freshCode = async () => (await startDevice(broker.issuer, { client_id: "gx1" })).user_code;
const [wrong, wait, right] = ["This code is not known", "Too many attempts", "Is this you?"];

describe("S-13: guessing user codes", () => {
  test("with 1,000 codes outstanding, the chance of any hit in a code's life is at most one in a million", () => {
    const codes = codesThereAre;
    const longestLife = 600;
    for (const { limit, window } of [wrongPerPerson, wrongPerAddress]) {
      expect(window).toBeGreaterThanOrEqual(longestLife);
      expect((limit * 1_000) / codes).toBeLessThanOrEqual(1e-6);
    }
    expect([wrongPerPerson.limit, wrongPerAddress.limit]).toEqual([5, 20]);
  });

  test("stops after five: even the right code does not help then; and starts again when the window has passed", async () => {
    const enter = await visitor();
    for (let i = 0; i < 5; i++) expect(await enter(guess())).toBe(wrong);
    expect(await enter(await freshCode())).toBe(wait);
    clock.advance(wrongPerPerson.window + 11);
    expect(await enter(await freshCode())).toBe(right);
  });

  test("in parallel is worth no more", async () => {
    const enter = await visitor();
    const said = await Promise.all(Array.from({ length: 60 }, () => enter(guess())));
    expect(said.filter((s) => s === wrong)).toHaveLength(5);
    expect(said.filter((s) => s === wait)).toHaveLength(55);
    clock.advance(wrongPerPerson.window + 11);
  });

  test("is not what an honest person does: right codes cost nothing, however many", async () => {
    const enter = await visitor();
    for (let i = 0; i < 12; i++) expect(await enter(await freshCode())).toBe(right);
    for (let i = 0; i < 5; i++) expect(await enter(guess())).toBe(wrong);
  });

  test("by many accounts behind one address stops after twenty", async () => {
    clock.advance(wrongPerAddress.window + 11);
    for (let account = 0; account < 4; account++) {
      const enter = await visitor();
      for (let i = 0; i < 5; i++) expect(await enter(guess())).toBe(wrong);
    }
    // Who guesses there has two more at the most; who does not goes on (S-74).
    const another = await visitor();
    expect([await another(guess()), await another(guess()), await another(guess())]).toEqual([wrong, wrong, wait]);
    const innocent = await visitor();
    expect(await innocent(await freshCode())).toBe(right);
  });
});
