import type { Clock, Findings } from "../core/index.ts";
import { type Asking, checkEndpoint, isUnreachable, remedyOf, shown } from "./endpoints.ts";
import { checkKeys, isAsymmetric } from "./openid-keys.ts";
import { fetchMetadata, listOf, metadataUrl, type OpenIdMetadata, readObject, textOf } from "./openid-metadata.ts";
import { checkConnection } from "./tls-check.ts";

/** What a check of one identity provider works with. */
export interface CheckDeps extends Asking {
  readonly clock: Clock;
}

/** Looks at an OpenID Provider. Answers false when it could not be reached at all. */
export async function checkOpenId(issuer: string, deps: CheckDeps, findings: Findings): Promise<boolean> {
  const found = await fetchMetadata(deps.fetch, metadataUrl(issuer));
  if (!found.ok) {
    const about = found.refusal.code === "certificate" ? "TLS certificate" : "metadata";
    findings.fail(about, `${shown(metadataUrl(issuer))}: ${found.refusal.message}`, remedyOf(found.refusal));
    return !isUnreachable(found.refusal);
  }
  findings.ok("metadata", `read from ${shown(metadataUrl(issuer))}`);
  checkConnection(found.value.answer, deps.clock, findings);
  await checkMetadata(issuer, found.value.metadata, deps, findings);
  return true;
}

/** Looks at metadata that is there already, such as that of a file; `issuer` is what it must call itself. */
export async function checkMetadata(
  issuer: string,
  metadata: OpenIdMetadata,
  deps: CheckDeps,
  findings: Findings,
): Promise<void> {
  checkIssuer(issuer, textOf(metadata, "issuer"), findings);
  checkTypes(metadata, findings);
  const algorithms = checkAlgorithms(metadata, findings);
  checkAbilities(metadata, findings);
  checkExtras(metadata, findings);
  await checkEndpoints(metadata, deps, findings);
  await checkKeySet(metadata, algorithms, deps, findings);
}

/** To the letter, or somebody stands in for the issuer (OpenID Connect Discovery 1.0 section 4.3, S-40). */
function checkIssuer(expected: string, said: string | undefined, findings: Findings): void {
  if (said === undefined) return findings.fail("issuer", "the metadata names no issuer", "add issuer to the metadata");
  if (said.includes("{")) {
    const remedy = "use the address of one tenant: with this one every account of that company's cloud could log in";
    return findings.fail("issuer", `it stands for many tenants: ${shown(said)}`, remedy);
  }
  if (said !== expected) {
    const remedy = `write exactly ${shown(said)}, if that is who you mean; else the address is somebody else's`;
    return findings.fail("issuer", `it calls itself ${shown(said)}`, remedy);
  }
  findings.ok("issuer", shown(said));
}

const texts = ["authorization_endpoint", "token_endpoint", "jwks_uri"];
const lists = ["response_types_supported", "id_token_signing_alg_values_supported"];
const optionalLists = [
  "scopes_supported",
  "response_modes_supported",
  "grant_types_supported",
  "token_endpoint_auth_methods_supported",
  "code_challenge_methods_supported",
];

function checkTypes(metadata: OpenIdMetadata, findings: Findings): void {
  for (const name of [...texts, ...lists]) {
    if (metadata[name] === undefined) findings.fail(name, "the metadata lacks it", `add ${name} to the metadata`);
  }
  for (const name of [...lists, ...optionalLists]) {
    if (metadata[name] !== undefined && listOf(metadata, name) === undefined) {
      findings.fail(name, "it is not a list of texts", `write ${name} as a list of texts`);
    }
  }
}

const algorithmsName = "id_token_signing_alg_values_supported";

function checkAlgorithms(metadata: OpenIdMetadata, findings: Findings): readonly string[] {
  const algorithms = listOf(metadata, algorithmsName);
  if (algorithms === undefined) return [];
  if (algorithms.includes("none")) {
    findings.fail(algorithmsName, "it offers ID tokens without a signature (none)", "take none out of the list");
  }
  if (!algorithms.some(isAsymmetric)) {
    const remedy = "sign ID tokens with RS256 or ES256, so that nobody who checks them could make them";
    findings.fail(algorithmsName, `none of ${algorithms.join(", ") || "(empty)"} has a public key`, remedy);
  }
  return algorithms;
}

/** What logins need: a list that lacks it, where the standard's default would lack it too. */
interface Need {
  readonly name: string;
  readonly anyOf: readonly string[];
  /** What counts where the list is missing (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2). */
  readonly byDefault: readonly string[];
  readonly level: "warn" | "fail";
  readonly message: string;
  readonly remedy: string;
}

const needs: readonly Need[] = [
  {
    name: "response_types_supported",
    anyOf: ["code"],
    byDefault: ["code"],
    level: "fail",
    message: "the authorization code flow is not offered",
    remedy: "allow response_type=code",
  },
  {
    name: "response_modes_supported",
    anyOf: ["query"],
    byDefault: ["query"],
    level: "fail",
    message: "codes are not sent by query",
    remedy: "allow response_mode=query",
  },
  {
    name: "grant_types_supported",
    anyOf: ["authorization_code"],
    byDefault: ["authorization_code"],
    level: "fail",
    message: "the grant authorization_code is not offered",
    remedy: "allow grant_type=authorization_code",
  },
  {
    name: "grant_types_supported",
    anyOf: ["refresh_token"],
    byDefault: ["refresh_token"],
    level: "warn",
    message: "refresh tokens are not offered: people cannot be asked about again while they work",
    remedy: "allow grant_type=refresh_token, or write recheck: none and shorter logins",
  },
  {
    name: "token_endpoint_auth_methods_supported",
    anyOf: ["client_secret_basic", "client_secret_post"],
    byDefault: ["client_secret_basic"],
    level: "fail",
    message: "it takes no client secret",
    remedy: "allow client_secret_basic or client_secret_post for our client",
  },
  {
    name: "code_challenge_methods_supported",
    anyOf: ["S256"],
    byDefault: [],
    level: "warn",
    message: "PKCE with S256 is not offered: a stolen code could be used",
    remedy: "switch PKCE (RFC 7636) with S256 on for our client",
  },
  {
    name: "scopes_supported",
    anyOf: ["openid"],
    byDefault: ["openid"],
    level: "fail",
    message: "the scope openid is not offered",
    remedy: "allow the scope openid: without it there is no ID token",
  },
  {
    name: "scopes_supported",
    anyOf: ["offline_access"],
    byDefault: ["offline_access"],
    level: "warn",
    message: "offline_access is not offered: re-checks end with the person's session there",
    remedy: "allow the scope offline_access for our client",
  },
];

function checkAbilities(metadata: OpenIdMetadata, findings: Findings): void {
  for (const { name, anyOf, byDefault, level, message, remedy } of needs) {
    const offered = metadata[name] === undefined ? byDefault : listOf(metadata, name);
    if (offered !== undefined && !anyOf.some((value) => offered.includes(value)))
      findings[level](name, message, remedy);
  }
  if (metadata["require_pushed_authorization_requests"] === true) {
    const message = "it takes pushed requests only, which Keycloak does not send";
    findings.fail(
      "require_pushed_authorization_requests",
      message,
      "allow plain authorization requests for our client",
    );
  }
}

function checkExtras(metadata: OpenIdMetadata, findings: Findings): void {
  if (metadata["userinfo_endpoint"] === undefined) {
    const remedy = "publish a userinfo_endpoint, or write recheck: none";
    findings.warn("userinfo_endpoint", "there is none: nobody can be asked about again", remedy);
  }
  if (metadata["end_session_endpoint"] === undefined) {
    const remedy = "publish an end_session_endpoint, if it can";
    findings.warn("end_session_endpoint", "there is none: signing out here does not sign out there", remedy);
  }
  if (metadata["backchannel_logout_supported"] !== true) {
    const remedy = "switch back-channel logout on, if it can; else re-checks find it at the next refresh";
    findings.warn("backchannel_logout_supported", "it does not tell us when somebody signs out", remedy);
  }
}

async function checkEndpoints(metadata: OpenIdMetadata, asking: Asking, findings: Findings): Promise<void> {
  const names = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint"];
  for (const name of names) {
    const url = textOf(metadata, name);
    if (url === undefined) continue;
    if (await checkEndpoint(name, url, asking, findings)) findings.ok(name, shown(url));
  }
}

async function checkKeySet(
  metadata: OpenIdMetadata,
  algorithms: readonly string[],
  { fetch: guardedFetch, clock }: CheckDeps,
  findings: Findings,
): Promise<void> {
  const url = textOf(metadata, "jwks_uri");
  if (url === undefined) return;
  const answer = await guardedFetch(url, { mediaTypes: /^application\/(?:[a-z0-9.-]+\+)?json$/ });
  if (!answer.ok)
    return findings.fail("jwks_uri", `${shown(url)}: ${answer.refusal.message}`, remedyOf(answer.refusal));
  checkKeys(readObject(answer.value.text), algorithms, findings, clock);
}
