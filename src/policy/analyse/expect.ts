import {
  formatEntitlement,
  type IdentityProviderAlias,
  instant,
  parseTime,
  type TenantName,
} from "../../core/index.ts";
import { nearest, type Path } from "../../yaml/index.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import type { FileTest, PolicyDocument } from "../format/schema.ts";
import type { Decision, LoginFacts, TenantRules } from "../model.ts";

/** Tests times grants: some seconds (S-78). A broker that follows its files runs them, too. */
const mostGrantsTried = 5_000_000;

/**
 * Runs the tests that stand in the files; a failing expectation becomes a problem at its place that names the difference.
 * Returns the grants that some test saw given, by `grantKey`.
 */
export function runFileTests(
  documents: readonly Located<PolicyDocument>[],
  rules: ReadonlyMap<TenantName, TenantRules>,
  decideAt: (facts: LoginFacts, openWindows: boolean) => Decision,
  report: ProblemReport,
): ReadonlySet<string> {
  const given = new Set<string>();
  let left = mostGrantsTried;
  for (const { document, data } of documents) {
    const grants = rules.get(data.tenant as TenantName)?.grants.length ?? 0;
    for (const [i, test] of (data.tests ?? []).entries()) {
      left -= grants;
      if (left < 0) {
        const message = `the tests up to this one try more than ${mostGrantsTried} grants, and no more of them is run`;
        report.add(document, ["tests", i], message, "write fewer tests for each grant");
        return given;
      }
      const decision = decideAt(factsOf(data.tenant as TenantName, test), test.as.at === undefined);
      for (const trace of decision.kind === "decided" ? decision.grants : [])
        if (trace.matched) given.add(grantKey(data.tenant, trace.grant));
      for (const failure of failures(test, decision))
        report.add(
          document,
          ["tests", i, "expect", ...failure.path],
          `test "${test.name}": ${failure.message}`,
          failure.fix,
          failure.key,
        );
    }
  }
  return given;
}

/** A grant's name among those of all tenants. */
export const grantKey = (tenant: string, grant: string): string => `${tenant}/${grant}`;

/** The facts of a test: a browser login of `cloudpass` unless it says otherwise. */
function factsOf(tenant: TenantName, { as }: FileTest): LoginFacts {
  return {
    tenant,
    identityProvider: as.upstream as IdentityProviderAlias,
    claims: as.claims,
    amr: as.amr ?? [],
    ...(as.acr !== undefined && { acr: as.acr }),
    loginMethod: as.flow ?? "browser",
    client: as.client ?? "cloudpass",
    at: (as.at === undefined ? undefined : parseTime(as.at)) ?? instant(0),
  };
}

interface Failure {
  readonly path: Path;
  readonly message: string;
  readonly fix?: string;
  readonly key?: boolean;
}

function failures({ expect }: FileTest, decision: Decision): Failure[] {
  if (decision.kind === "unknown")
    return expect.unknown ? [] : [{ path: [], message: `cannot be decided: ${decision.because}` }];
  if (expect.unknown) return [{ path: ["unknown"], message: "was decided", key: true }];
  const given = [...new Set(decision.entitlements.map(formatEntitlement))].sort();
  const why = decision.grants.flatMap((g) => (g.matched ? [] : [`grant ${g.grant} ${g.because}`]));
  const found: Failure[] = [];
  for (const key of ["exactly", "includes"] as const) {
    for (const [i, wanted] of (expect[key] ?? []).entries()) {
      if (given.includes(wanted)) continue;
      const guess = nearest(wanted, given);
      const fix = guess !== undefined ? `is given: ${guess}` : why.length > 0 ? why.join("; ") : undefined;
      found.push({ path: [key, i], message: `"${wanted}" is not given`, ...(fix !== undefined && { fix }) });
    }
  }
  const extra = given.filter((g) => (expect.nothing || expect.exactly) && !expect.exactly?.includes(g));
  for (const g of extra) {
    const grants = decision.entitlements
      .filter((e) => formatEntitlement(e) === g)
      .map((e) => `${e.grant} (${e.source.file}:${e.source.line})`);
    found.push({
      path: [expect.nothing ? "nothing" : "exactly"],
      key: true,
      message: `"${g}" is given too, by grant ${[...new Set(grants)].join(", ")}`,
    });
  }
  for (const [i, unwanted] of (expect.excludes ?? []).entries())
    if (given.includes(unwanted)) found.push({ path: ["excludes", i], message: `"${unwanted}" is given` });
  return found;
}
