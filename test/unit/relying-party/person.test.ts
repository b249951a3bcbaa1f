import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type IdentityProviderAlias, instant } from "../../../src/core/index.ts";
import { readPerson } from "../../../src/relying-party/claims/person.ts";
import { examples, mustLoad } from "../policy/kit.ts";

const policy = mustLoad(examples);
const deps = {
  policy,
  identityProviders: { organizationOf: () => undefined, membersOf: () => undefined },
  options: { issuer: "https://kc.example/realms/scs" } as never,
};
const read = (claims: Record<string, unknown>) => {
  const person = readPerson(
    deps,
    { sub: "s1", identity_provider: "customer-a-idp", ...claims },
    instant(1_800_000_000),
  );
  return person.ok ? person.value : person.refusal;
};

describe("S-34: a person", () => {
  test("is (issuer, subject) of one identity provider; names and e-mail addresses link nothing", () => {
    const alice = { sub: "s1", preferred_username: "alice", email: "alice@a.example", email_verified: true };
    const a = read(alice);
    const sameName = read({ ...alice, sub: "s2" });
    const sameMailElsewhere = read({ ...alice, sub: "s3", identity_provider: "customer-b-idp" });
    const renamed = read({ ...alice, preferred_username: "bob", email: "bob@b.example" });
    const subs = [a, sameName, sameMailElsewhere].map((p) => "sub" in p && p.sub);
    expect(new Set(subs).size).toBe(3);
    expect("sub" in renamed && renamed.sub).toBe(subs[0]);
  });

  test("belongs to the tenant of the identity provider, whatever its claims say", () => {
    const liar = { tenant: "customer-b", organization: "customer-b", email: "x@b.example", groups: ["customer-b"] };
    expect(read(liar)).toMatchObject({ tenant: "customer-a", identityProvider: "customer-a-idp" });
    expect(read({ ...liar, identity_provider: "customer-b-idp" })).toMatchObject({ tenant: "customer-b" });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no subject", { sub: undefined }, "login_failed"],
    ["an empty subject", { sub: "" }, "login_failed"],
    ["a subject that is a list", { sub: ["s1"] }, "login_failed"],
    ["a subject of 256 characters", { sub: "x".repeat(256) }, "login_failed"],
    ["half a surrogate pair as subject: all of them hash alike", { sub: "\ud800" }, "login_failed"],
    ["an identity provider of nobody", { identity_provider: "evil-idp" }, "unknown_tenant"],
    ["a property of objects as identity provider", { identity_provider: "__proto__" }, "unknown_tenant"],
    ["an identity provider in other letters", { identity_provider: "Customer-A-IdP" }, "unknown_tenant"],
  ])("is refused with %s", (_what, claims, code) => expect(read(claims)).toMatchObject({ code }));
});

describe("when a person signed in", () => {
  const now = 1_800_000_000;
  test.each<[string, Record<string, unknown>, number]>([
    ["is as long ago as the realm says", { auth_time: 5_000, iat: 5_600 }, now - 600],
    ["is now for a sign-in of this moment, however late the realm's clock is", { auth_time: 5_000, iat: 5_000 }, now],
    ["is now when the realm's servers differ by a minute", { auth_time: 5_060, iat: 5_000 }, now],
    ["is a whole second", { auth_time: 5_000.5, iat: 5_600 }, now - 600],
    ["may be before the epoch of a clock that was never set", { auth_time: -1, iat: 5_600 }, now - 5_601],
  ])("%s", (_what, claims, authTime) => expect(read(claims)).toMatchObject({ authTime }));

  test.each<[string, Record<string, unknown>]>([
    ["does not say", { iat: 5_600 }],
    ["says a text", { auth_time: "5600", iat: 5_600 }],
    ["says a list", { auth_time: [5_600], iat: 5_600 }],
    ["says nothing", { auth_time: null, iat: 5_600 }],
    ["says an object", { auth_time: {}, iat: 5_600 }],
    ["says yes", { auth_time: true, iat: 5_600 }],
    ["says a moment that is still to come", { auth_time: 5_661, iat: 5_600 }],
    ["does not say when it says so", { auth_time: 5_600 }],
  ])("S-75: is unknown when the realm %s: never now", (_what, claims) =>
    expect(read(claims)).not.toHaveProperty("authTime"),
  );
});

describe("a user name", () => {
  test.each([
    ["ann;admin", "ann_admin"],
    ["['a', 'b']", "__a_, _b__"],
    ["ann\r\nroot", "ann__root"],
    ["a\u202enna", "a_nna"],
    ["a\u0000b", "a_b"],
    ["Jo\u0308rg", "Jörg"],
    ["ann@a.example", "ann@a.example"],
  ])("%j is passed on as %j", (name, passed) =>
    expect(read({ preferred_username: name })).toMatchObject({ preferredUsername: passed }),
  );

  test("falls back to the subject when there is none", () => {
    for (const name of [undefined, "", 7, "x".repeat(300)]) {
      expect(read({ preferred_username: name })).toMatchObject({ preferredUsername: "s1" });
    }
  });
});

test("whatever the claims hold, there is a person or a refusal, and never half of one", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom("sub", "amr", "acr", "auth_time", "name", "email", "groups", "preferred_username"),
        fc.jsonValue(),
      ),
      (claims) => {
        const person = read(claims);
        if ("code" in person) return;
        expect(person.sub).toMatch(/^p-[0-9a-f]{40}$/);
        expect(person.amr.every((m) => typeof m === "string")).toBe(true);
        expect(person.authTime === undefined || Number.isInteger(person.authTime)).toBe(true);
        expect(person.preferredUsername).not.toMatch(/[;\p{Cc}]/u);
      },
    ),
    { numRuns: 500 },
  );
});

describe("S-34: a person who lives in the realm", () => {
  const members = {
    organizationOf: (alias: string) => (alias === "customer-b-idp" ? "customer-b" : undefined),
    membersOf: (organization: string) =>
      organization === "customer-b" ? ("customer-b-idp" as IdentityProviderAlias) : undefined,
  };
  const member = { sub: "s1", member_of: "customer-b", organization: ["customer-b"] };
  const came = (claims: Record<string, unknown>) =>
    readPerson({ ...deps, identityProviders: members }, { ...member, ...claims }, instant(1_800_000_000));

  test("is a member of the organization that the account was made for", () =>
    expect(
      came({ upstream_username: "zoe@b.example", preferred_username: "customer-b-idp.zoe@b.example" }),
    ).toMatchObject({
      ok: true,
      value: { tenant: "customer-b", identityProvider: "customer-b-idp", preferredUsername: "zoe@b.example" },
    }));

  test.each<[string, Record<string, unknown>, unknown]>([
    ["of the organization", { member_groups: ["ops", "devs"] }, ["ops", "devs"]],
    ["of the organization, when it is one", { member_groups: "ops" }, ["ops"]],
    ["beside those that the operator wrote", { member_groups: ["ops"], groups: ["devs", "ops"] }, ["devs", "ops"]],
    ["that are none", { member_groups: [7, null, {}] }, undefined],
  ])("is in groups %s", (_what, claims, groups) => {
    const found = came(claims);
    expect(found.ok && found.value.claims["groups"]).toEqual(groups);
    expect(found.ok && found.value.claims).not.toHaveProperty("member_groups");
  });

  test("who came through an identity provider is in none of them", () => {
    const found = came({ identity_provider: "customer-a-idp", member_groups: ["ops"], groups: ["devs"] });
    expect(found.ok && found.value.claims["groups"]).toEqual(["devs"]);
    expect(found.ok && found.value.claims).not.toHaveProperty("member_groups");
  });

  test.each<[string, Record<string, unknown>]>([
    ["the account was made for nobody: an identity provider's, or an operator's", { member_of: undefined }],
    ["the account was made for another organization", { member_of: "customer-a" }],
    ["the account was made for several", { member_of: ["customer-b"] }],
    ["it is no member any more", { organization: undefined }],
    ["it is a member of none", { organization: [] }],
    ["it is a member of another one", { organization: ["customer-a"] }],
    ["it asked for all of its organizations", { organization: ["customer-b", "customer-a"] }],
    ["the membership is a text", { organization: "customer-b" }],
    ["the membership is a map", { organization: { "customer-b": {} } }],
    ["no members of that organization live here", { member_of: "customer-a", organization: ["customer-a"] }],
    ["the session says an odd identity provider", { identity_provider: "" }],
    ["the session says null as identity provider", { identity_provider: null }],
    ["an identity provider at the realm has the name of the members", { identity_provider: "customer-b-idp" }],
  ])("and nobody when %s", (_what, claims) =>
    expect(came(claims)).toMatchObject({ ok: false, refusal: { code: "login_failed" } }),
  );

  test("is the identity provider's where one vouches, whatever else the claims say", () =>
    expect(came({ identity_provider: "customer-a-idp" })).toMatchObject({ ok: true, value: { tenant: "customer-a" } }));
});
