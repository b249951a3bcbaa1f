import type { Finding } from "../../core/index.ts";
import type { LoginFacts } from "../../policy/index.ts";
import type { Problem } from "../../yaml/index.ts";

/**
 * A value with one member under the name that programs know since release 0.1.0, in its old place. What a command prints for
 * programs stays as it is, whatever we call it inside.
 */
export const renamed = <T extends object>(
  value: T,
  inside: keyof T & string,
  outside: string,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, it]) => [name === inside ? outside : name, it]));

/** A problem of a file as programs know it: its message is `says`. */
export const problemAsJson = (problem: Problem) => renamed(problem, "message", "says");

/** A finding about a server as programs know it: its message is `says`. */
export const findingAsJson = (finding: Finding) => renamed(finding, "message", "says");

/** A report about a server, version 1. */
export const reportAsJson = <T extends { readonly findings: readonly Finding[] }>(report: T) => ({
  version: 1,
  ...report,
  findings: report.findings.map(findingAsJson),
});

/** What is known of a login, as programs know it: through which `upstream`, by which `flow`. */
export function loginAsJson({ tenant, identityProvider: upstream, ...rest }: LoginFacts): Record<string, unknown> {
  return { tenant, upstream, ...renamed(rest, "loginMethod", "flow") };
}
