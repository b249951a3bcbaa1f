import { expect, test } from "vitest";
import { transitions } from "../../src/issuer/device/device-authorization.ts";
import type { Store } from "../../src/store/index.ts";
import { begin, decide, enter, kit, somebody } from "../unit/issuer/kit.ts";

/** A store in which the end of a login is late: the third wrong guess is judged, and the login not yet burnt. */
const burntLater = (store: Store, later: Promise<void>): Store =>
  new Proxy(store, {
    get: (real, verb: keyof Store) => {
      if (verb !== "advance") return real[verb].bind(real);
      return async (...args: Parameters<Store["advance"]>) => {
        if (args[0].name === "device" && JSON.stringify(args[3]).includes(transitions.burn.to)) await later;
        return real.advance(...args);
      };
    },
  });

test("S-07: of a burst of guesses at the last four letters the fourth is not compared, though it be right", async () => {
  const burning = Promise.withResolvers<void>();
  const k = kit({ wrap: (store) => burntLater(store, burning.promise) });
  const { userCode } = await begin(k);
  const session = await k.signIn(somebody("p"));
  const { handle = "" } = await enter(k, session, userCode);
  const guess = (tail: string) => decide(k, session, handle, "approve", { tail, address: "203.0.113.9" });
  const heard = (event: string) => k.events.filter((e) => e.event === event).length;
  const wrong = ["BBBB", "CCCC", "DDDD", "FFFF"].filter((tail) => !userCode.endsWith(tail)).slice(0, 3);
  const sent = wrong.map(guess);
  await expect.poll(() => heard("device.wrong_tail")).toBe(3);
  sent.push(guess(userCode.slice(-4)));
  await expect.poll(() => heard("device.wrong_tail") + heard("device.approved")).toBe(4);
  burning.resolve();
  await Promise.all(sent);
  expect([heard("device.wrong_tail"), heard("device.approved")]).toEqual([4, 0]);
});
