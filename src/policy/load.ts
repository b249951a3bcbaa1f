import { createHash } from "node:crypto";
import { err, ok, type Result, type TenantName } from "../core/index.ts";
import type { Problem } from "../yaml/index.ts";
import { runFileTests } from "./analyse/expect.ts";
import { warnOfGrants } from "./analyse/warn-grants.ts";
import { decide, type RuleIndex } from "./evaluate/decide.ts";
import { makeLookup } from "./evaluate/lookup.ts";
import { makeProblemReport, readDocuments, type Warning } from "./format/read.ts";
import { checkFiles } from "./link/files.ts";
import { linkPolicies } from "./link/policy.ts";
import { type LinkedTargets, linkTargets } from "./link/targets.ts";
import type { Grant, Policy, Tenant, TenantRules } from "./model.ts";

/** What may be set from outside the files. */
interface LoadOptions {
  /** Target's name → URL to use instead of the one in the file (test and demo servers have random ports). */
  readonly endpoints?: Readonly<Record<string, string>>;
}

/**
 * Reads `policies/*.yaml`: all problems at once, each with place and remedy, sorted; or a policy in which every name
 * resolves and every in-file test holds. The order of the files means nothing.
 */
export function loadPolicy(
  files: readonly { file: string; text: string }[],
  options: LoadOptions = {},
): Result<Policy, Problem[]> {
  const read = readDocuments(files);
  if (!read.ok) return read;
  const report = makeProblemReport();
  const linked = linkTargets(read.value.targets, options.endpoints ?? {}, report);
  checkFiles(read.value, linked.tenants, report);
  const rules = linkPolicies(read.value.policies, linked, report);
  // A test of a policy that does not even resolve would only repeat the same news.
  if (report.problems.length > 0) return err(sorted(report.problems));
  const index: RuleIndex = { tenants: linked.tenants, lookup: makeLookup(rules), deviceLogin: linked.deviceLogin };
  const open: RuleIndex = hasWindows(rules) ? { ...index, lookup: makeLookup(withoutWindows(rules)) } : index;
  const tested = runFileTests(
    read.value.policies,
    rules,
    (facts, openWindows) => decide(openWindows ? open : index, facts),
    report,
  );
  if (report.problems.length > 0) return err(sorted(report.problems));
  warnOfGrants(read.value.policies, rules, index.lookup, tested, report);
  return ok(makePolicy(linked, rules, index, report.warnings));
}

const sorted = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));

const hasWindows = (rules: ReadonlyMap<TenantName, TenantRules>): boolean =>
  [...rules.values()].some(({ grants }) => grants.some((g) => g.from !== undefined || g.until !== undefined));

/** In-file tests that name no moment are evaluated as if every window were open: a test must not fail by the mere passing of time. */
function withoutWindows(rules: ReadonlyMap<TenantName, TenantRules>): ReadonlyMap<TenantName, TenantRules> {
  const open = ({ from: _from, until: _until, ...grant }: Grant): Grant => grant;
  return new Map([...rules].map(([tenant, r]) => [tenant, { ...r, grants: r.grants.map(open) }]));
}

function makePolicy(
  linked: LinkedTargets,
  rules: ReadonlyMap<TenantName, TenantRules>,
  index: RuleIndex,
  warnings: readonly Warning[],
): Policy {
  const byDomain = new Map<string, Tenant>();
  const byIdentityProvider = new Map<string, Tenant>();
  for (const tenant of linked.tenants.values()) {
    for (const domain of tenant.emailDomains) byDomain.set(domain, tenant);
    for (const alias of tenant.identityProviders) byIdentityProvider.set(alias, tenant);
  }
  return {
    ...linked,
    rules,
    digest: digestOf(linked, rules),
    tenantOfEmailDomain: (domain) => byDomain.get(domain.toLowerCase()),
    tenantOfIdentityProvider: (alias) => byIdentityProvider.get(alias),
    decide: (facts, target) => decide(index, facts, target),
    warnings: (at) => sorted(warnings.filter(({ since = at }) => since <= at).map(({ problem }) => problem)),
  };
}

/** SHA-256 over the meaning: names sorted, places in files left out. */
function digestOf(linked: LinkedTargets, rules: ReadonlyMap<TenantName, TenantRules>): string {
  return createHash("sha256")
    .update(canonical({ ...linked, rules }))
    .digest("hex");
}

const leftOut = new Set(["source", "entitlements", "settled"]);

/** One text per meaning: maps and keys sorted, lists of named things too, since their order comes from the files. */
function canonical(value: unknown, known = new Map<object, string>()): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const said = known.get(value);
  if (said !== undefined) return said;
  const text = canonicalObject(value, known);
  // A set is part of every grant that gives it, people of every grant to them.
  known.set(value, text);
  return text;
}

function canonicalObject(value: object, known: Map<object, string>): string {
  if (Array.isArray(value))
    return `[${value
      .map((one) => canonical(one, known))
      .sort()
      .join(",")}]`;
  const all = value instanceof Map ? [...value] : Object.entries(value);
  const entries = all.filter(([key, v]) => !leftOut.has(String(key)) && v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
    .map(([key, v]) => `${JSON.stringify(key)}:${canonical(v, known)}`)
    .join(",")}}`;
}
