import { expect, test } from "vitest";
import { systemRandom } from "../../src/core/index.ts";
import { wrongPerAddress } from "../../src/issuer/device/guesses.ts";
import { openCodesOfOne } from "../../src/issuer/device/open-codes.ts";
import { makeUserCode } from "../../src/issuer/device/user-code.ts";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { embeddedVisitor, postForm, signIn } from "../support/device-login.ts";
import { crowd } from "../support/embedded-idp.ts";
import { shared } from "../support/shared.ts";

// Whoever has IPv6 at home has 2⁶⁴ addresses: a budget for each of them would be none.

const broker = shared(() => boot({ yaml: "trustedProxies: [127.0.0.1]", people: crowd }));

const from = (address: string) => ({ "x-forwarded-for": address });
const start = async (address: string) =>
  (await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, from(address))).status;

test("S-13: another address of the same /64 has no budget of its own for starting logins; a neighbour has", async () => {
  await broker.broker.store.spend(openCodesOfOne, "2001:db8:7:7::/64", openCodesOfOne.limit - 20);
  const all = await Promise.all(Array.from({ length: 40 }, (_, n) => start(`2001:db8:7:7::${(n + 1).toString(16)}`)));
  expect(all.filter((status) => status === 200)).toHaveLength(20);
  expect(await start("2001:db8:7:7:ffff:ffff:ffff:ffff")).toBe(429);
  expect(await start("2001:db8:7:8::1")).toBe(200);
});

test("S-13: nor for guessing user codes, whatever the account", async () => {
  let address = 0;
  const guess = async (account: number): Promise<string> => {
    const browser = new Browser(from(`2001:db8:9:9::${(++address).toString(16)}`));
    await signIn(browser, `${broker.issuer}/device`, embeddedVisitor(`u${account}@a.example`));
    return heading(
      await browser.submit(await browser.open(`${broker.issuer}/device`), { user_code: makeUserCode(systemRandom) }),
    );
  };
  const said: string[] = [];
  for (let n = 0; n < wrongPerAddress.limit; n++) said.push(await guess(n % 7));
  expect(new Set(said)).toEqual(new Set(["This code is not known"]));
  // An account that never guessed has one slip, like everybody beside a guesser (S-74); then it waits, too.
  expect([await guess(7), await guess(7), await guess(7)]).toEqual([
    "This code is not known",
    "This code is not known",
    "Too many attempts",
  ]);
});
