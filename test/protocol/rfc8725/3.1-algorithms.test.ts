import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { type JwtPlace, jwtPlaces, publicForms, signed, unsigned, withHmac } from "../../support/jwt-places.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

let places: readonly JwtPlace[];
const broker = shared(bootWithClients);
beforeAll(async () => {
  places = await jwtPlaces(broker, await keyHolder());
});

/** Which places take what this makes of a JWT that is right. */
async function taken(forge: (place: JwtPlace) => string): Promise<string[]> {
  const took = await Promise.all(places.map(async (place) => ((await place.takes(forge(place))) ? [place.name] : [])));
  return took.flat();
}
const good = ({ make, key }: JwtPlace) => signed(make().header, make().claims, key);

const other =
  ({ make }: JwtPlace) =>
  () => ({ ...make(), claims: { ...make().claims, other: true } });

test("each place takes what is right: what follows fails for its own reason", async () => {
  expect(await taken(good)).toEqual(places.map(({ name }) => name));
});

describe("3.1, 3.2: no place that takes a JWT is talked into another algorithm", () => {
  test.each(["none", "None", "NONE", "nOnE", ""])("alg %j, unsigned", async (alg) => {
    expect(await taken(({ make }) => unsigned({ ...make().header, alg }, make().claims))).toEqual([]);
  });

  test("alg none, with a signature that is right", async () => {
    expect(await taken(({ make, key }) => signed({ ...make().header, alg: "none" }, make().claims, key))).toEqual([]);
  });

  test("no alg at all", async () => {
    const without = ({ alg: _, ...header }: Readonly<Record<string, unknown>>) => header;
    expect(await taken(({ make, key }) => signed(without(make().header), make().claims, key))).toEqual([]);
  });

  test.each([256, 384, 512])("HS%d, with what is public of the key as the secret", async (bits) => {
    const forms = publicForms(places[0]?.key ?? expect.fail()).length;
    for (let form = 0; form < forms; form++) {
      const forge = ({ make, key }: JwtPlace) =>
        withHmac(make().header, make().claims, publicForms(key)[form] ?? "", bits);
      expect(await taken(forge), `form ${form}`).toEqual([]);
    }
  });

  test.each(["RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "HS256", "es256", "ECDH-ES"])(
    "%s in the header of an ES256 signature",
    async (alg) => {
      expect(await taken(({ make, key }) => signed({ ...make().header, alg }, make().claims, key))).toEqual([]);
    },
  );
});

describe("3.3: nothing is taken whose signature does not fit", () => {
  test.each<[string, (place: JwtPlace) => string]>([
    ["a changed signature", (place) => `${good(place).slice(0, -8)}AAAAAAAA`],
    ["an empty signature", (place) => good(place).replace(/[^.]+$/, "")],
    ["a signature of zeros (CVE-2022-21449)", (place) => good(place).replace(/[^.]+$/, "A".repeat(86))],
    [
      "a signature of another JWT",
      (place) => good(place).replace(/[^.]+$/, good({ ...place, make: other(place) }).split(".")[2] ?? ""),
    ],
    ["a key of somebody else under the same name", ({ make }) => signed(make().header, make().claims, stranger)],
    ["two signatures", (place) => `${good(place)}.${good(place).split(".")[2]}`],
    ["five parts, as an encrypted JWT has", (place) => `${good(place)}.AAAA.AAAA`],
    [
      "a general serialisation in JSON",
      (place) => JSON.stringify({ payload: good(place).split(".")[1], signatures: [] }),
    ],
  ])("%s", async (_what, forge) => expect(await taken(forge)).toEqual([]));
});

const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });

describe("3.4: what is signed is read as one thing only", () => {
  const raw = (part: object, more: string) => `{${JSON.stringify(part).slice(1, -1)},${more}}`;

  test("RFC 7519 4, RFC 7515 4: of a member that is there twice the last one counts, at each place", async () => {
    const header = (last: string) => (place: JwtPlace) =>
      signed(raw(place.make().header, `"alg":"${last}"`), place.make().claims, place.key);
    expect(await taken(header("none"))).toEqual([]);
    const claims = (last: number) => (place: JwtPlace) => {
      const { exp: _, ...rest } = place.make().claims;
      return signed(
        place.make().header,
        raw({ ...rest, exp: last === 1 ? 9_999_999_999 : 1 }, `"exp":${last}`),
        place.key,
      );
    };
    const hint = "ID token as id_token_hint"; // names only, and may be over
    expect(await taken(claims(1))).toEqual([hint]);
  });

  test.each<[string, string]>([
    ["no object", "[]"],
    ["text", '"x"'],
    ["null", "null"],
    ["no JSON", "{"],
    ["nothing", ""],
  ])("3.7: claims that are %s", async (_what, claims) => {
    expect(await taken(({ make, key }) => signed(make().header, claims, key))).toEqual([]);
  });

  test("RFC 7515 4.1.11: with a critical extension that nobody knows", async () => {
    for (const more of [
      { crit: ["x"], x: 1 },
      { crit: [] },
      { crit: ["exp"] },
      { crit: "x" },
      { crit: ["b64"], b64: false },
    ]) {
      const forge = ({ make, key }: JwtPlace) => signed({ ...make().header, ...more }, make().claims, key);
      expect(await taken(forge), JSON.stringify(more)).toEqual([]);
    }
  });
});
