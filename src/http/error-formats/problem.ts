import { STATUS_CODES } from "node:http";
import type { ApiProblem } from "../../core/index.ts";
import { challengeOf, statusOfToken } from "./bearer.ts";
import type { ErrorAnswer } from "./oauth.ts";
import { isOfRequest, requestStatus } from "./request.ts";

const ownStatus = {
  invalid_input: 422,
  forbidden: 403,
  conflict: 409,
  precondition_failed: 412,
  precondition_required: 428,
} as const;
const isOwn = (code: string): code is keyof typeof ownStatus => Object.hasOwn(ownStatus, code);

/** Media type of such an answer. */
export const problemType = "application/problem+json";

/**
 * A refusal of the console's API as JSON of RFC 9457: `type` names the code, `instance` the request in the log. A refused
 * token gets its challenge, too.
 */
export function formatProblem({ code, message, errors, classes }: ApiProblem, id: string): ErrorAnswer {
  const more = errors === undefined ? {} : { errors: errors.map(({ pointer, detail }) => ({ pointer, detail })) };
  if (isOfRequest(code))
    return { status: requestStatus[code], body: problem(requestStatus[code], code, message, id), headers: {} };
  if (isOwn(code))
    return { status: ownStatus[code], body: { ...problem(ownStatus[code], code, message, id), ...more }, headers: {} };
  const status = statusOfToken(code);
  return { status, body: problem(status, code, message, id), headers: challengeOf(code, message, classes) };
}

/** Body of a problem. */
export const problem = (status: number, code: string, detail: string, id: string) => ({
  type: `urn:cloudpass:problem:${code}`,
  title: STATUS_CODES[status] ?? "Error",
  status,
  detail,
  instance: `urn:uuid:${id}`,
});
