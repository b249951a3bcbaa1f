import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IdentityProviderAlias, seconds, type TenantName } from "../../src/core/index.ts";
import { rememberPerson } from "../../src/issuer/logins/known-people.ts";
import {
  approveRequest,
  askForAccess,
  changesToGive,
  changesToWrite,
  makeProject,
  saveChange,
  showRequest,
} from "../../src/operations/index.ts";
import type { Change } from "../../src/policy/index.ts";
import { atConsole } from "./own-domain.ts";
import type { TestCloud } from "./targets-cloud.ts";
import { tenantsInRepository } from "./tenants-in-repository.ts";

// What managers give, judged twice: by a real Keystone with its released policy, to which a person's own token is brought and of
// ours nothing else; and by our operations, which must not let through what it would refuse, and nothing of a batch that holds it.
// The two tables below are all that is believed.

const customers = ["customer-a", "customer-b"] as const;
type Customer = (typeof customers)[number];

/** Everybody who tries, and of which domain each is a manager. Who is none has rights there all the same. */
const actors = {
  "manager of a": { tenant: "customer-a", group: "platform", manages: "customer-a" },
  "manager of b": { tenant: "customer-b", group: "platform", manages: "customer-b" },
  "member of a": { tenant: "customer-a", group: "developers", manages: undefined },
  "auditor of a": { tenant: "customer-a", group: "auditors", manages: undefined },
} as const;
type Actor = keyof typeof actors;

/** Roles of the cloud. `ruler` implies admin, `lead` implies manager; the operator's lists have `lead` and no other of our making. */
const roles = ["reader", "member", "manager", "admin", "service", "helper", "ruler", "lead"] as const;
type Role = (typeof roles)[number];

/** The one table: what a domain manager gives by scs-0302, inside the domain. */
const givenByKeystone: readonly Role[] = ["reader", "member", "manager"];
/** The other one: of ours no manager makes a manager (S-43). */
const givenByUs: readonly Role[] = ["reader", "member"];

/** One right that somebody tries to give. */
interface Item {
  readonly role: Role;
  readonly to: { readonly kind: "user" | "group"; readonly of: Customer };
  readonly on: { readonly kind: "domain" | "project"; readonly of: Customer };
}

const actor = fc.constantFrom<Actor>("manager of a", "manager of a", ...(Object.keys(actors) as Actor[]));
const customer = fc.constantFrom<Customer>("customer-a", "customer-a", "customer-a", "customer-b");
const rights = (role: fc.Arbitrary<Role>, whose: fc.Arbitrary<Customer>): fc.Arbitrary<Item> =>
  fc.record({
    role,
    to: fc.record({ kind: fc.constantFrom("user", "group"), of: whose }),
    on: fc.record({ kind: fc.constantFrom("domain", "project"), of: whose }),
  });
/** Most are as they should be: of a batch of four, one wrong one is the case that matters. */
const item = fc.oneof(
  { weight: 3, arbitrary: rights(fc.constantFrom(...givenByUs), fc.constant("customer-a")) },
  { weight: 2, arbitrary: rights(fc.constantFrom(...roles), fc.constant("customer-a")) },
  { weight: 1, arbitrary: rights(fc.constantFrom(...roles), customer) },
);
const batch = fc.array(item, { minLength: 1, maxLength: 3 });

/** Whether Keystone lets somebody give this. */
const isGivenByKeystone = (who: Actor, { role, to, on }: Item): boolean => {
  const { manages } = actors[who];
  return manages !== undefined && to.of === manages && on.of === manages && givenByKeystone.includes(role);
};
/** Whether our operations do, in a tenant's files. */
const isGivenByUs = (who: Actor, { role, to, on }: Item, tenant: Customer): boolean =>
  actors[who].manages === tenant && to.of === tenant && on.of === tenant && givenByUs.includes(role);

/** Where a manager gives a set, a set that rules, and none. */
const givable: Readonly<Record<string, readonly string[]>> = {
  developer: ["gx1", "gx2", "prod1"],
  auditor: ["gx1", "gx2", "prod1"],
  "domain-manager": [],
  nothing: [],
};
const set = fc.constantFrom(...Object.keys(givable), "developer", "auditor", "developer", "auditor");
const places = (some: readonly string[]) => fc.subarray([...some], { minLength: 1 });
const somewhere = fc.oneof(
  { weight: 3, arbitrary: places(["gx1", "gx2", "prod1"]) },
  { weight: 1, arbitrary: places(["gx1", "gx2", "prod1", "console", "gx9"]) },
);

/** The same ones each time; what fails is told with its seed and path. */
const runs = (seed: number, numRuns: number) => ({ seed, numRuns });

/** S-43 and S-45 on a cloud that runs: the properties, as tests of the file that calls it. */
export function describeWhatManagersGive(running: () => TestCloud): void {
  describe("what managers give", () => {
    let cloud: TestCloud;
    let ours: Awaited<ReturnType<typeof tenantsInRepository>>;
    const ids = new Map<string, string>();
    const tokens = new Map<Actor, string>();
    let count = 0;

    const person = (who: Actor) => {
      const { tenant, group } = actors[who];
      return atConsole(who.replaceAll(" ", "-"), [group], {
        tenant: tenant as TenantName,
        identityProvider: `${tenant}-idp` as IdentityProviderAlias,
      });
    };

    beforeAll(async () => {
      cloud = running();
      await furnish(cloud, ids);
      ours = await tenantsInRepository(cloud, {
        targets: [
          [
            "roles: [reader, member, load-balancer_member, manager]",
            "roles: [reader, member, manager, lead]\n    implies: { lead: [manager] }",
          ],
          ["openstack: [manager, member, reader]", "openstack: [manager, member, reader, lead]"],
          ["openstack: [manager, member, reader]", "openstack: [manager, member, reader, lead]"],
        ],
        tenants: [["grants:\n", "requestable: { sets: [developer, auditor], longest: 7d }\ngrants:\n"]],
      });
      for (const who of Object.keys(actors) as Actor[]) tokens.set(who, await tokenOf(cloud, who));
    }, 60_000);
    afterAll(() => ours?.stop());

    /** Straight at the cloud, with the person's own token. */
    const sent = async (who: Actor, { role, to, on }: Item): Promise<number> => {
      const id = (what: string) => ids.get(what) ?? what;
      const path = `/${on.kind}s/${id(`${on.kind} ${on.of}`)}/${to.kind}s/${id(`${to.kind} ${to.of}`)}/roles/${id(role)}`;
      return (await cloud.ask("PUT", path, undefined, tokens.get(who))).status;
    };
    /** By our operations, all of it in one save of a tenant's files. */
    const saved = async (who: Actor, items: readonly Item[], tenant: Customer) => {
      const changes = items.flatMap((one) => changesFor(one, tenant, `s45-${++count}`));
      return saveChange({ tenant, from: await ours.head(), changes }, ours.deps, person(who));
    };

    it("S-43, S-45: the cloud refuses one by one what the table says; of ours a batch is saved whole, or nothing of it", async () => {
      const seen = { saved: 0, refusedForOne: 0 };
      await fc.assert(
        fc.asyncProperty(actor, customer, batch, async (who, tenant, items) => {
          const judged = await Promise.all(items.map((one) => sent(who, one)));
          expect(judged).toEqual(items.map((one) => (isGivenByKeystone(who, one) ? 204 : 403)));
          const before = await ours.state();
          const answer = await saved(who, items, tenant);
          const allowed = items.filter((one) => isGivenByUs(who, one, tenant));
          expect([answer.ok, answer]).toEqual([allowed.length === items.length, answer]);
          if (answer.ok) {
            seen.saved++;
            // Nothing that is given by us is kept back by the cloud.
            expect(judged.every((status) => status === 204)).toBe(true);
          } else {
            if (allowed.length > 0) seen.refusedForOne++;
            expect(await ours.state()).toEqual(before);
          }
        }),
        runs(45, 50),
      );
      expect(seen.saved).toBeGreaterThan(2);
      expect(seen.refusedForOne).toBeGreaterThan(2);
    });

    it("S-43: a set that holds the right to rule is no set, whoever is given it, and however many others it holds", async () => {
      await fc.assert(
        fc.asyncProperty(
          actor,
          customer,
          fc.oneof(fc.subarray([...givenByUs], { minLength: 1 }), fc.subarray([...roles], { minLength: 1 })),
          async (who, tenant, held) => {
            const value = held.map((role) => ({ openstack: { role, on: "domain" } }));
            const before = await ours.state();
            const asked = { tenant, from: before.head, section: "sets", name: `s43-${++count}`, value };
            const changes = await changesToWrite(asked, ours.deps, person(who));
            const answer = changes.ok
              ? await saveChange({ tenant, from: before.head, changes: changes.value }, ours.deps, person(who))
              : changes;
            const may = actors[who].manages === tenant && held.every((role) => givenByUs.includes(role));
            expect([answer.ok, answer]).toEqual([may, answer]);
            if (!may) expect(await ours.state()).toEqual(before);
          },
        ),
        runs(43, 25),
      );
    });

    it("S-45: a right is given at all places that are named, or at none", async () => {
      await fc.assert(
        fc.asyncProperty(actor, customer, customer, set, somewhere, async (who, tenant, from, name, at) => {
          const before = await ours.state();
          const to = { kind: "group", group: `s45-${++count}`, identityProvider: `${from}-idp` } as const;
          const asked = { tenant, from: before.head, set: name, to, at };
          const changes = await changesToGive(asked, ours.deps, person(who));
          const answer = changes.ok
            ? await saveChange({ tenant, from: before.head, changes: changes.value }, ours.deps, person(who))
            : changes;
          const may =
            actors[who].manages === tenant &&
            from === tenant &&
            // Who opens the console is said by a grant of its own.
            (at.every((place) => givable[name]?.includes(place)) || (name === "auditor" && at.join() === "console"));
          expect([answer.ok, answer]).toEqual([may, answer]);
          if (!may) expect(await ours.state()).toEqual(before);
        }),
        runs(4501, 30),
      );
    });

    it("S-45: a project is asked for at all clouds that are named and with all rights, or at none", async () => {
      await fc.assert(
        fc.asyncProperty(
          actor,
          customer,
          fc.constantFrom(["gx1"], ["gx1"], ["gx1", "prod1"], ["gx9", "gx1"], []),
          fc.subarray(["reader", "member", "member", ...roles.slice(2)], { maxLength: 2 }),
          async (who, tenant, at, asked) => {
            const before = await ours.state();
            const name = `s45-${++count}`;
            const wanted = { tenant, name, description: "", at, roles: asked };
            const answer = await makeProject(wanted, ours.deps, person(who));
            const may =
              actors[who].manages === tenant &&
              at.join() === "gx1" &&
              asked.every((role) => givenByUs.includes(role as Role));
            const { projects } = (await cloud.ask("GET", `/projects?name=${name}`)).body;
            const domains = projects.map(({ domain_id }: { domain_id: string }) => domain_id);
            expect([answer.ok, domains]).toEqual([may, may ? [ids.get(`domain ${tenant}`)] : []]);
            if (!may) expect(await ours.state()).toEqual(before);
          },
        ),
        runs(4502, 20),
      );
    });

    it("S-43, S-45: what is asked for is given as far as it was asked for, by who decides there, or not at all", async () => {
      let given = 0;
      await fc.assert(
        fc.asyncProperty(actor, customer, set, somewhere, somewhere, async (who, tenant, name, at, approvedAt) => {
          const asker = atConsole(`asker-${++count}`, ["people"], {
            tenant: tenant as TenantName,
            identityProvider: `${tenant}-idp` as IdentityProviderAlias,
            email: `asker-${count}@a.example`,
          });
          await rememberPerson(ours.deps as never, asker.person);
          const before = await ours.state();
          const made = await askForAccess({ set: name, at, length: seconds(3600), reason: "s45" }, ours.deps, asker);
          const mayAsk = at.every((place) => givable[name]?.includes(place));
          expect([made.ok, made]).toEqual([mayAsk, made]);
          // Asking gives nothing.
          expect(await ours.state()).toEqual(before);
          if (!made.ok) return;
          const request = made.value.id;
          const answer = await approveRequest({ tenant, request, at: approvedAt }, ours.deps, person(who));
          const may = actors[who].manages === tenant && approvedAt.every((place) => at.includes(place));
          expect([answer.ok, answer]).toEqual([may, answer]);
          if (may) {
            given++;
            expect(ours.grant(tenant, request)?.at).toEqual(at.filter((place) => approvedAt.includes(place)));
          } else {
            expect(await ours.state()).toEqual(before);
            const manager = tenant === "customer-a" ? "manager of a" : "manager of b";
            const shown = await showRequest({ tenant, request }, ours.deps, person(manager));
            expect(shown).toMatchObject({ value: { state: "asked" } });
          }
        }),
        runs(4503, 40),
      );
      expect(given).toBeGreaterThan(2);
    });
  });
}

/** A user, a group and a project in each domain, the roles, and the ids of all. */
async function furnish(cloud: TestCloud, ids: Map<string, string>): Promise<void> {
  for (const name of customers) {
    const domain = await cloud.idOf("domains", name);
    ids.set(`domain ${name}`, domain);
    for (const one of ["user", "group", "project"]) {
      const { body } = await cloud.ask("POST", `/${one}s`, { [one]: { name: `s45-${one}`, domain_id: domain } });
      ids.set(`${one} ${name}`, body[one].id);
    }
  }
  const { body } = await cloud.ask("GET", "/roles");
  for (const { id, name } of body.roles) ids.set(name, id);
  for (const name of roles)
    if (!ids.has(name)) ids.set(name, (await cloud.ask("POST", "/roles", { role: { name } })).body.role.id);
  for (const [role, implied] of [
    ["ruler", "admin"],
    ["lead", "manager"],
  ])
    await cloud.ask("PUT", `/roles/${ids.get(role ?? "")}/implies/${ids.get(implied ?? "")}`);
}

/** A token as the person gets it by the policy: of a manager for the domain, else for the project that the person works on. */
async function tokenOf(cloud: TestCloud, who: Actor): Promise<string> {
  const { tenant, group } = actors[who];
  const right = { platform: "domain-manager", developers: "developer", auditors: "auditor" }[group];
  const claims = { tenant, aud: "gx1", groups: [`cp.${tenant}.${right}`], sub: `p-${who.replaceAll(" ", "-")}` };
  const { token } = await cloud.logIn(tenant, await cloud.issuer.mint(claims));
  const scoped = await cloud.scopeTo(token, group === "platform" ? undefined : "dev", tenant);
  if (scoped.status !== 201) throw new Error(`${who} is not let in: ${scoped.status}`);
  return scoped.token;
}

/** The changes of a tenant's files by which a right is given: another tenant's place is named as well as a policy can name it. */
function changesFor({ role, to, on }: Item, tenant: Customer, name: string): Change[] {
  const place =
    on.of === tenant
      ? { domain: "domain" as const, project: { project: "dev" } }[on.kind]
      : { domain: { domain: on.of }, project: { project: `${on.of}/dev` } }[on.kind];
  const claim = to.kind === "group" ? { groups: { has: name } } : { sub: { equals: name } };
  return [
    { section: "sets", name, value: [{ openstack: { role, on: place } }], add: true },
    { section: "people", name, value: { from: `${to.of}-idp`, all: [claim] }, add: true },
    { section: "grants", name, value: { id: name, give: name, to: name, at: ["gx1"] }, add: true },
  ];
}
