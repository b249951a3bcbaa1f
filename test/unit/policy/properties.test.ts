import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TenantName } from "../../../src/core/index.ts";
import { type Decision, explain, formatExplanation, mintName } from "../../../src/policy/index.ts";
import { collisions } from "../../../src/policy/link/mint.ts";
import { examples, login, mustLoad, said, target } from "./kit.ts";
import { facts, files, naive, rules, tenants } from "./random-policy.ts";

describe("properties", () => {
  it("deciding through the index is the same as reading every grant one after the other", () => {
    const seen = { given: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.tuple(rules, rules), fc.array(facts, { minLength: 20, maxLength: 20 }), (all, logins) => {
        const policy = mustLoad(files(all));
        for (const f of logins) {
          const decision = said(policy.decide(f));
          if (decision === "unknown") seen.unknown++;
          else if (decision.length > 0) seen.given++;
          expect(decision).toEqual(naive(policy, f));
          expect(said(policy.decide(f, target("gx2")))).toEqual(naive(policy, f, "gx2"));
          const explanation = explain(policy, f);
          expect(formatExplanation(explanation)).toContain(f.tenant);
          if (explanation.decision.kind === "decided")
            expect(explanation.matched.map((t) => t.grant).sort()).toEqual(
              explanation.decision.grants
                .filter((t) => t.matched)
                .map((t) => t.grant)
                .sort(),
            );
        }
      }),
      { numRuns: 100, seed: 6 },
    );
    // Otherwise the property would have been proved on logins that get nothing.
    expect(seen.given).toBeGreaterThan(20);
    expect(seen.unknown).toBeGreaterThan(20);
  });

  it("the order of the files means nothing", () => {
    fc.assert(
      fc.property(fc.tuple(rules, rules), facts, fc.integer(), (all, f, seed) => {
        const shuffled = fc.sample(fc.shuffledSubarray(files(all), { minLength: 3 }), { numRuns: 1, seed })[0] ?? [];
        const [first, second] = [mustLoad(files(all)), mustLoad(shuffled)];
        expect(second.decide(f)).toEqual(first.decide(f));
        expect(second.digest).toBe(first.digest);
      }),
      { numRuns: 50 },
    );
  });

  it("an unrelated tenant changes nothing for the others", () => {
    fc.assert(
      fc.property(rules, rules, facts, (one, other, f) => {
        const alone = mustLoad(files([one]));
        const together = mustLoad(files([one, other]));
        if (f.tenant === tenants[0]) expect(together.decide(f)).toEqual(alone.decide(f));
      }),
      { numRuns: 80 },
    );
  });

  it("to rename a grant is to remove it and to add another: nothing else changes", () => {
    fc.assert(
      fc.property(rules, facts, (one, f) => {
        const plain = files([one]);
        const renamed = plain.map(({ file, text }) => ({ file, text: text.replace("{id: g0,", "{id: another,") }));
        const [before, after] = [mustLoad(plain).decide(f), mustLoad(renamed).decide(f)];
        expect(said(after)).toEqual(said(before));
        const names = (d: Decision) =>
          d.kind === "decided" ? d.grants.map((g) => g.grant.replace("another", "g0")) : [];
        expect(names(after)).toEqual(names(before));
      }),
      { numRuns: 60 },
    );
  });

  it("nobody ever gets a right in another tenant's domain", () => {
    fc.assert(
      fc.property(fc.tuple(rules, rules), facts, (all, f) => {
        const decision = mustLoad(files(all)).decide(f);
        if (decision.kind !== "decided") return;
        for (const e of decision.entitlements)
          expect([e.tenant, "domain" in e.scope && e.scope.domain]).toEqual([f.tenant, f.tenant]);
        if (!f.identityProvider.startsWith(f.tenant)) expect(decision.entitlements).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("no claims, however strange, make deciding throw or give a right by accident", () => {
    const policy = mustLoad(examples);
    const clean = (c: object) => !JSON.stringify(c)?.match(/developers|platform|auditors/);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("groups", "_claim_names", "hasgroups", "__proto__", "x"), fc.jsonValue()),
        (claims) => {
          const decision = policy.decide(login(claims, { tenant: "customer-a", identityProvider: "customer-a-idp" }));
          if (decision.kind === "decided" && clean(claims)) expect(decision.entitlements).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("minted names", () => {
  const slug = fc.stringMatching(/^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/);
  const nasty = fc.oneof(
    slug,
    fc.constantFrom("name", "rename", "nname", "my-name", "a".repeat(48), `${"a".repeat(44)}name`),
  );
  it("fit Keystone: at most 64 characters of a-z 0-9 . -, never with name in them, and stable", () => {
    fc.assert(
      fc.property(nasty, nasty, (t, s) => {
        const name = mintName(t as TenantName, s);
        expect(name).toMatch(/^cp\.[a-z0-9.-]{1,61}$/);
        expect(name).not.toContain("name");
        expect(mintName(t as TenantName, s)).toBe(name);
      }),
    );
    expect(mintName("acme" as TenantName, "dev")).toBe("cp.acme.dev");
    expect(mintName("acme" as TenantName, "rename")).toMatch(/^cp\.acme\.renme\.[0-9a-f]{10}$/);
  });

  it("differ for different pairs, and a collision would be found", () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (t1, s1, t2, s2) => {
        const same = mintName(t1 as TenantName, s1) === mintName(t2 as TenantName, s2);
        expect(same).toBe(t1 === t2 && s1 === s2);
      }),
    );
    const pairs = [
      { tenant: "a" as TenantName, set: "x" },
      { tenant: "b" as TenantName, set: "x" },
      { tenant: "b" as TenantName, set: "x" },
    ];
    expect(collisions(pairs)).toEqual([]);
    expect(collisions(pairs, (_, set) => mintName("z" as TenantName, set))).toHaveLength(2);
  });
});
