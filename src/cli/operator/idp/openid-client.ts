import type { ServerMetadata } from "openid-client";
import { lookupIn } from "../../../config/index.ts";
import { Secret } from "../../../core/index.ts";
import { type FetchRules, makeGuardedFetch } from "../../../http-client/index.ts";
import { fetchMetadata, listOf, metadataUrl, readObject, remedyOf, textOf } from "../../../probe/index.ts";
import type { ListedIdentityProvider } from "../../../realms/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";

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
    throw new CommandFailure(`${alias} has no client of ours`, {
      means: "SAML identity providers know no client secrets.",
    });
  }
  const found = await fetchMetadata(makeGuardedFetch(rules), metadataUrl(issuer));
  if (!found.ok) {
    throw new CommandFailure(`${issuer}: ${plain(found.refusal.message)}`, {
      fix: remedyOf(found.refusal),
      exitCode: exitCodes.unreachable,
    });
  }
  const { metadata } = found.value;
  const [tokenEndpoint, authorizationEndpoint] = [
    textOf(metadata, "token_endpoint"),
    textOf(metadata, "authorization_endpoint"),
  ];
  if (tokenEndpoint === undefined || authorizationEndpoint === undefined || metadata["issuer"] !== issuer) {
    throw new CommandFailure(`${issuer} does not publish what it must`, {
      fix: `run: ${shellWords(["cloudpass", "idp", "check", issuer])}`,
    });
  }
  const methods = listOf(metadata, "token_endpoint_auth_methods_supported") ?? ["client_secret_basic"];
  const method = methods.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
  return { issuer, clientId: client.id, tokenEndpoint, server: { ...metadata, issuer }, method };
}

/** A reference to a secret, as options give it. */
export interface SecretFlags {
  readonly secretEnv?: string;
  readonly secretFile?: string;
}

/** The reference of the options, if they hold one. */
export const referenceOf = ({ secretEnv, secretFile }: SecretFlags): { env: string } | { file: string } | undefined =>
  secretEnv !== undefined ? { env: secretEnv } : secretFile !== undefined ? { file: secretFile } : undefined;

/** The secret behind a reference. */
export function readSecret(reference: { readonly env: string } | { readonly file: string }, { env }: Terminal): Secret {
  const found = lookupIn(env)(reference)?.trim();
  if (found !== undefined && found !== "") return new Secret(found);
  const name = "env" in reference ? `the environment variable ${reference.env}` : reference.file;
  throw new CommandFailure(`there is no secret in ${name}`, {
    fix: "put it there first; it is never written into a realm file",
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
  throw new CommandFailure(`${client.tokenEndpoint}: ${plain(answer.refusal.message)}`, {
    fix: remedyOf(answer.refusal),
    exitCode: exitCodes.unreachable,
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
