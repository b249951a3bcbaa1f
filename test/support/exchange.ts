import { exchangeGrant, resource, type WithClients } from "./clients.ts";
import type { JsonAnswer } from "./device-login.ts";

type Fields = Readonly<Record<string, string>>;

export const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

/** The form of a token exchange (RFC 8693 section 2.1). */
export const exchangeForm = (subjectToken: unknown, more: Fields = {}): Record<string, string> => ({
  grant_type: exchangeGrant,
  subject_token: String(subjectToken),
  subject_token_type: accessTokenType,
  ...more,
});

/** `portal` trades a token; for the cloud gx1 if not told otherwise. */
export const exchangeAtPortal = (
  broker: WithClients,
  subjectToken: unknown,
  more: Fields = { resource: resource("gx1") },
): Promise<JsonAnswer> => broker.asSecret("/token", "portal", exchangeForm(subjectToken, more));
