import { describe, expect, test } from "vitest";
import { Fault, instant, type LoginId, systemRandom } from "../../../src/core/index.ts";
import { createTellClient } from "../../../src/issuer/logout/logout-token.ts";
import { readIdTokenHint } from "../../../src/issuer/tokens/id-token-hint.ts";
import { createAccessTokenVerifier } from "../../../src/issuer/tokens/verify.ts";
import { heldClock } from "../../support/held-clock.ts";
import { issuer, keys, kit, somebody } from "./kit.ts";

const clock = heldClock(instant(1_800_000_000));
const gone = () => {
  throw new Fault("key file", "using the keys", { message: "the key set could not be read for a minute" });
};
const claims = { iss: issuer, sub: "p-1", aud: "prod1", exp: 1_800_000_600, iat: 1_800_000_000 };

describe("S-67: while the key set is out of reach", () => {
  test("a token is not judged, rather than called wrong or our bug", async () => {
    const verifyAccessToken = createAccessTokenVerifier({ issuer, keys: gone, clock });
    await expect(verifyAccessToken(keys.sign("at+jwt", claims))).rejects.toBeInstanceOf(Fault);
  });

  test("a hint is not read, rather than called no ID token of ours", async () => {
    await expect(readIdTokenHint({ issuer, keys: gone, clock }, keys.sign("JWT", claims))).rejects.toBeInstanceOf(
      Fault,
    );
  });

  test("a client is not told of a logout, and the process goes on", async () => {
    const unhandled: unknown[] = [];
    const listen = (problem: unknown) => void unhandled.push(problem);
    process.on("unhandledRejection", listen);
    const { parts } = kit();
    const client = { backchannelLogoutUri: "http://127.0.0.1:9/logout" };
    const clients = new Map([["portal", client]]) as unknown as Parameters<typeof createTellClient>[0]["clients"];
    const notify = createTellClient({ ...parts, clients, keys: gone, clock, random: systemRandom });
    notify("f" as LoginId, { client: "portal", person: somebody("p") });
    await new Promise(setImmediate);
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});
