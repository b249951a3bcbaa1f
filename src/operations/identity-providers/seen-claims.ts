import {
  type Claims,
  type Clock,
  claimAt,
  claimPath,
  namesPlace,
  outerClaim,
  type SaidClaims,
  writtenClaim,
} from "../../core/index.ts";
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

/** What came, and how the broker will read it. */
interface Seen extends SaidClaims {
  /** The broker takes the claims from userinfo alone: at the login and at each refresh. */
  readonly isReread: boolean;
}

/** Compares what came with what the file says shall come. */
export function evaluateClaims(specs: readonly ClaimSpec[], seen: Seen): EvaluatedClaims {
  const overage = [...new Set([seen.idToken ?? {}, seen.userinfo ?? {}].flatMap(overageIn))];
  const rows = specs.map((spec) => see(spec, seen, overage));
  const given = rows.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value] as const);
  const unfit = rows
    .filter((row) => overage.includes(outerClaim(row.from)))
    .map(({ name }) => [name, "elsewhere"] as const);
  return {
    rows,
    overage,
    imported: { ...Object.fromEntries(given), ...(unfit.length > 0 && { _claim_names: Object.fromEntries(unfit) }) },
  };
}

function overageIn(claims: Claims): readonly string[] {
  const names = claims["_claim_names"];
  const listed = typeof names === "object" && names !== null ? Object.keys(names) : [];
  return [...listed, ...(claims["hasgroups"] === true ? ["groups"] : [])];
}

function see({ name, from = name, type, of }: ClaimSpec, seen: Seen, overage: readonly string[]): SeenClaim {
  const value = claimAt(from, seen.isReread ? { userinfo: seen.userinfo } : seen);
  const row = { name, from, type, value };
  if (overage.includes(outerClaim(from)))
    return { ...row, problem: "did not fit into the token: for people in many groups it is unknown" };
  if (value === undefined) return { ...row, problem: whyAbsent(from, seen) };
  const problem = type === "list" ? listProblem(value, of) : itemProblem(value, type);
  return problem === undefined ? row : { ...row, problem };
}

function whyAbsent(from: string, { idToken = {}, userinfo = {} }: Seen): string {
  // Whoever copies a claim's name out of a token expects it to be read as one.
  if (claimPath(from).length > 1 && (Object.hasOwn(idToken, from) || Object.hasOwn(userinfo, from)))
    return `did not come, but a claim of this name did: Keycloak reads its dots as a path, so write from: '${writtenClaim(from)}'`;
  if (claimAt(from, { idToken }) !== undefined)
    return "came in the ID token alone, and userinfo is what counts: have the provider put it there too, or set `recheck: none`";
  const ends = namesPlace(from) ? ", and Keycloak ends such a login with an error" : "";
  return `did not come${ends}: is its mapper or scope missing at the provider?`;
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
