import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { instant, makeSeal, manualClock, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import { readPerson } from "../../../src/relying-party/claims/person.ts";
import { keepGrant } from "../../../src/relying-party/realm-grant.ts";
import { findNamed } from "../../../src/relying-party/realm-people.ts";
import { createMemoryStore, type Store } from "../../../src/store/index.ts";
import { acme, mustLoad } from "../policy/kit.ts";

const clock = manualClock(instant(1_800_000_000));
const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const policy = mustLoad(acme(""));
let store: Store;
beforeEach(() => {
  store = createMemoryStore({ clock, random: systemRandom });
});
afterEach(() => store.close());

/** Signs somebody in; answers the subject. */
async function signIn(subject: string, claims: Record<string, unknown>): Promise<string> {
  const options = { issuer: "https://kc.example/realms/scs" } as never;
  const all = { sub: subject, identity_provider: "acme-idp", ...claims };
  const person = readPerson(
    { policy, options, identityProviders: { organizationOf: () => undefined, membersOf: () => undefined } },
    all,
    clock.now(),
  );
  if (!person.ok) throw new Error(person.refusal.message);
  const times = { session: seconds(60), login: seconds(60) };
  const provisioned = { refuses: async () => undefined, tagsOf: () => [] };
  const deps = { store, seal, clock, random: systemRandom, times, provisioned };
  const kept = await keepGrant(deps as never, { claims: all, accessToken: "a", refreshToken: "r" }, person.value);
  if (!kept.ok) throw new Error(kept.refusal.message);
  return person.value.sub;
}
const find = (name: string) => findNamed({ store, seal }, "acme-idp", name);

describe("a person is found by the name that the identity provider gave", () => {
  test.each([
    ["o'brien"],
    ['"Bob" [the builder]; {x}\\y'],
    ["Jo\u0308rg M\u00fcller"],
    ["corp\\ann"],
    ["team/ann"],
    ["a"],
    ["\u05d3\u05e0\u05d9"],
    ["ann\u200b"],
    ["\ud83d\ude80"],
    ["x".repeat(200)],
  ])("%j", async (name) => {
    const sub = await signIn("s1", { upstream_username: name });
    expect(await find(name)).toEqual([sub]);
    expect(await find(name.normalize("NFC"))).toEqual([sub]);
    expect(await find(name.normalize("NFD"))).toEqual([sub]);
    expect(await find("somebody else")).toEqual([]);
  });

  test("as targets show it only if it is that: who is shown alike is somebody else", async () => {
    const odd = await signIn("s1", { upstream_username: "o'brien" });
    const plain = await signIn("s2", { upstream_username: "o_brien" });
    expect(await find("o'brien")).toEqual([odd]);
    expect(await find("o_brien")).toEqual([plain]);
  });

  test("in other case and with other blanks, where nobody has exactly that name", async () => {
    const ann = await signIn("s1", { upstream_username: "Ann Lee" });
    for (const name of ["ann lee", " Ann  Lee ", "ANN\u00a0LEE"]) expect(await find(name)).toEqual([ann]);
    const other = await signIn("s2", { upstream_username: "ann lee" });
    expect(await find("ann lee")).toEqual([other]);
    expect([...(await find("ANN LEE"))].sort()).toEqual([ann, other].sort());
  });

  test("though Keycloak made another one of it: SAML gives no name, and Keycloak puts the alias before the subject", async () => {
    const sub = await signIn("s1", { preferred_username: "acme-idp.ann@acme.example" });
    expect(await find("Ann@acme.example")).toEqual([sub]);
    expect(await find("acme-idp.ann@acme.example")).toEqual([sub]);
  });
});
