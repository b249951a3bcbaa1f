import { describe, expect, it } from "vitest";
import { instant, manualClock, type Person, type Refusal, seconds, systemRandom } from "../../../src/core/index.ts";
import { sessionKind } from "../../../src/http/session.ts";
import { codeKind, pendingAuthorizationKind, pushedKind } from "../../../src/issuer/authorize/pending-authorization.ts";
import { deviceAuthorizationKind } from "../../../src/issuer/device/device-authorization.ts";
import { entryKind } from "../../../src/issuer/logins/known-people.ts";
import { loginKind, refreshKind } from "../../../src/issuer/logins/login.ts";
import { realmGrantKind } from "../../../src/relying-party/realm-grant.ts";
import { attemptKind } from "../../../src/relying-party/sign-in/attempt.ts";
import { cloudGrantKind } from "../../../src/revocation/cloud-grant.ts";
import { createMemoryStore, defineKind, type Kind, renamedFields } from "../../../src/store/index.ts";
import { decodeValue, encodeFields, encodeValue } from "../../../src/store/record.ts";
import records from "./records-0.1.0.json" with { type: "json" };

const read: readonly Kind<object>[] = [
  attemptKind,
  codeKind,
  entryKind,
  loginKind,
  deviceAuthorizationKind,
  cloudGrantKind,
  realmGrantKind,
  pushedKind,
  refreshKind,
  pendingAuthorizationKind,
  sessionKind,
];

/** Every field there is, so that a stored person is read under the names that the code asks for. */
const person = {
  sub: 0,
  tenant: 0,
  identityProvider: 0,
  realmIssuer: 0,
  realmSubject: 0,
  preferredUsername: 0,
  identityProviderUsername: 0,
  name: 0,
  email: 0,
  emailVerified: 0,
  amr: 0,
  acr: 0,
  authTime: 0,
  claims: 0,
} satisfies Record<keyof Person, 0>;
const refused = { code: 0, message: 0, detail: 0 } satisfies Record<keyof Refusal, 0>;

/** Values inside records, by their field. */
const nested: Readonly<Record<string, object>> = { person, holder: person, refused };

interface Named {
  readonly login: string;
  readonly realmUser?: string;
}
interface Thing {
  readonly state: "live";
  readonly login: string;
  readonly holder?: Named;
  readonly method?: { readonly kind: "robot" } | { readonly kind: "person"; readonly id: string };
}
const thing = defineKind<Thing>()("thing", ["state", "login", "holder", "method"], {
  stored: {
    login: { name: "family" },
    holder: { form: renamedFields<Named>({ realmUser: "upstreamUser" }) },
    method: {
      name: "grant",
      form: {
        write: (method) => (method.kind === "robot" ? "" : method.id),
        read: (stored) => {
          if (typeof stored !== "string") throw new Error("no text");
          return stored === "" ? { kind: "robot" } : { kind: "person", id: stored };
        },
      },
    },
  },
});

describe("records that release 0.1.0 wrote", () => {
  it.each(read)("$name: is read, and written again letter for letter", (kind) => {
    const texts = (records as Record<string, string[][]>)[kind.name]?.map((lines) => lines.join("\n")) ?? [];
    expect(texts).not.toEqual([]);
    for (const text of texts) {
      const value = decodeValue(kind, text);
      expect(encodeValue(kind, value)).toBe(text);
      for (const [field, inside] of Object.entries(value)) {
        if (nested[field] === undefined || typeof inside !== "object") continue;
        expect(Object.keys(nested[field])).toEqual(expect.arrayContaining(Object.keys(inside)));
      }
    }
  });
});

describe("a value that release 0.1.0 called otherwise", () => {
  it("is read as ours: a device login that nobody confirms", () => {
    const text = '{"state":"denied",\n"refused":"upstream"}';
    expect(decodeValue(deviceAuthorizationKind, text).refused).toBe("notConfirmed");
    expect(encodeValue(deviceAuthorizationKind, decodeValue(deviceAuthorizationKind, text))).toBe(text);
  });
});

describe("fields that have other names in the store", () => {
  const text = '{"state":"live",\n"family":"l1",\n"holder":{"login":"x","upstreamUser":"y"},\n"grant":""}';
  const value: Thing = {
    state: "live",
    login: "l1",
    holder: { login: "x", realmUser: "y" },
    method: { kind: "robot" },
  };

  it("are read and written under the stored name, inside a nested value too", () => {
    expect(decodeValue(thing, text)).toEqual(value);
    expect(encodeValue(thing, value)).toBe(text);
    expect(encodeFields(thing, { login: "l2" })).toEqual([["family", '"l2"']]);
  });

  it("are not taken from the name inside: that is another field's", () => {
    expect(decodeValue(thing, '{"state":"live","login":"l1","method":"g"}')).toEqual({ state: "live" });
  });

  it("stay as they are when they are absent or unknown to the names", () => {
    expect(decodeValue(thing, '{"state":"live","family":"l1"}')).toEqual({ state: "live", login: "l1" });
    expect(decodeValue(thing, '{"holder":{"login":"x","more":[1]}}')).toEqual({ holder: { login: "x", more: [1] } });
  });

  it("may not meet", async () => {
    const clash = defineKind<Thing>()("clash", ["state", "login", "holder", "method"], {
      stored: { login: { name: "holder" } },
    });
    const store = createMemoryStore({ clock: manualClock(instant(1)), random: systemRandom });
    await expect(store.get(clash, "a")).rejects.toThrow('two fields of "clash" have the same stored name');
    await store.close();
  });
});

describe("a text that cannot be read", () => {
  it.each([
    ["no JSON", "alice"],
    ["a list", "[]"],
    ["no object", '"x"'],
    ["a nested value of another form", '{"holder":"alice"}'],
    ["a value that its form refuses", '{"grant":{"alice":1}}'],
  ])("%s: is refused with a word that says what to do, and does not quote it", (_, text) => {
    const reading = () => decodeValue(thing, text);
    expect(reading).toThrow(/^store: reading a record "thing" failed: it/);
    expect(reading).toThrow("Sign in again, or empty the store");
    expect(reading).not.toThrow("alice");
  });

  it("is no record that a verb acts on", async () => {
    const store = createMemoryStore({ clock: manualClock(instant(1)), random: systemRandom });
    const other = defineKind<{ state: string; holder: string }>()("thing", ["state", "holder"]);
    await store.put(other, "a", { state: "live", holder: "alice" }, { ttl: seconds(60) });
    await expect(store.get(thing, "a")).rejects.toThrow('its field "holder" has another form');
    await expect(store.advance(thing, "a", ["live"], { login: "l" })).rejects.toThrow("another form");
    await store.close();
  });
});
