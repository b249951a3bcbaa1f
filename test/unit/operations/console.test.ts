import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IdentityProviderAlias, type Person, subjectId, type TenantName } from "../../../src/core/index.ts";
import { rememberPerson } from "../../../src/issuer/logins/known-people.ts";
import {
  type Caller,
  type ConsoleDeps,
  createTenantViews,
  listGrants,
  listPeople,
  reachableTenants,
  reachTenant,
  showGrant,
  showTenantPerson,
} from "../../../src/operations/index.ts";
import type { Policy } from "../../../src/policy/index.ts";
import { kit, somebody } from "../issuer/kit.ts";
import { mustLoad } from "../policy/kit.ts";

const roles = ["tenant-manager", "tenant-auditor", "operator", "operator-approver"] as const;
const names = ["alpha", "beta", "gamma"] as const;

/** Three tenants, each with a group for each role of the console. */
const policy = mustLoad([
  {
    file: "targets.yaml",
    text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member]}}
console: {roles: [${roles.join(", ")}]}
tenants:
${names
  .map(
    (name) =>
      `  ${name}: {upstreams: [${name}-idp], domains: {gx1: ${name}}, projects: [dev], ceiling: {openstack: [member], console: [${roles.join(", ")}]}}`,
  )
  .join("\n")}
`,
  },
  ...names.map((name) => ({
    file: `${name}.yaml`,
    text: `kind: Policy
tenant: ${name}
sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
${roles.map((role) => `  c-${role}: [{console: {role: ${role}}}]`).join("\n")}
people:
  devs: {from: ${name}-idp, all: [{groups: {has: devs}}]}
${roles.map((role) => `  p-${role}: {from: ${name}-idp, all: [{groups: {has: ${role}}}]}`).join("\n")}
grants:
  - {id: dev, give: dev, to: devs, at: [gx1]}
${roles.map((role) => `  - {id: g-${role}, give: c-${role}, to: p-${role}, at: [console]}`).join("\n")}
`,
  })),
]);

const personOf = (tenant: string, name: string, groups: readonly string[], more: Partial<Person> = {}): Person =>
  somebody(name, groups, {
    sub: subjectId("https://kc.example", `${tenant}/${name}`, tenant as TenantName),
    tenant: tenant as TenantName,
    identityProvider: `${tenant}-idp` as IdentityProviderAlias,
    ...more,
  });

const callerOf = (
  tenant: string,
  groups: readonly string[],
  loginMethod: Caller["loginMethod"] = "browser",
): Caller => ({
  person: personOf(tenant, "caller", groups),
  client: "console",
  loginMethod,
});

function world(used: Policy = policy) {
  const k = kit({ policy: used });
  const deps: ConsoleDeps = {
    ...k.parts,
    realmSessions: async () => ({ end: async () => undefined }),
    viewOf: createTenantViews(k.parts),
  };
  return { k, deps, remember: (person: Person) => rememberPerson(k.parts, person) };
}

const reach = (deps: ConsoleDeps, caller: Caller) => {
  const found = reachableTenants(deps, caller);
  return found.ok ? found.value.map(({ tenant, mayManage }) => `${tenant.name}${mayManage ? " manage" : ""}`) : [];
};

describe("who may open the console", () => {
  const { deps } = world();

  it.each([
    [["tenant-manager"], ["alpha manage"]],
    [["tenant-auditor"], ["alpha"]],
    [["tenant-auditor", "tenant-manager"], ["alpha manage"]],
    [["operator"], ["alpha manage", "beta manage", "gamma manage"]],
    [["operator-approver"], ["alpha", "beta", "gamma"]],
    [
      ["operator-approver", "tenant-manager"],
      ["alpha manage", "beta", "gamma"],
    ],
    [["devs"], []],
    [[], []],
  ])("%j reaches %j", (groups, reached) => {
    expect(reach(deps, callerOf("alpha", groups))).toEqual(reached);
  });

  it.each(["device", "apart"] as const)("nobody by a login of kind %s, and is told why (S-12)", (loginMethod) => {
    const refused = reachableTenants(deps, callerOf("alpha", ["operator"], loginMethod));
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "forbidden", message: expect.stringMatching(/no login with a code/) },
    });
  });

  it("nobody whose groups did not arrive whole", () => {
    const caller = callerOf("alpha", []);
    const lacking = { ...caller, person: { ...caller.person, claims: { _claim_names: { groups: "src1" } } } };
    expect(reachableTenants(deps, lacking)).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
  });
});

describe("a tenant's people", () => {
  it("are in the order of their names, page by page, each once", async () => {
    const { deps, remember } = world();
    const all = ["Ärger 10", "Ärger 9", "zoe", "Bob", "anna"];
    for (const name of all) await remember(personOf("alpha", name, [], { name }));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listPeople({ tenant: "alpha", after, limit: 2 }, deps, callerOf("alpha", ["tenant-auditor"]));
      if (!page.ok) throw new Error(page.refusal.message);
      expect(page.value.total).toBe(5);
      seen.push(...page.value.items.map(({ name }) => name));
      after = page.value.next;
    } while (after !== undefined);
    expect(seen).toEqual(["anna", "Ärger 9", "Ärger 10", "Bob", "zoe"]);
  });

  it("are made anew when the policy changes, and at the latest after half a minute", async () => {
    const { k, deps, remember } = world();
    const caller = callerOf("alpha", ["tenant-manager"]);
    const holders = async () => {
      const found = await showGrant({ tenant: "alpha", grant: "dev" }, deps, caller);
      return found.ok ? found.value.holders.map(({ name }) => name) : found.refusal.code;
    };
    expect(await holders()).toEqual([]);
    await remember(personOf("alpha", "dora", ["devs"]));
    expect(await holders()).toEqual([]);
    k.clock.advance(31 as never);
    expect(await holders()).toEqual(["dora"]);
  });
});

describe("whatever is asked of whomever", () => {
  const tenants = fc.constantFrom(...names);
  const groups = fc.subarray(["devs", ...roles]);
  const people = fc.array(fc.tuple(tenants, fc.constantFrom("ann", "ben", "cem", "dee"), groups), { maxLength: 12 });

  it("nobody sees a person or a grant of a tenant without a right there", async () => {
    await fc.assert(
      fc.asyncProperty(people, tenants, groups, tenants, async (known, home, held, asked) => {
        const { deps, remember } = world();
        for (const [tenant, name, of] of known) await remember(personOf(tenant, name, of));
        const caller = callerOf(home, held);
        // Told from the roles alone, without the policy: who may see, and whose.
        const all = held.includes("operator") || held.includes("operator-approver");
        const own = held.includes("tenant-manager") || held.includes("tenant-auditor");
        const maySee = all || (own && home === asked);
        const manages = held.includes("operator") || (held.includes("tenant-manager") && home === asked);
        const reached = reachTenant(deps, caller, asked);
        expect(reached.ok).toBe(maySee);
        if (reached.ok) expect(reached.value.mayManage).toBe(manages);
        const expected = new Set(known.filter(([tenant]) => tenant === asked).map(([, name]) => name));
        const list = await listPeople({ tenant: asked, limit: 200 }, deps, caller);
        expect(list.ok && new Set(list.value.items.map(({ preferredUsername }) => preferredUsername))).toEqual(
          maySee && expected,
        );
        expect((await listGrants({ tenant: asked, limit: 200 }, deps, caller)).ok).toBe(maySee);
        for (const [tenant, name] of known) {
          const { sub } = personOf(tenant, name, []);
          const shown = await showTenantPerson({ tenant: asked, sub }, deps, caller);
          expect(shown.ok).toBe(maySee && tenant === asked);
        }
      }),
      { numRuns: 60 },
    );
  });
});
