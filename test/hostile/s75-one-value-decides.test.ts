import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/index.ts";
import { readPerson } from "../../src/relying-party/claims/person.ts";
import { formatProblem } from "../../src/yaml/index.ts";
import { acme, mustLoad } from "../unit/policy/kit.ts";
import { bare, brokered, loadTexts, realmOf } from "../unit/realms/kit.ts";

/** A tenant whose operator believed that accounts of the realm itself come through a provider of this name. */
const policy = mustLoad(
  acme("").map(({ file, text }) => ({ file, text: text.replace("acme-idp, acme-two", "acme-idp, realm") })),
);
const deps = {
  policy,
  identityProviders: { organizationOf: () => undefined, membersOf: () => undefined },
  options: { issuer: "https://kc.example/realms/scs" } as never,
};
const good = { sub: "s1", identity_provider: "acme-idp", email: "a@acme.example", email_verified: true, sid: "x" };
const read = (claims: Record<string, unknown>) => readPerson(deps, { ...good, ...claims }, instant(1_800_000_000));

const odd: readonly (readonly [string, unknown])[] = [
  ["empty", ""],
  ["a list of one", ["acme-idp"]],
  ["a list of several", ["acme-idp", "realm"]],
  ["an empty list", []],
  ["a map", { value: "acme-idp" }],
  ["null", null],
  ["a number", 7],
  ["too long", "x".repeat(256)],
  ["half a character", "\ud800"],
];

describe("S-75: a claim of which one value decides", () => {
  test("is taken when it is one", () =>
    expect(read({})).toMatchObject({ ok: true, value: { identityProvider: "acme-idp" } }));

  for (const name of ["identity_provider", "sub", "email", "sid"]) {
    test.each(odd)(`${name} that is %s is refused, never a default`, (_what, value) =>
      expect(read({ [name]: value })).toMatchObject({ ok: false, refusal: { code: "login_failed" } }),
    );
  }

  test.each([...odd.filter(([, value]) => typeof value !== "boolean"), ["a text", "true"]] as const)(
    "email_verified that is %s is refused, never a default",
    (_what, value) =>
      expect(read({ email_verified: value })).toMatchObject({ ok: false, refusal: { code: "login_failed" } }),
  );

  test("identity_provider or sub that is absent is refused; an address nobody must have", () => {
    for (const name of ["identity_provider", "sub"]) expect(read({ [name]: undefined }).ok).toBe(false);
    expect(read({ email: undefined, email_verified: undefined })).toMatchObject({ ok: true });
  });
});

describe("S-75: the realm's own accounts, for whom no identity provider vouches", () => {
  test("have no alias that a realm file could give to an identity provider", () => {
    const entry = (id: string) =>
      bare(`upstreams: [{id: ${id}, template: custom, provider: oidc, config: {clientId: x}}]`);
    for (const id of ["realm", "Realm", "any", "none", "broker"]) {
      const loaded = loadTexts([entry(id)]);
      expect(loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n"), id).toMatch(/a meaning of its own/);
    }
    expect(loadTexts([entry("realm-of-ours")]).ok).toBe(true);
  });

  test("get no password by a mail where there is a broker, whatever the file says", () => {
    expect(realmOf(brokered()).settings.resetPasswordAllowed).toBe(false);
    for (const settings of ["resetPasswordAllowed: true", "raw: {resetPasswordAllowed: true}"]) {
      const loaded = loadTexts([brokered(`settings: {${settings}}`)]);
      expect(loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n")).toMatch(
        /with a broker this is always false/,
      );
    }
    expect(loadTexts([bare("settings: {resetPasswordAllowed: true}")]).ok).toBe(true);
  });
});
