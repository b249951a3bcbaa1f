import type { RequestCode, ScimError } from "../../core/index.ts";
import { challengeOf, statusOfToken } from "./bearer.ts";
import type { ErrorAnswer } from "./oauth.ts";
import { isOfRequest, requestStatus } from "./request.ts";

/** Media type of all that SCIM sends (RFC 7644 section 8.1). */
export const scimType = "application/scim+json";

/** Status and `scimType` of what only SCIM says (RFC 7644 section 3.12, table 9). */
const own = {
  invalid_filter: [400, "invalidFilter"],
  invalid_path: [400, "invalidPath"],
  invalid_value: [400, "invalidValue"],
  no_target: [400, "noTarget"],
  mutability: [400, "mutability"],
  uniqueness: [409, "uniqueness"],
  forbidden: [403, undefined],
  precondition_failed: [412, undefined],
} as const;
const isOwn = (code: string): code is keyof typeof own => Object.hasOwn(own, code);

/** What is no SCIM at all; other refusals of any request have a status alone. */
const typeOfRequest: Readonly<Partial<Record<RequestCode, string>>> = { invalid_request: "invalidSyntax" };

/** A refusal as SCIM says it; a refused token gets its challenge, too. */
export function formatScimError({ code, message }: ScimError): ErrorAnswer {
  if (isOfRequest(code))
    return {
      status: requestStatus[code],
      body: scimError(requestStatus[code], typeOfRequest[code], message),
      headers: {},
    };
  if (isOwn(code)) {
    const [status, type] = own[code];
    return { status, body: scimError(status, type, message), headers: {} };
  }
  const status = statusOfToken(code);
  return { status, body: scimError(status, undefined, message), headers: challengeOf(code, message) };
}

/** Body of an error. The status is a text (RFC 7644 section 3.12). */
export const scimError = (status: number, type: string | undefined, detail: string) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
  status: String(status),
  ...(type !== undefined && { scimType: type }),
  detail,
});
