import { plain } from "../../failure.ts";
import type { AccessRequest } from "./answers.ts";

/** A request, line by line: what was asked for, and what became of it. */
export function formatRequest(request: AccessRequest, by?: string): string[] {
  const { approved, denial, gone } = request;
  const lines: (readonly [string, string | undefined])[] = [
    ["request", request.id],
    ["state", stateOf(request)],
    ["by", by],
    ["set", request.set],
    ["at", request.at.join(", ")],
    ["for", request.for],
    ["reason", request.reason],
    ["asked", request.asked_at],
    ["decided", request.decided_by && `${request.decided_at ?? ""} by ${request.decided_by}`],
    ["given", approved && `${approved.at.join(", ")}, until ${approved.until}`],
    ["because", denial],
    ["gone", gone && `the ${gone} is not there any more: it cannot be approved`],
  ];
  return lines.flatMap(([name, text]) => (text === undefined ? [] : [plain(`${name.padEnd(10)} ${text}`)]));
}

/** Where a request stands, in words. */
export function stateOf({ state, waits_until, proposed, changed }: AccessRequest): string {
  if (state === "asked") return `waits until ${waits_until}`;
  if (proposed) return `${state}; proposed, not in use until merged`;
  return changed ? `${state}, and changed since` : state;
}
