import { beforeAll, describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { type JwtPlace, jwtPlaces, signed } from "../../support/jwt-places.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

let prover: KeyHolder;
let places: readonly JwtPlace[];
const broker = shared(bootWithClients);
beforeAll(async () => {
  prover = await keyHolder();
  places = await jwtPlaces(broker, prover);
});

const good = ({ make, key }: JwtPlace) => signed(make().header, make().claims, key);
const types = ["at+jwt", "logout+jwt", "dpop+jwt", "client-authentication+jwt", "secevent+jwt", "x"];
/** What each place takes as `typ`, besides what it takes when nothing is said. */
const ownType: Readonly<Record<string, readonly string[]>> = {
  "access token at userinfo": ["at+jwt"],
  "ID token as id_token_hint": [],
  "client assertion": ["client-authentication+jwt"],
  "DPoP proof": ["dpop+jwt"],
  "logout token of the realm": ["logout+jwt"],
};

describe("3.11: each kind of JWT has a type, and no place takes another kind's", () => {
  test.each(types)("%s is taken where it belongs alone", async (typ) => {
    const took: string[] = [];
    for (const place of places) {
      const { header, claims } = place.make();
      if (await place.takes(signed({ ...header, typ }, claims, place.key))) took.push(place.name);
    }
    expect(took).toEqual(places.map(({ name }) => name).filter((name) => ownType[name]?.includes(typ)));
  });

  test("a type that is no text is taken nowhere", async () => {
    for (const place of places) {
      const { header, claims } = place.make();
      for (const typ of [1, ["at+jwt"], { typ: "at+jwt" }]) {
        expect(await place.takes(signed({ ...header, typ }, claims, place.key)), place.name).toBe(false);
      }
    }
  });
});

describe("3.12: a JWT that is good at one place is good at no other one", () => {
  test("as it stands", async () => {
    for (const from of places) {
      for (const to of places.filter((place) => place !== from)) {
        expect(await to.takes(good(from)), `${from.name} → ${to.name}`).toBe(false);
      }
    }
  });
});

describe("3.8, 3.9: issuer, subject and audience are checked at every place that has them", () => {
  const changes: [string, object, readonly string[]][] = [
    ["another issuer", { iss: "https://evil.example" }, ["DPoP proof"]],
    ["no issuer", { iss: undefined }, ["DPoP proof"]],
    ["another audience", { aud: "https://evil.example" }, ["DPoP proof", "ID token as id_token_hint"]],
    ["no audience", { aud: undefined }, ["DPoP proof"]],
    ["no subject", { sub: undefined }, ["DPoP proof"]],
    ["a subject that is no text", { sub: 7 }, ["DPoP proof"]],
  ];
  test.each(changes)("%s", async (_what, more, free) => {
    const took: string[] = [];
    for (const place of places) {
      const { header, claims } = place.make();
      if (await place.takes(signed(header, { ...claims, ...more }, place.key))) took.push(place.name);
    }
    expect(took.sort()).toEqual([...free].sort());
  });
});
