import type { Finding, Findings } from "../core/index.ts";

/** What a doctor found about one target. */
export interface DoctorReport {
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Seconds that clocks may differ: the issuer's and most servers' own leeway is a minute. */
const leeway = { warn: 10, fail: 60 } as const;

/** How many seconds a server's clock (its `Date` header) is ahead of ours; `undefined` when it does not tell. */
export function skewOf(date: string | undefined, nowMs: number): number | undefined {
  const told = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(told) ? undefined : Math.round((told - nowMs) / 1000);
}

/** Judges it. */
export function formatSkew(findings: Findings, skew: number | undefined): void {
  const remedy = "synchronise both (NTP): tokens are refused, or live too long";
  if (skew === undefined) return findings.warn("clock", "it does not tell its time", "let its front send Date");
  const message = `its clock is ${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} ours`;
  if (Math.abs(skew) >= leeway.fail) findings.fail("clock", message, remedy);
  else if (Math.abs(skew) >= leeway.warn) findings.warn("clock", message, remedy);
  else findings.ok("clock", `its clock agrees with ours (${skew} s)`);
}
