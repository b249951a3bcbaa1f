import type { ServerMetadata } from "openid-client";
import { Secret } from "../../core/index.ts";
import { type FetchRules, makeGuardedFetch } from "../../http-client/index.ts";
import { fetchMetadata, listOf, metadataUrl, readObject, remedyOf, textOf } from "../../probe/index.ts";
import type { ListedIdentityProvider } from "../../realms/index.ts";
import type { Lookup } from "../../yaml/index.ts";
import { OperationRefused } from "../refused.ts";

/** Our client at a customer's identity provider. */
export interface TheirClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly tokenEndpoint: string;
  /** All of its metadata, with the very issuer that was asked for. */
  readonly server: ServerMetadata;
  readonly method: "client_secret_basic" | "client_secret_post";
}

/** Finds our client's endpoints at an OpenID Provider; fails with words for the operator. */
export async function findClient(
  { alias, issuer, client }: ListedIdentityProvider,
  rules: FetchRules,
): Promise<TheirClient> {
  if (client === undefined) {
    throw new OperationRefused(`${alias} has no client of ours`, {
      meaning: "SAML identity providers know no client secrets.",
    });
  }
  const found = await fetchMetadata(makeGuardedFetch(rules), metadataUrl(issuer));
  if (!found.ok) {
    throw new OperationRefused(`${issuer}: ${found.refusal.message}`, {
      remedy: remedyOf(found.refusal),
      unreachable: true,
    });
  }
  const { metadata } = found.value;
  const [tokenEndpoint, authorizationEndpoint] = [
    textOf(metadata, "token_endpoint"),
    textOf(metadata, "authorization_endpoint"),
  ];
  if (tokenEndpoint === undefined || authorizationEndpoint === undefined || metadata["issuer"] !== issuer) {
    throw new OperationRefused(`${issuer} does not publish what it must`, {
      reason: "not as it must be",
      about: issuer,
    });
  }
  const methods = listOf(metadata, "token_endpoint_auth_methods_supported") ?? ["client_secret_basic"];
  const method = methods.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
  return { issuer, clientId: client.id, tokenEndpoint, server: { ...metadata, issuer }, method };
}

/** Where a secret is: it is never written itself. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** The secret behind a reference. */
export function readSecret(reference: SecretReference, lookup: Lookup): Secret {
  const found = lookup(reference)?.trim();
  if (found !== undefined && found !== "") return new Secret(found);
  const name = "env" in reference ? `the environment variable ${reference.env}` : reference.file;
  throw new OperationRefused(`there is no secret in ${name}`, {
    remedy: "put it there first; it is never written into a realm file",
  });
}

/** What the token endpoint says of a client secret. */
export type SecretVerdict = "taken" | "refused" | "untold";

/**
 * Whether the identity provider takes a secret, found out without anybody's login: with the right secret a made-up code is
 * `invalid_grant`, with a wrong one the client is refused. A server that looks at the code first says the same to both, which
 * a second question with a made-up secret shows.
 */
export async function trySecret(client: TheirClient, secret: Secret, rules: FetchRules): Promise<SecretVerdict> {
  if ((await answerTo(client, secret, rules)) !== "invalid_grant") return "refused";
  return (await answerTo(client, new Secret("a-made-up-secret"), rules)) === "invalid_grant" ? "untold" : "taken";
}

const anyStatus = [400, 401, 403];

async function answerTo(client: TheirClient, secret: Secret, rules: FetchRules): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code: "a-made-up-code",
    redirect_uri: "https://localhost/",
  });
  const answer = await makeGuardedFetch(rules)(client.tokenEndpoint, {
    ...credentialsFor(client, secret, form),
    statuses: anyStatus,
  });
  if (answer.ok) return textOf(readObject(answer.value.text) ?? {}, "error") ?? "none";
  throw new OperationRefused(`${client.tokenEndpoint}: ${answer.refusal.message}`, {
    remedy: remedyOf(answer.refusal),
    unreachable: true,
  });
}

/** How our client proves itself (RFC 6749 section 2.3.1: both parts are form-encoded first). */
function credentialsFor({ clientId, method }: TheirClient, secret: Secret, form: URLSearchParams) {
  if (method === "client_secret_post") {
    form.set("client_id", clientId);
    form.set("client_secret", secret.reveal());
    return { form };
  }
  const encoded = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  const basic = Buffer.from(`${encoded(clientId)}:${encoded(secret.reveal())}`).toString("base64");
  return { form, headers: { authorization: `Basic ${basic}` } };
}
