import { describe, expect, test } from "vitest";
import { makeSeal, Secret, seconds, systemClock, systemRandom } from "../../src/core/index.ts";
import type { RelyingPartyDeps } from "../../src/relying-party/index.ts";
import { keepGrant } from "../../src/relying-party/realm-grant.ts";
import { boot } from "../support/boot.ts";
import { postForm } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";
import { somebody } from "../unit/issuer/kit.ts";

const broker = shared(boot);

let count = 0;
const logoutToken = (about: object): string => {
  const now = systemClock.now();
  const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const rest = { aud: "cloudpass", iat: now, exp: now + 60, jti: `s30-${++count}`, events };
  return broker.idp.sign({}, { iss: broker.idp.issuer, ...rest, ...about });
};
const send = (logout_token: string) => postForm(`${broker.issuer}/upstream/logout`, { logout_token });

describe("S-30: a logout at the realm", () => {
  test("reaches the login of that session that is under way: it is not kept afterwards", async () => {
    const deps = {
      provisioned: { refuses: async () => undefined, tagsOf: () => [] },
      store: broker.broker.store,
      seal: makeSeal(new Secret("m".repeat(48)), systemRandom),
      clock: systemClock,
      random: systemRandom,
      times: { session: seconds(600), login: seconds(600), loginAttempt: seconds(600) },
    } as unknown as RelyingPartyDeps;
    const answerOf = (sid: string) => ({ claims: { sub: "p", sid }, accessToken: "a", refreshToken: "r" });
    expect((await send(logoutToken({ sub: "p", sid: "ended" }))).status).toBe(200);
    const late = await keepGrant(deps, answerOf("ended"), somebody("p"));
    expect(!late.ok && late.refusal.code).toBe("logins_ended");
    expect((await keepGrant(deps, answerOf("another"), somebody("p"))).ok, "another session of the person").toBe(true);
  });
});
