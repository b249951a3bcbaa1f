import { readFileSync } from "node:fs";
import {
  type Claims,
  formatEntitlement,
  type IdentityProviderAlias,
  instant,
  type TargetName,
  type TenantName,
} from "../../../src/core/index.ts";
import { type Decision, type LoginFacts, loadPolicy, type Policy } from "../../../src/policy/index.ts";
import { formatProblem, type Problem } from "../../../src/yaml/index.ts";

const folder = new URL("../../../policies/", import.meta.url);

/** The example files of the project. */
export const examples = ["targets.yaml", "customer-a.yaml", "customer-b.yaml"].map((file) => ({
  file: `policies/${file}`,
  text: readFileSync(new URL(file, folder), "utf8"),
}));

/** Targets with one of everything, for tests that write their own policy. */
export const targets = `kind: Targets
clouds:
  gx1: {keystone: "https://gx1.example/v3", roles: [reader, member, manager]}
  gx2: {keystone: "https://gx2.example/v3", roles: [reader]}
clusters:
  prod1: {api: "https://prod1.example", roles: [view, edit], clusterWide: [view]}
tenants:
  acme:
    emailDomains: [acme.example]
    upstreams: [acme-idp, acme-two]
    domains: {gx1: acme}
    projects: [dev]
    namespaces: {prod1: [acme-dev]}
    ceiling: {openstack: [member, reader, manager], kubernetes: [edit, view]}
`;

/** A policy of tenant acme, from the lines under `kind` and `tenant`. */
export const acme = (body: string) => [
  { file: "targets.yaml", text: targets },
  { file: "acme.yaml", text: `kind: Policy\ntenant: acme\n${body}` },
];

export function mustLoad(files: readonly { file: string; text: string }[]): Policy {
  const loaded = loadPolicy(files);
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  return loaded.value;
}

export function mustFail(files: readonly { file: string; text: string }[]): Problem[] {
  const loaded = loadPolicy(files);
  if (loaded.ok) throw new Error("the policy was accepted");
  return loaded.refusal;
}

export function login(claims: Claims, more: Partial<Record<keyof LoginFacts, unknown>> = {}): LoginFacts {
  return {
    tenant: "acme" as TenantName,
    identityProvider: "acme-idp" as IdentityProviderAlias,
    claims,
    amr: [],
    loginMethod: "browser",
    client: "cloudpass",
    at: instant(1_790_000_000),
    ...more,
  } as LoginFacts;
}

export const target = (name: string) => name as TargetName;
export const tenant = (name: string) => name as TenantName;

/** The rights in words, each once, sorted; or the fact that they are unknown. */
export const said = (decision: Decision): string[] | "unknown" =>
  decision.kind === "unknown" ? "unknown" : [...new Set(decision.entitlements.map(formatEntitlement))].sort();
