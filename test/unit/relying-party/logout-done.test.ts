import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { Fault, makeSeal, ok, Secret, seconds, systemClock, systemRandom } from "../../../src/core/index.ts";
import { realmLogoutRoute } from "../../../src/relying-party/logout/routes.ts";
import { realmGrantKind, realmTag } from "../../../src/relying-party/realm-grant.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { startScriptedRealm } from "../../support/scripted-realm.ts";

const { privateKey, publicKey } = await generateKeyPair("ES256");
const keys = [{ ...(await exportJWK(publicKey)), kid: "k", alg: "ES256", use: "sig" }];

/** A logout token that names a person with one sign-in, and the route that takes it; `ends` ends what came of that. */
async function world(ends: () => Promise<void>) {
  const realm = await startScriptedRealm((path) => (path === "/jwks" ? { status: 200, body: { keys } } : undefined));
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const store = createMemoryStore({ clock: systemClock, random: systemRandom });
  const options = { issuer: realm.issuer, clientId: "cloudpass", timeout: seconds(2) };
  const deps = { options, store, seal, clock: systemClock, grantEnded: ends, times: { loginAttempt: seconds(600) } };
  const signIn = () =>
    store.put(realmGrantKind, "g", { state: "live" } as never, {
      ttl: seconds(600),
      tags: [realmTag(seal, "subject", "s1")],
    });
  await signIn();
  const logout_token = await new SignJWT({ events: { "http://schemas.openid.net/event/backchannel-logout": {} } })
    .setProtectedHeader({ alg: "ES256", kid: "k", typ: "logout+jwt" })
    .setIssuer(realm.issuer)
    .setAudience("cloudpass")
    .setSubject("s1")
    .setJti("j1")
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(privateKey);
  const route = realmLogoutRoute(deps as never, { jwksUri: async () => new URL(`${realm.issuer}/jwks`) });
  const send = async () => route.handle({ form: new Map([["logout_token", logout_token]]) } as never);
  return { send, signIn, stop: async () => Promise.all([realm.stop(), store.close()]) };
}

test("a logout that failed half-way is done when its token comes again, and the token is used up then", async () => {
  let away = true;
  const ended: string[] = [];
  const { send, signIn, stop } = await world(async () => {
    if (away) throw new Fault("redis", "ending a login");
    ended.push("login");
  });
  await expect(send()).rejects.toBeInstanceOf(Fault);
  away = false;
  expect(await send()).toEqual(ok({ kind: "empty", status: 200 }));
  await signIn();
  const again = await send();
  expect(!again.ok && again.refusal).toMatchObject({ code: "invalid_request", detail: "replayed" });
  expect(ended).toEqual(["login"]);
  await stop();
});
