import { describe, expect, it } from "vitest";
import type { MintedName } from "../../../src/core/index.ts";
import {
  apacheSnippet,
  authenticationConfiguration,
  compileKubernetes,
  compileOpenStack,
} from "../../../src/targets/index.ts";
import { compileMapping } from "../../../src/targets/openstack/compile.ts";
import { acme, examples, mustLoad, target, tenant } from "../policy/kit.ts";

const policy = mustLoad(examples);

describe("compiling for OpenStack", () => {
  const { tenants } = compileOpenStack(policy, target("gx2"));
  const [a] = tenants;

  it("gives each tenant its own domain, identity provider, mapping and protocol, told apart by the tenant claim", () => {
    expect(tenants.map((t) => [t.tenant, t.domain.name, t.identityProvider.id, t.identityProvider.remoteIds])).toEqual([
      ["customer-a", "d000001", "cloudpass-customer-a", ["urn:cloudpass:tenant:customer-a"]],
      ["customer-b", "d000002", "cloudpass-customer-b", ["urn:cloudpass:tenant:customer-b"]],
    ]);
    expect(a?.protocol).toEqual({ id: "openid", mappingId: "cloudpass-customer-a", remoteIdAttribute: "OIDC-tenant" });
    expect(a?.identityProvider.authorizationTtl).toBe(60);
  });

  it("turns sets into groups with roles on domain, project and all projects", () => {
    expect(a?.groups.map((g) => g.name)).toEqual([
      "cp.customer-a.auditor",
      "cp.customer-a.developer",
      "cp.customer-a.domain-manager",
    ]);
    expect(a?.assignments.map((x) => [x.group, x.role, x.scope])).toEqual([
      ["cp.customer-a.auditor", "reader", { kind: "inherited", domain: "d000001" }],
      ["cp.customer-a.developer", "member", { kind: "project", project: "dev", domain: "d000001" }],
      ["cp.customer-a.domain-manager", "manager", { kind: "domain", domain: "d000001" }],
    ]);
  });

  it("pins the domain inside the user, takes the name from the claim, and lets only its own groups through", () => {
    const mapping = a?.mapping;
    expect(mapping?.schema_version).toBe("2.0");
    expect(mapping?.rules[0]?.local).toEqual([
      { user: { id: "{0}", name: "{1}", type: "ephemeral", domain: { name: "d000001" } } },
    ]);
    const groups = ["cp.customer-a.auditor", "cp.customer-a.developer", "cp.customer-a.domain-manager"];
    expect(mapping?.rules[1]?.remote).toEqual([
      { type: "OIDC-tenant", any_one_of: ["urn:cloudpass:tenant:customer-a"] },
      { type: "OIDC-groups", any_one_of: groups },
      { type: "OIDC-groups", whitelist: groups },
    ]);
    expect(JSON.stringify(mapping)).not.toMatch(/regex|projects|customer-b/);
  });

  it("makes no rule for groups where there is none: an empty whitelist would match everybody", () => {
    const mapping = compileMapping(tenant("t"), "t", []);
    expect(mapping.rules).toHaveLength(1);
  });

  it.each(['cp.t."', "cp.t.{0}", "cp.t.a;b", "['cp.t.a']", "cp.t.my-name", ""])(
    "refuses %j as a group of a mapping",
    (group) => {
      expect(() => compileMapping(tenant("t"), "t", [group as MintedName])).toThrow(
        /must not enter a mapping|holds "name"/,
      );
    },
  );

  it("a cloud that is none is a mistake of the caller", () => {
    expect(() => compileOpenStack(policy, target("prod1"))).toThrow(/is not a cloud/);
    expect(() => compileKubernetes(policy, target("gx1"))).toThrow(/is not a cluster/);
  });
});

describe("compiling for Kubernetes", () => {
  it("binds prefixed minted groups to ClusterRoles in the tenant's own namespaces", () => {
    const { bindings, namespaces } = compileKubernetes(policy, target("prod1"));
    expect(namespaces).toEqual([
      { name: "customer-a-dev", tenant: "customer-a" },
      { name: "customer-b-dev", tenant: "customer-b" },
    ]);
    expect(bindings.map((b) => [b.kind, b.metadata.namespace, b.roleRef.name, b.subjects[0].name])).toEqual([
      ["RoleBinding", "customer-a-dev", "view", "cp:cp.customer-a.auditor"],
      ["RoleBinding", "customer-a-dev", "edit", "cp:cp.customer-a.developer"],
      ["RoleBinding", "customer-b-dev", "view", "cp:cp.customer-b.auditor"],
      ["RoleBinding", "customer-b-dev", "edit", "cp:cp.customer-b.developer"],
    ]);
  });

  it("another role makes another name, since roleRef cannot be changed", () => {
    const bind = (role: string) =>
      compileKubernetes(
        mustLoad(
          acme(`sets:\n  s: [{kubernetes: {role: ${role}, in: tenant-namespaces}}, {kubernetes: {clusterRole: view}}]
people:\n  w: {from: acme-idp, everyone: true}\ngrants:\n  - {id: g, give: s, to: w, at: [prod1]}\n`),
        ),
        target("prod1"),
      ).bindings;
    const name = (role: string) => bind(role).find((b) => b.kind === "RoleBinding")?.metadata.name;
    expect(name("edit")).not.toBe(name("view"));
    expect(name("edit")).toMatch(/^cloudpass:cp\.acme\.s:[0-9a-f]{12}$/);
    expect(
      bind("edit")
        .map((b) => b.kind)
        .sort(),
    ).toEqual(["ClusterRoleBinding", "RoleBinding"]);
  });
});

describe("what the servers in front must know", () => {
  const issuer = "https://id.example";
  it("the API server gets prefix, audience, lifetime and both rules against system:", () => {
    const text = JSON.stringify(authenticationConfiguration(policy, [target("prod1")], { issuer, caPem: "PEM" }));
    const [jwt] = JSON.parse(text).jwt;
    expect(jwt.issuer).toEqual({ url: issuer, audiences: ["prod1"], certificateAuthority: "PEM" });
    expect(jwt.claimMappings.groups).toEqual({ claim: "groups", prefix: "cp:" });
    expect(jwt.claimMappings.username).toEqual({ claim: "sub", prefix: "cp:" });
    expect(jwt.claimValidationRules[0].expression).toBe("claims.exp - claims.iat <= 900");
    expect(jwt.userValidationRules).toHaveLength(2);
    expect(JSON.parse(text).anonymous.conditions.map((c: { path: string }) => c.path)).toEqual([
      "/livez",
      "/readyz",
      "/healthz",
    ]);
  });

  it("Apache asks for issuer, audience and an access token together, and splits lists as Keystone does", () => {
    const text = apacheSnippet(policy, target("gx1"), { issuer, jwksUri: `${issuer}/jwks` });
    expect(text).toContain('OIDCClaimDelimiter ";"');
    expect(text).toContain(
      '<LocationMatch "^/v3/OS-FEDERATION/identity_providers/cloudpass-[a-z0-9-]+/protocols/openid/auth$">',
    );
    expect(text).toMatch(
      /<RequireAll>\n\s+Require claim iss:https:\/\/id\.example\n\s+Require claim aud:gx1\n\s+Require claim token_use:access\n/,
    );
    expect(text).not.toContain("SSLValidate");
  });

  it.each(['https://id.example/"\nRequire all granted', "https://id.example/ x", "javascript:1", "http://id.example"])(
    "%j never enters Apache's configuration",
    (bad) => {
      expect(() => apacheSnippet(policy, target("gx1"), { issuer: bad, jwksUri: `${issuer}/jwks` })).toThrow(
        /must not enter Apache/,
      );
    },
  );
});
