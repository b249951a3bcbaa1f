import { Fault, type Result } from "../core/index.ts";
import { formatProblem, type Problem } from "../yaml/index.ts";

/** What was read, or the fault that it cannot be used. */
export function usable<T>(result: Result<T, Problem[]>, dependency: string, operation: string): T {
  if (result.ok) return result.value;
  throw new Fault(dependency, operation, { message: result.refusal.map(formatProblem).join("; ") });
}
