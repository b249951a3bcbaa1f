import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { poll } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { deviceOfGx1 } from "./device-of-gx1.ts";

const clock = heldClock();
const browser = new Browser();
const pending = "400 authorization_pending";

const broker = shared(() => boot({ clock }));

const { start, ask, end } = deviceOfGx1(broker, browser);

describe("3.5: the other answers", () => {
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
