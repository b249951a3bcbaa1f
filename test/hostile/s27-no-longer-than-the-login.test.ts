import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { claimsOf } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

test("S-27: a login that began within a second gives nothing in the rest of its last one", async () => {
  clock.advance(0.9);
  const { refresh_token } = (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, {})).body;
  clock.advance(43_199.4);
  expect(outcome(await refresh(broker.issuer, refresh_token))).toBe("400 invalid_grant");
  clock.advance(0.7);
});

describe("S-27: a login renewed again and again", () => {
  test("ends when it was to end: no token outlives its first day", async () => {
    const first = (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, {})).body;
    const end = Number(claimsOf(first["access_token"])["iat"]) + 43_200;
    let token = String(first["refresh_token"]);
    for (let hour = 0; hour < 11; hour++) {
      clock.advance(3_590);
      const answer = await refresh(broker.issuer, token);
      expect(outcome(answer), `after hour ${hour + 1}`).toBe("200");
      expect(Number(claimsOf(answer.body["access_token"])["exp"])).toBeLessThanOrEqual(end);
      token = String(answer.body["refresh_token"]);
    }
    clock.advance(end - clock.now() - 5);
    const last = await refresh(broker.issuer, token);
    expect([outcome(last), last.body["expires_in"]]).toEqual(["200", 5]);
    clock.advance(5);
    expect(outcome(await refresh(broker.issuer, last.body["refresh_token"]))).toBe("400 invalid_grant");
  });
});
