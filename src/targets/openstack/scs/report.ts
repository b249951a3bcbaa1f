/** The requirements of scs-0302-v1, by the numbers that this project gives them. */
const scsRequirements = {
  R1: "a role named manager exists",
  R2: "the domain manager's function is active for the role",
  R3: "a domain manager manages projects, groups and users of its domain, and their roles",
  R4: "a domain manager reaches nothing outside of its domain",
  R5: "a domain manager neither makes nor changes roles",
  R6: "a domain manager assigns only the non-administrative roles that the provider chose",
  R7: "a domain manager cannot lift itself or others above these roles",
  R8: "enforce_scope and enforce_new_defaults of [oslo_policy] are on (Keystone 2024.2 and later)",
  R9: "admin is not among the roles that a domain manager may assign",
  R10: "the policy files of the older implementation are gone after the upgrade",
  R11: "the older implementation by policy files (Keystone 2024.1 and before)",
} as const;

/** `R1` to `R11`. */
export type ScsRequirement = keyof typeof scsRequirements;

/** Who acts: a manager with a password, one that came with a token of the issuer, or the operator. */
export type ScsActor = "password manager" | "federated manager" | "operator" | "nobody special";

/** What `[oslo_policy]` must say, seen from outside. */
export type ScsSetting = "enforce_scope" | "enforce_new_defaults";

/** What was asked and what came of it. */
export interface ScsCheck {
  /** `R4.7`: the requirement and a number, the same in each run. */
  readonly id: string;
  readonly requirement: ScsRequirement;
  readonly actor: ScsActor;
  /** The setting that it tells about, if one alone. */
  readonly setting?: ScsSetting;
  /** In words, as a sentence about the actor: "creates a user in its domain". */
  readonly action: string;
  /** `POST /users` */
  readonly asked: string;
  readonly wanted: "allowed" | "refused";
  /** HTTP status. */
  readonly answered: number;
  /** What the answer held, where the status alone does not say it. */
  readonly because?: string;
  readonly pass: boolean;
}

/** A requirement that cannot be checked here, and why. */
export interface ScsNotApplicable {
  readonly requirement: ScsRequirement;
  readonly because: string;
}

/** The evidence. */
export interface ScsReport {
  readonly cloud: string;
  /** RFC 3339. */
  readonly at: string;
  readonly checks: readonly ScsCheck[];
  readonly notApplicable: readonly ScsNotApplicable[];
  /** The roles that the cloud let a domain manager assign, by name. */
  readonly assignable: readonly string[];
  readonly pass: boolean;
}

/** The evidence as lines: a verdict for each requirement, and whatever failed in full. */
export function formatScsReport(report: ScsReport): string[] {
  const lines = Object.entries(scsRequirements).flatMap(([id, action]) => formatRequirement(report, id, action));
  const passed = report.checks.filter((c) => c.pass).length;
  return [
    `scs-0302-v1 on ${report.cloud}, ${report.at}`,
    ...lines,
    `a domain manager may assign: ${report.assignable.join(", ") || "no role"}`,
    `${passed} of ${report.checks.length} checks passed: ${report.pass ? "conformant" : "NOT conformant"}`,
  ];
}

function formatRequirement({ checks, notApplicable }: ScsReport, id: string, action: string): string[] {
  const left = notApplicable.find((n) => n.requirement === id);
  if (left) return [`n/a   ${id} ${action}`, `        ${left.because}`];
  const own = checks.filter((c) => c.requirement === id);
  const failed = own.filter((c) => !c.pass);
  const head = `${failed.length > 0 || own.length === 0 ? "FAIL " : "pass "} ${id} ${action} (${own.length - failed.length} of ${own.length})`;
  return [head, ...failed.map((c) => `        ${formatScsCheck(c)}`)];
}

/** One check as a line. */
export const formatScsCheck = (c: ScsCheck): string =>
  `${c.pass ? "pass" : "FAIL"} ${c.id} ${c.actor} ${c.action}: ${c.asked} answered ${c.answered}, wanted ${c.wanted}${c.because === undefined ? "" : ` (${c.because})`}`;
