import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { postForm } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => bootWithClients({ clock }));

const inactive = { active: false };
const gx1 = async () =>
  (await logIn(broker.issuer, { client_id: "gx1", scope: "openid offline_access" }, { browser })).body;
const ask = async (token: unknown) => (await broker.asSecret("/introspect", "cloud", { token: String(token) })).body;

describe("rfc7662 4: before a token is called active", () => {
  test("its time is looked at: at its last second it is, at its end it is not", async () => {
    const { access_token } = await gx1();
    clock.advance(599);
    expect(await ask(access_token)).toMatchObject({ active: true });
    clock.advance(1);
    expect(await ask(access_token)).toEqual(inactive);
  });

  test("its signature is looked at", async () => {
    const { access_token } = await gx1();
    const [head = "", claims = "", signature = ""] = String(access_token).split(".");
    const wider = Buffer.from(claims, "base64url").toString().replace('"gx1"', '"gx1" ');
    const forged = [
      `${head}.${claims}.${signature.slice(0, -8)}AAAAAAAA`,
      `${head}.${claims}.`,
      `${head}.${Buffer.from(wider).toString("base64url")}.${signature}`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${claims}.`,
    ];
    for (const token of forged) expect(await ask(token)).toEqual(inactive);
  });

  test("S-10: its login is looked at: it is not active as soon as that was ended", async () => {
    const { access_token, refresh_token } = await gx1();
    expect(await ask(access_token)).toMatchObject({ active: true });
    await postForm(`${broker.issuer}/revoke`, { client_id: "gx1", token: String(refresh_token) });
    expect(await ask(access_token)).toEqual(inactive);
  });
});
