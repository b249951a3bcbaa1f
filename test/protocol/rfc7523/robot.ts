import { assertionType, resource, type WithClients } from "../../support/clients.ts";
import { type JsonAnswer, postForm } from "../../support/device-login.ts";

/** The robot `ci`, which proves itself to a broker by an assertion that a test may bend. */
export const robotAt = (broker: WithClients) => ({
  make: (claims: object = {}, header: object = {}): Promise<string> =>
    broker.key.assertion("ci", broker.issuer, claims, header),
  send: (client_assertion: string, more: Readonly<Record<string, string>> = {}): Promise<JsonAnswer> =>
    postForm(`${broker.issuer}/token`, {
      grant_type: "client_credentials",
      resource: resource("gx1"),
      client_assertion_type: assertionType,
      client_assertion,
      ...more,
    }),
});
