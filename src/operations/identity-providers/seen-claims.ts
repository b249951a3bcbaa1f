import type { Claims, Clock } from "../../core/index.ts";
import { type Explanation, explain, type Policy } from "../../policy/index.ts";
import type { ClaimSpec, ListedIdentityProvider } from "../../realms/index.ts";

/** One imported claim, as it came. */
interface SeenClaim {
  readonly name: string;
  /** Its name at the provider. */
  readonly from: string;
  readonly type: ClaimSpec["type"];
  readonly value: unknown;
  /** Why it is not what the file says. */
  readonly problem?: string;
}

/** The claims of a login, judged by what the realm file says of them. */
export interface EvaluatedClaims {
  readonly rows: readonly SeenClaim[];
  /** Claims that did not fit in (OpenID Connect Core 5.6.2, and Entra's `hasgroups`). */
  readonly overage: readonly string[];
  /** As the broker's policy would see them. */
  readonly imported: Claims;
}

/** Compares what came with what the file says shall come. */
export function evaluateClaims(specs: readonly ClaimSpec[], claims: Claims): EvaluatedClaims {
  const overage = overageIn(claims);
  const rows = specs.map((spec) => see(spec, claims, overage));
  const given = rows.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value] as const);
  const unfit = rows.filter(({ from }) => overage.includes(from)).map(({ name }) => [name, "elsewhere"] as const);
  return {
    rows,
    overage,
    imported: { ...Object.fromEntries(given), ...(unfit.length > 0 && { _claim_names: Object.fromEntries(unfit) }) },
  };
}

function overageIn(claims: Claims): readonly string[] {
  const names = claims["_claim_names"];
  const listed = typeof names === "object" && names !== null ? Object.keys(names) : [];
  return [...new Set([...listed, ...(claims["hasgroups"] === true ? ["groups"] : [])])];
}

function see({ name, from = name, type, of }: ClaimSpec, claims: Claims, overage: readonly string[]): SeenClaim {
  const value = claims[from];
  const seen = { name, from, type, value };
  if (overage.includes(from))
    return { ...seen, problem: "did not fit into the token: for people in many groups it is unknown" };
  if (value === undefined) return { ...seen, problem: "did not come: is its mapper or scope missing at the provider?" };
  const problem = type === "list" ? listProblem(value, of) : itemProblem(value, type);
  return problem === undefined ? seen : { ...seen, problem };
}

function listProblem(value: unknown, of: ClaimSpec["of"]): string | undefined {
  if (!Array.isArray(value)) return `is ${kindOf(value)}, not a list`;
  const wrong = value.map((item) => itemProblem(item, of ?? "text")).find((problem) => problem !== undefined);
  return wrong === undefined ? undefined : `an item ${wrong}`;
}

const forms: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  email: /^[^@\s]+@[^@\s]+$/,
};

function itemProblem(value: unknown, type: string): string | undefined {
  const wanted = type === "bool" ? "boolean" : type === "number" ? "number" : "string";
  if (typeof value !== wanted) return `is ${kindOf(value)}, not ${type}`;
  return forms[type]?.test(String(value)) === false ? `is no ${type}` : undefined;
}

const kindOf = (value: unknown): string =>
  value === null ? "nothing" : Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;

/** What the policy would decide, or why it cannot be said. */
export type Decision = Explanation | { readonly none: string };

/** Asks the policy as a login through this provider would. */
export function decisionOf(
  policy: Policy,
  { alias }: ListedIdentityProvider,
  evaluated: EvaluatedClaims,
  clock: Clock,
): Decision {
  const tenant = policy.tenantOfIdentityProvider(alias);
  if (tenant === undefined) return { none: `no tenant of the policy names ${alias} under its upstreams` };
  const login = { loginMethod: "browser" as const, client: "cloudpass", amr: [], at: clock.now() };
  return explain(policy, { tenant: tenant.name, identityProvider: alias, claims: evaluated.imported, ...login });
}
