import { listOf, mapOf, type Representation, textOf } from "../access.ts";
import { clientProfiles } from "../format/known.ts";
import { texts } from "./kind.ts";

const algorithms = ["user.info.response.signature.alg", "request.object.signature.alg", "id.token.signed.response.alg"];
const inAttributes = (...names: readonly string[]) => names.map((name) => `attributes.${name}`);

/** What executors write into each client that is written, if they configure it. Tried with Keycloak 26.7. */
const writes: ReadonlyMap<string, readonly string[]> = new Map([
  ["consent-required", ["consentRequired"]],
  ["dpop-bind-enforcer", inAttributes("dpop.bound.access.tokens")],
  ["full-scope-disabled", ["fullScopeAllowed"]],
  ["holder-of-key-enforcer", inAttributes("tls.client.certificate.bound.access.tokens")],
  ["pkce-enforcer", inAttributes("pkce.code.challenge.method")],
  ["reject-implicit-grant", ["implicitFlowEnabled"]],
  ["reject-ropc-grant", ["directAccessGrantsEnabled"]],
  ["secure-ciba-req-sig-algorithm", inAttributes("ciba.backchannel.auth.request.signing.alg")],
  ["secure-client-authenticator", ["clientAuthenticatorType"]],
  ["secure-response-type", inAttributes("id.token.as.detached.signature")],
  [
    "secure-signature-algorithm",
    inAttributes(...algorithms, ...["token.endpoint.auth.signing.alg", "access.token.signed.response.alg"]),
  ],
]);

/**
 * Fields and attributes of clients that client policies of a realm write by themselves: where a file does not say one, it
 * is theirs, or an apply would never come to rest. Which clients a policy is for is only known while one is written.
 */
export function configuredByPolicies(realm: Representation): ReadonlySet<string> {
  const policies = listOf(mapOf(realm["clientPolicies"])?.["policies"]).filter((one) => one["enabled"] === true);
  const named = new Set(policies.flatMap((one) => texts(one["profiles"])));
  // Nobody tells what is in Keycloak's own profiles.
  if (clientProfiles.some((name) => named.has(name))) return new Set([...writes.values()].flat());
  const profiles = listOf(mapOf(realm["clientProfiles"])?.["profiles"]).filter((p) => named.has(textOf(p["name"])));
  const executors = profiles
    .flatMap((profile) => listOf(profile["executors"]))
    .filter((one) => mapOf(one["configuration"])?.["auto-configure"] === true);
  return new Set(executors.flatMap((one) => writes.get(textOf(one["executor"])) ?? []));
}
