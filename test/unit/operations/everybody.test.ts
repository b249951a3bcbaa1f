import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IdentityProviderAlias, ok, seconds, type TargetName, type TenantName } from "../../../src/core/index.ts";
import { rememberPerson } from "../../../src/issuer/logins/known-people.ts";
import { keepRequest } from "../../../src/operations/access/record.ts";
import type { TenantClouds } from "../../../src/operations/console/projects/clouds.ts";
import { createReadings } from "../../../src/operations/console/readings.ts";
import { inviteMember, listPeople, removeMember, showTenantPerson } from "../../../src/operations/index.ts";
import { keystoneUserId, type OwnDomain } from "../../../src/targets/index.ts";
import { subOf } from "../../support/members-in-memory.ts";
import { somebody } from "../issuer/kit.ts";
import { callerOf, membersWorld } from "./members-world.ts";

// People of a customer's identity providers and members of the organization are one list, and one search finds either.

const boss = callerOf("acme");
const auditor = callerOf("acme", "auditors");
/** Somebody who manages the tenant's domain on the cloud, too. */
const ruler = { ...boss, person: { ...boss.person, claims: { sub: "boss", groups: ["bosses", "rulers"] } } };

function world() {
  const w = membersWorld();
  const logIn = (name: string, tenant = "acme", alias = `${tenant}-idp`, id = name) =>
    rememberPerson(
      w.k.parts,
      somebody(name, [], {
        sub: subOf(id, tenant),
        tenant: tenant as TenantName,
        identityProvider: alias as IdentityProviderAlias,
        name: `${name} of the IdP`,
        email: `${name}@${tenant}.example`,
      }),
    );
  const invite = async (first: string) => {
    const asked = { tenant: "acme", email: `${first}@c.example`, firstName: first, lastName: "Member" };
    const done = await inviteMember(asked, w.deps, boss);
    if (!done.ok) throw new Error(done.refusal.message);
    return done.value.member;
  };
  const list = async (search?: string, caller = boss, more: object = {}) => {
    const found = await listPeople({ tenant: "acme", search, limit: 50, ...more }, w.deps, caller);
    if (!found.ok) throw new Error(found.refusal.message);
    return found.value;
  };
  return { ...w, logIn, invite, list };
}

/** Clouds of which a manager is told the id of the tenant's domain, unless they are away. */
const cloudsOf = (
  clock: Parameters<typeof createReadings>[0]["clock"],
  domainId: string | undefined,
): TenantClouds => ({
  readings: createReadings({ clock }),
  enter: async () =>
    domainId === undefined
      ? { ok: false, refusal: { code: "forbidden", message: "no" } }
      : ok({ id: domainId, projects: async () => ok([]), limits: async () => ok(undefined) } as unknown as OwnDomain),
});

const names = ({ items }: { readonly items: readonly { readonly name: string }[] }) => items.map(({ name }) => name);

describe("all people of a tenant", () => {
  it("are one list by name, each once, and it is said where they come from", async () => {
    const { logIn, invite, list, accept, accounts } = world();
    await logIn("Bob");
    await invite("carla");
    await invite("anna");
    accept("carla@c.example");
    const [id = ""] = [...accounts].find(([, { email }]) => email === "carla@c.example") ?? [];
    await logIn("carla", "acme", "acme-members", id);
    const { items, total, members } = await list();
    expect(items).toMatchObject([
      { name: "anna Member", kind: "member", state: "invited", preferredUsername: "anna@c.example" },
      {
        name: "Bob of the IdP",
        kind: "identity-provider",
        identityProvider: "acme-idp",
        lastLogin: expect.any(Number),
      },
      { name: "carla of the IdP", kind: "member", state: "active", lastLogin: expect.any(Number) },
    ]);
    expect(items[0]).not.toHaveProperty("lastLogin");
    expect([total, members.state]).toEqual([3, "read"]);
  });

  it("are read anew when a manager changes who is a member", async () => {
    const { invite, list } = world();
    expect(names(await list())).toEqual([]);
    await invite("anna");
    expect(names(await list())).toEqual(["anna Member"]);
  });

  it("are gone from it when they are removed", async () => {
    const { deps, invite, list } = world();
    await invite("anna");
    await list();
    await removeMember({ tenant: "acme", email: "anna@c.example" }, deps, boss);
    expect(names(await list())).toEqual([]);
  });

  it("are shown as far as they are known when Keycloak is away, and that is said", async () => {
    const { deps, logIn, list } = world();
    await logIn("Bob");
    const silent = async () => {
      const { Fault } = await import("../../../src/core/index.ts");
      throw new Fault("keycloak", "list members");
    };
    const open = deps.members?.open;
    Object.assign(deps.members ?? {}, {
      open: (...where: Parameters<NonNullable<typeof open>>) => ({ ...open?.(...where), list: silent }),
    });
    const { items, members } = await list();
    expect([names({ items }), members]).toEqual([["Bob of the IdP"], { state: "no answer" }]);
  });

  it("of a tenant without members are as they were", async () => {
    const { deps } = world();
    const mill = await listPeople({ tenant: "mill", limit: 50 }, deps, callerOf("mill"));
    expect(mill).toMatchObject({ value: { items: [], members: { state: "none" } } });
  });
});

describe("one search", () => {
  it("finds a person by whatever text is of the person, over all pages", async () => {
    const part = fc.tuple(fc.nat(11), fc.nat(9), fc.integer({ min: 1, max: 12 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom("ann", "ben", "cem", "dee", "eva"), { minLength: 1 }),
        part,
        async (who, [at, from, length, loud]) => {
          const { logIn, invite, list } = world();
          const all: string[][] = [];
          for (const [i, name] of who.entries()) {
            if (i % 2 === 0) {
              await logIn(name);
              all.push([`${name} of the IdP`, name, `${name}@acme.example`, subOf(name, "acme")]);
            } else {
              const { sub } = await invite(name);
              all.push([`${name} Member`, `${name}@c.example`, sub]);
            }
          }
          const texts = all[at % all.length] ?? [];
          const text = (texts[from % texts.length] ?? "").slice(from, from + length).trim();
          const expected = all.filter((one) => one.some((t) => t.toLowerCase().includes(text.toLowerCase())));
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await list(loud ? text.toUpperCase() : text, boss, { after, limit: 2 });
            seen.push(...names(page));
            after = page.next;
          } while (after !== undefined);
          expect(seen.sort()).toEqual(expected.map(([name]) => name).sort());
        },
      ),
      { numRuns: 40 },
    );
  });

  it("finds who asked by the id of an access request, and of another tenant's nobody (S-46)", async () => {
    const { k, logIn, list } = world();
    await logIn("Bob");
    await logIn("Zoe", "beta");
    const now = k.clock.now();
    const request = (tenant: string, name: string) => ({
      ...{
        state: "asked" as const,
        tenant: tenant as TenantName,
        sub: subOf(name, tenant),
        realmSubject: name,
        subject: name,
      },
      ...{ identityProvider: `${tenant}-idp` as IdentityProviderAlias, preferredUsername: name, set: "dev" },
      ...{ at: ["gx1" as TargetName], length: seconds(60), reason: "x", askedAt: now, waitsUntil: now },
    });
    const [own, foreign] = [`request-${"a".repeat(20)}`, `request-${"b".repeat(20)}`];
    await keepRequest(k.parts, own, request("acme", "Bob"));
    await keepRequest(k.parts, foreign, request("beta", "Zoe"));
    expect(names(await list(` ${own.toUpperCase()}`))).toEqual(["Bob of the IdP"]);
    for (const id of [foreign, own.slice(0, -1), `request-${"c".repeat(20)}`])
      expect(names(await list(id))).toEqual([]);
  });

  it("finds a person and a member by the Keystone user id, on any cloud whose domain is known", async () => {
    const { deps, k, logIn, invite, list } = world();
    await logIn("Bob");
    const anna = await invite("anna");
    Object.assign(deps, { clouds: cloudsOf(k.clock, "d1") });
    const ids = [keystoneUserId("d1", subOf("Bob", "acme")), keystoneUserId("d1", anna.sub)];
    // An auditor looks at no cloud, and is told so.
    expect(await list(ids[0], auditor)).toMatchObject({ items: [], notLookedAt: ["gx1"] });
    expect(names(await list(ids[0]?.toUpperCase(), ruler))).toEqual(["Bob of the IdP"]);
    expect(await list(ids[1], auditor)).toMatchObject({ items: [{ name: "anna Member" }], notLookedAt: [] });
    expect(names(await list(keystoneUserId("d2", anna.sub), ruler))).toEqual([]);
    const shown = await showTenantPerson({ tenant: "acme", sub: subOf("Bob", "acme") }, deps, auditor);
    expect(shown).toMatchObject({ value: { keystoneUsers: [{ cloud: "gx1", id: ids[0] }] } });
  });

  it("says that a cloud which is away was not looked at", async () => {
    const { deps, k, list } = world();
    Object.assign(deps, { clouds: cloudsOf(k.clock, undefined) });
    expect(await list("a".repeat(64), ruler)).toMatchObject({ items: [], notLookedAt: ["gx1"] });
  });
});
