import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { JWK } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootWithClients, type WithClients } from "../../support/clients.ts";
import { type JwtPlace, jwtPlaces, signed } from "../../support/jwt-places.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { listen, stopServer } from "../../support/loopback.ts";

let broker: WithClients;
let places: readonly JwtPlace[];
let evil: Server;
let elsewhere: string;
let asked = 0;
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const secret = stranger.privateKey.export({ format: "jwk" }) as JWK;
const jwk = stranger.publicKey.export({ format: "jwk" }) as JWK;
beforeAll(async () => {
  evil = createServer((_request, response) => {
    asked++;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [{ ...jwk, kid: "evil" }] }));
  });
  elsewhere = `http://${await listen(evil)}`;
  broker = await bootWithClients();
  // A proof of possession brings its key by design: all that it proves is that key.
  places = (await jwtPlaces(broker, await keyHolder())).filter(({ name }) => name !== "DPoP proof");
});
afterAll(async () => {
  await broker.stop();
  await stopServer(evil);
});

async function taken(more: object): Promise<string[]> {
  const forge = ({ make }: JwtPlace) => signed({ ...make().header, ...more }, make().claims, secret);
  const took = await Promise.all(places.map(async (place) => ((await place.takes(forge(place))) ? [place.name] : [])));
  return took.flat();
}

describe("3.10: a JWT does not say by which key it is to be checked", () => {
  test("there are places to try it at", () => expect(places.length).toBe(4));

  test.each<[string, () => object]>([
    ["the key itself", () => ({ jwk })],
    ["the key itself, under a name of its own", () => ({ jwk: { ...jwk, kid: "evil" }, kid: "evil" })],
    ["an address of keys", () => ({ jku: `${elsewhere}/keys`, kid: "evil" })],
    ["an address of certificates", () => ({ x5u: `${elsewhere}/certificate`, kid: undefined })],
    ["a certificate", () => ({ x5c: [Buffer.from("certificate").toString("base64")] })],
    ["a certificate's name", () => ({ x5t: "AAAA", "x5t#S256": "AAAA" })],
  ])("not by %s in its header", async (_what, more) => {
    expect(await taken(more())).toEqual([]);
  });

  test("and no address in a header is ever asked", async () => {
    await taken({ jku: `${elsewhere}/keys`, x5u: `${elsewhere}/certificate` });
    expect(asked).toBe(0);
  });

  test.each(["../../../../dev/null", "' OR '1'='1", "__proto__", "constructor", "*", "x".repeat(5_000), "k1\0"])(
    "the name of a key is a name alone, not a path or a question: %j",
    async (kid) => {
      expect(await taken({ kid })).toEqual([]);
    },
  );

  test("not by a name that is no text", async () => {
    for (const kid of [0, null, true, [], {}, ["k1"], { $ne: null }]) expect(await taken({ kid })).toEqual([]);
  });
});
