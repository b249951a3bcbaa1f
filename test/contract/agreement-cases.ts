import fc from "fast-check";
import { type IdentityProviderAlias, instant, type TenantName } from "../../src/core/index.ts";
import { type LoginFacts, loadPolicy, type Policy } from "../../src/policy/index.ts";

/** Persons asked for by `npm test`; CLOUDPASS_AGREEMENT_CASES asks for more, CLOUDPASS_AGREEMENT_SEED for others. */
export const cases = Number(process.env["CLOUDPASS_AGREEMENT_CASES"] ?? 2000);
const seed = Number(process.env["CLOUDPASS_AGREEMENT_SEED"] ?? 20_260_101);

/** One policy after the other is applied to the same targets, so that what an earlier one left behind would be seen. */
export const rounds = 2;
const tenantCount = 8;
const projects = ["dev", "prod"] as const;
const groups = ["g1", "g2", "g3", "g4", "g5"] as const;
const departments = ["d1", "d2"] as const;
/** Grants' windows begin and end between these moments of logins. */
const moments = ["2030-01-01", "2030-06-01", "2030-12-01"] as const;

/** Roles that Keystone's own do not imply; the test makes it. */
export const extraRole = "load-balancer_member";
/** ClusterRoles that the test makes: each allows to get one resource of its own, so that having a role can be asked exactly. */
export const clusterRoles = ["agree-a", "agree-b", "agree-wide"] as const;
/** The only one that may be bound in the whole cluster. */
export const wideRole = "agree-wide";

/** A policy of many tenants, the persons of a round. */
export interface Round {
  readonly policy: Policy;
  readonly persons: readonly LoginFacts[];
}

/** The rounds of this run; the same for the same seed. */
export function agreementRounds(endpoints: Record<string, string>): Round[] {
  return Array.from({ length: rounds }, (_, i) => {
    const policy = randomPolicy(seed + i, endpoints);
    const persons = fc.sample(person(), { seed: seed + i, numRuns: Math.ceil(cases / rounds) });
    return { policy, persons };
  });
}

const tenantNames = Array.from({ length: tenantCount }, (_, i) => `t${i}`);
const aliasOf = (tenant: string) => `${tenant}-idp`;
/** A tenant's own on the cluster. */
export const namespacesOf = (tenant: string) => [`${tenant}-one`, `${tenant}-two`];

const targets = {
  kind: "Targets",
  deviceLogin: { elevatedRoles: ["manager"], allow: ["cloudpass"] },
  clouds: { gx1: { keystone: "https://gx1.example/v3", roles: ["reader", "member", "manager", extraRole] } },
  clusters: { prod1: { api: "https://prod1.example", roles: clusterRoles, clusterWide: [wideRole] } },
  tenants: Object.fromEntries(
    tenantNames.map((name) => [
      name,
      {
        upstreams: [aliasOf(name)],
        domains: { gx1: name },
        projects,
        namespaces: { prod1: namespacesOf(name) },
        ceiling: { openstack: ["reader", "member", "manager", extraRole], kubernetes: clusterRoles },
      },
    ]),
  ),
};

/** What the loader refuses (a grant that can never match, two that shadow each other) is drawn anew. */
function randomPolicy(from: number, endpoints: Record<string, string>): Policy {
  const load = (documents: readonly object[]) =>
    loadPolicy(
      [targets, ...documents].map((d, i) => ({ file: `${i}.yaml`, text: JSON.stringify(d) })),
      { endpoints },
    );
  const documents = tenantNames.map((name, i) => {
    const drawn = fc.sample(tenantPolicy(name), { seed: from * tenantCount + i, numRuns: 50 });
    const good = drawn.find((document) => load([document]).ok);
    if (good === undefined) throw new Error(`none of 50 random policies of ${name} can be loaded`);
    return good;
  });
  const loaded = load(documents);
  if (!loaded.ok) throw new Error(loaded.refusal.map((p) => `${p.path}: ${p.message}`).join("\n"));
  return loaded.value;
}

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);

const openStackItem = fc.oneof(
  { weight: 2, arbitrary: fc.record({ role: oneOf(["reader", "member", extraRole]), on: project() }) },
  fc.record({ role: oneOf(["reader", "member", "manager"]), on: fc.constant("domain") }),
  fc.record({ role: oneOf(["reader", "member", extraRole]), on: fc.constant({ domain: "all-projects" }) }),
);

function project() {
  return fc.record({ project: oneOf(projects) });
}

const kubernetesItem = (tenant: string) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ role: oneOf(clusterRoles), in: place(tenant) }) },
    { weight: 1, arbitrary: fc.constant({ clusterRole: wideRole }) },
  );

const place = (tenant: string) =>
  fc.oneof(
    fc.constant("tenant-namespaces"),
    oneOf(namespacesOf(tenant)).map((namespace) => ({ namespace })),
  );

/** Every set holds something for both targets, so that any grant may name both. */
const set = (tenant: string) =>
  fc
    .tuple(
      fc.array(openStackItem, { minLength: 1, maxLength: 3 }),
      fc.array(kubernetesItem(tenant), { minLength: 1, maxLength: 2 }),
    )
    .map(([cloud, cluster]) => [
      ...cloud.map((openstack) => ({ openstack })),
      ...cluster.map((kubernetes) => ({ kubernetes })),
    ]);

const atom = fc.oneof(
  { weight: 9, arbitrary: oneOf(groups).map((g) => ({ groups: { has: g } })) },
  fc.subarray([...groups], { minLength: 2, maxLength: 3 }).map((some) => ({ groups: { in: some } })),
  oneOf(departments).map((d) => ({ department: { equals: d } })),
  fc.constant({ email: { endsWith: "@x.example", verified: true } }),
  fc.constant({ staff: { equals: true } }),
);
const atoms = (most: number) => fc.array(atom, { minLength: 1, maxLength: most });

const peopleOf = (tenant: string) =>
  fc
    .tuple(oneOf([true, false, false]), atoms(2), fc.option(atoms(1), { nil: undefined, freq: 1 }))
    .map(([every, own, not]) => ({ from: aliasOf(tenant), [every ? "all" : "any"]: own, ...(not && { not }) }));

const valid = oneOf([
  undefined,
  undefined,
  undefined,
  undefined,
  { from: "2030-03-01" },
  { until: "2030-09-01" },
  { from: "2030-03-01", until: "2030-09-01" },
]);
const requirement = oneOf([undefined, undefined, undefined, undefined, { amr: ["otp"] }, { acr: ["high"] }]);

function tenantPolicy(tenant: string) {
  const names = ["s1", "s2", "s3", "s4"];
  const grant = fc.tuple(
    oneOf(names),
    oneOf(["p1", "p2", "p3"]),
    fc.subarray(["gx1", "prod1"], { minLength: 1 }),
    valid,
    requirement,
  );
  return fc
    .record({
      sets: fc.tuple(...names.map(() => set(tenant))),
      people: fc.tuple(peopleOf(tenant), peopleOf(tenant), peopleOf(tenant)),
      grants: fc.array(grant, { minLength: 4, maxLength: 8 }),
    })
    .map((drawn) => ({
      kind: "Policy",
      tenant,
      sets: Object.fromEntries(names.map((name, i) => [name, drawn.sets[i]])),
      people: Object.fromEntries(drawn.people.map((p, i) => [`p${i + 1}`, p])),
      grants: drawn.grants.map(([give, to, at, window, require], i) => ({
        id: `grant${i}`,
        give,
        to,
        at,
        ...(window && { valid: window }),
        ...(require && { require }),
      })),
    }));
}

const claims = fc.record(
  {
    groups: fc.oneof(
      { weight: 8, arbitrary: fc.subarray([...groups, "G1", "g1 ", "cp.t0.s1"]) },
      oneOf(groups),
      fc.constant("overage"),
    ),
    department: oneOf([...departments, "D1"]),
    email: oneOf(["a@x.example", "a@y.example", "a@evil.example@x.example"]),
    email_verified: oneOf([true, false, "true"]),
    staff: oneOf([true, false, "true"]),
  },
  { requiredKeys: [] },
);

/** Mostly of the tenant's own identity provider; else of another's, which must not give anything. */
const person = (): fc.Arbitrary<LoginFacts> =>
  fc
    .record({
      tenant: oneOf(tenantNames),
      stranger: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      claims,
      amr: fc.subarray(["pwd", "otp"]),
      acr: oneOf([undefined, "high", "low"]),
      loginMethod: oneOf(["device", "browser"] as const),
      client: oneOf(["cloudpass", "gx1"]),
      at: oneOf(moments),
    })
    .map(({ tenant, stranger, acr, at, ...facts }) => ({
      ...facts,
      ...(acr !== undefined && { acr }),
      tenant: tenant as TenantName,
      identityProvider: aliasOf(
        stranger ? (tenantNames.find((t) => t !== tenant) ?? "") : tenant,
      ) as IdentityProviderAlias,
      at: instant(Date.parse(at) / 1000),
    }));
