import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAudit } from "../../../src/audit/index.ts";
import {
  type IdentityProviderAlias,
  type Instant,
  instant,
  manualClock,
  type Person,
  seconds,
  systemRandom,
} from "../../../src/core/index.ts";
import {
  gatedStore,
  type IdentityProviderTables,
  openIdentityProviders,
  type StageRule,
} from "../../../src/relying-party/index.ts";
import { createMemoryStore, defineKind, type Store } from "../../../src/store/index.ts";

const issuer = "https://login.example";
let clock: ReturnType<typeof manualClock>;
let store: Store;
let tables: IdentityProviderTables | undefined;
let told: string[];
beforeEach(() => {
  clock = manualClock(instant(1_800_000_000));
  store = createMemoryStore({ clock, random: systemRandom });
  told = [];
});
afterEach(() => store.close());

const rule = (stage: StageRule["stage"], testers: string[] = []): StageRule => ({ alias: "a-idp", stage, testers });
const stagesAre = (...stages: StageRule[]) => {
  tables = { rechecks: [], stages };
};
const open = () =>
  openIdentityProviders({
    read: () => {
      if (tables === undefined) throw new Error("broken files");
      return tables;
    },
    ...{ issuer, store, clock, longest: seconds(3600), robots: new Set(["ci", "alone"]) },
    audit: createAudit(clock, () => undefined),
    notice: (message) => void told.push(message),
  });
const person = (more: Partial<Person> = {}): Person => ({
  ...({ sub: "p-1", tenant: "a", identityProvider: "a-idp", realmSubject: "s" } as unknown as Person),
  ...{
    realmIssuer: "https://keycloak.example",
    preferredUsername: "Ann",
    email: "Ann@A.example",
    emailVerified: true,
  },
  ...{ amr: [], authTime: clock.now(), claims: {} },
  ...more,
});
const codeFor = (stage: StageRule["stage"], who = person(), testers: string[] = []) => {
  stagesAre(rule(stage, testers));
  return open().refuses(who)?.code;
};

describe("who may be in", () => {
  test("follows the stage of the identity provider", () => {
    expect(codeFor("active")).toBeUndefined();
    expect(codeFor("draft")).toBe("provider_closed");
    expect(codeFor("suspended")).toBe("provider_closed");
    expect(codeFor("testing")).toBe("testers_only");
    expect(codeFor("testing", person(), ["ann"])).toBeUndefined();
    expect(codeFor("testing", person(), ["ann@a.example"])).toBeUndefined();
    expect(codeFor("testing", person(), ["bob"])).toBe("testers_only");
  });

  test("is nobody of a provider that the files do not name, and everybody where there are no files", () => {
    stagesAre();
    expect(open().refuses(person())?.code).toBe("provider_closed");
    tables = { rechecks: [] };
    expect(open().refuses(person())).toBeUndefined();
  });

  test("is, whatever the files say, a robot of ours, which comes through none", () => {
    stagesAre();
    expect(open().refuses(person({ realmIssuer: issuer }))).toBeUndefined();
  });

  test("is nobody of a provider that is called as the realm itself once was", () => {
    stagesAre();
    expect(open().refuses(person({ identityProvider: "realm" as Person["identityProvider"] }))?.code).toBe(
      "provider_closed",
    );
  });

  test("is a tester by an exact name or a verified address, and nobody who merely folds or is shown like one", () => {
    const unverified = { preferredUsername: "eve", emailVerified: false };
    expect(codeFor("testing", person(unverified), ["ann@a.example"])).toBe("testers_only");
    expect(codeFor("testing", person({ ...unverified, emailVerified: true }), ["ann@a.example"])).toBeUndefined();
    const folding = person({ preferredUsername: "\u212aim", email: "\u212aim@a.example" });
    expect(codeFor("testing", folding, ["kim", "kim@a.example"])).toBe("testers_only");
    const shownAlike = person({ preferredUsername: "o_brien", identityProviderUsername: "o'brien" });
    expect(codeFor("testing", shownAlike, ["o_brien"])).toBe("testers_only");
    expect(codeFor("testing", shownAlike, ["o'brien"])).toBeUndefined();
    expect(codeFor("testing", person({ preferredUsername: "J\u00f6rg" }), ["jo\u0308rg"])).toBeUndefined();
  });
});

describe("files that cannot be used", () => {
  test("are told, and what they said before goes on", async () => {
    stagesAre(rule("active"));
    const identityProviders = open();
    tables = undefined;
    await identityProviders.refresh();
    expect(told).toEqual([expect.stringContaining("cannot be used")]);
    expect(identityProviders.refuses(person())).toBeUndefined();
  });
});

describe("what began before a closure", () => {
  const early = () => instant(clock.now() - 10);

  test("is over for good when the provider is opened again, also for an instance that starts later", async () => {
    stagesAre(rule("active"));
    const identityProviders = open();
    const began = early();
    expect(identityProviders.stands(person(), began)).toBe(true);
    stagesAre(rule("suspended"));
    await identityProviders.refresh();
    expect(identityProviders.stands(person(), began)).toBe(false);
    clock.advance(seconds(5));
    stagesAre(rule("active"));
    await identityProviders.refresh();
    const later = open();
    await later.refresh();
    for (const one of [identityProviders, later]) {
      expect(one.stands(person(), began)).toBe(false);
      expect(one.stands(person(), clock.now())).toBe(true);
    }
  });

  test("is known to instances that share the store, whoever saw it first", async () => {
    stagesAre(rule("suspended"));
    await open().refresh();
    stagesAre(rule("active"), { alias: "b-idp", stage: "draft", testers: [] });
    const other = open();
    const began = early();
    await other.refresh();
    expect(other.stands(person(), began)).toBe(false);
    const third = open();
    await third.refresh();
    expect(third.stands(person({ identityProvider: "b-idp" as Person["identityProvider"] }), began)).toBe(false);
    expect(third.stands(person(), began)).toBe(false);
  });
});

describe("the gated store", () => {
  const kind = defineKind<{ state: "live"; holder?: Person; since?: Instant }>()(
    "thing",
    ["state", "holder", "since"],
    {
      subject: ({ holder, since }) => holder && { person: holder, ...(since !== undefined && { began: since }) },
    },
  );
  const budget = { name: "looks", limit: 9, window: seconds(60) };
  const tag = "tag" as never;

  test("hides what hangs on somebody who may not be in, by every way of reading, and nothing else", async () => {
    await store.put(
      kind,
      "hers",
      { state: "live", holder: person() },
      { ttl: seconds(60), aliases: ["alias"], tags: [tag] },
    );
    await store.put(kind, "nobodys", { state: "live" }, { ttl: seconds(60), tags: [tag] });
    let isOpen = true;
    const gated = gatedStore(store, () => isOpen);
    const look = async () => [
      await gated.get(kind, "hers"),
      await gated.resolve(kind, "alias"),
      await gated.visit(kind, "hers", budget),
    ];
    expect((await look()).every((found) => found !== undefined)).toBe(true);
    expect(await gated.list(kind, tag)).toHaveLength(2);
    isOpen = false;
    expect(await look()).toEqual([undefined, undefined, undefined]);
    expect((await gated.list(kind, tag)).map(({ id }) => id)).toEqual(["nobodys"]);
    expect(await gated.get(kind, "nobodys")).toEqual({ state: "live" });
    expect(await gated.take(kind, "hers")).toBeUndefined();
    const told = defineKind<{ person: Person }>()("told", ["person"], { subject: () => undefined });
    await store.put(told, "hers", { person: person() }, { ttl: seconds(60) });
    expect(await gated.get(told, "hers")).toEqual({ person: person() });
    const named = defineKind<{ person: string }>()("named", ["person"]);
    await store.put(named, "pseudonym", { person: "k-1" }, { ttl: seconds(60) });
    expect(await gated.get(named, "pseudonym")).toEqual({ person: "k-1" });
  });
});

describe("the doors for people", () => {
  const doors = (...aliases: string[]) =>
    open()
      .open(aliases as IdentityProviderAlias[])
      .map(({ alias }) => alias);

  test("are none that robots alone come under, as long as there is another", () => {
    tables = { rechecks: [] };
    expect(doors("a-idp", "ci")).toEqual(["a-idp"]);
    expect(doors("a-idp", "b-idp", "ci")).toEqual(["a-idp", "b-idp"]);
    expect(doors("alone")).toEqual(["alone"]);
  });

  test("are those that realm files name, whoever else comes under their names", () => {
    stagesAre({ ...rule("active"), alias: "ci" }, rule("active"));
    expect(doors("a-idp", "ci", "b-idp")).toEqual(["a-idp", "ci"]);
  });
});
