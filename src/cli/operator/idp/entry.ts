import { readFileSync } from "node:fs";
import type { GuardedFetch } from "../../../http-client/index.ts";
import { readSamlMetadata, remedyOf, type SamlMetadata, samlTypes } from "../../../probe/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import { shellWords } from "../../shell-words.ts";
import { referenceOf, type SecretFlags } from "./openid-client.ts";
import type { Asker } from "./questions.ts";

/** What the options say of a new identity provider. */
export interface Given extends SecretFlags {
  readonly id?: string;
  readonly issuer?: string;
  readonly metadata?: string;
  readonly template?: string;
  readonly hostedDomain?: string;
  readonly clientId?: string;
  readonly expires?: string;
  readonly displayName?: string;
  readonly claims?: string;
}

/** An entry of `upstreams:` as it is written. */
export type Entry = Readonly<Record<string, unknown>>;

/** Puts an entry together, asking for no more than its template must have. A new one is a draft. */
export async function entryOf(given: Given, ask: Asker, fetch: GuardedFetch): Promise<Entry> {
  const id = await ask(given.id, "id of the identity provider (it can never be changed)", "--id");
  const claims = (given.claims ?? "groups").split(",").map((name) => name.trim());
  const head = { id, ...(given.displayName !== undefined && { displayName: given.displayName }) };
  const tail = { claims: claims.filter((name) => name !== ""), stage: "draft" };
  if (given.metadata !== undefined) {
    return { ...head, template: "saml", ...samlFields(await readMetadata(given.metadata, fetch)), ...tail };
  }
  const identityProvider = await readIdentityProvider(given, ask);
  const clientId = await ask(given.clientId, "our client id there", "--client-id");
  const secret = referenceOf(given) ?? {
    env: await ask(
      undefined,
      "environment variable that will hold the client's secret",
      "--secret-env or --secret-file",
    ),
  };
  const client = { id: clientId, secret, ...(given.expires !== undefined && { expires: given.expires }) };
  return { ...head, ...identityProvider, client, ...tail };
}

const entraTenant = /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/;

/** The template and what is its own. */
async function readIdentityProvider(given: Given, ask: Asker): Promise<Entry> {
  if (given.template === "google" || given.issuer === "https://accounts.google.com") {
    const hostedDomain = await ask(given.hostedDomain, "the customer's domain at Google", "--hosted-domain");
    return { template: "google", hostedDomain };
  }
  const issuer = await ask(given.issuer, "issuer of the identity provider", "--issuer");
  const tenant = entraTenant.exec(issuer)?.[1];
  if (tenant !== undefined) return { template: "entra", tenant };
  return { template: given.template ?? looksLike(issuer), issuer };
}

const looksLike = (issuer: string): string => {
  if (/\/realms\/[^/]+$/.test(issuer)) return "keycloak";
  return /\/adfs$/i.test(issuer) ? "adfs" : "oidc";
};

async function readMetadata(place: string, fetch: GuardedFetch): Promise<SamlMetadata> {
  const read = readSamlMetadata(
    /^https?:\/\//i.test(place) ? await fetchText(place, fetch) : readFileSync(place, "utf8"),
  );
  if (read.ok) return read.value;
  throw new CommandFailure(`${place}: ${read.refusal}`, {
    fix: `run: ${shellWords(["cloudpass", "idp", "check", place])}`,
  });
}

async function fetchText(url: string, fetch: GuardedFetch): Promise<string> {
  const answer = await fetch(url, { mediaTypes: samlTypes });
  if (answer.ok) return answer.value.text;
  const fix = remedyOf(answer.refusal);
  throw new CommandFailure(`${url}: ${answer.refusal.message}`, { fix, exitCode: exitCodes.unreachable });
}

function samlFields(metadata: SamlMetadata): Entry {
  const { entityId, signingCertificates, singleSignOn, singleLogout, nameIdFormats } = metadata;
  const post = singleSignOn.find(({ binding }) => binding.endsWith(":HTTP-POST"));
  const redirect = singleSignOn.find(({ binding }) => binding.endsWith(":HTTP-Redirect"));
  const logout = singleLogout.find(({ binding }) => /:HTTP-(?:POST|Redirect)$/.test(binding));
  return {
    entityId,
    singleSignOn: (post ?? redirect)?.location ?? "",
    ...(post === undefined && { binding: "redirect" }),
    ...(logout !== undefined && { singleLogout: logout.location }),
    certificates: signingCertificates,
    ...nameIdOf(nameIdFormats),

    ...(!metadata.wantsSignedRequests && { signRequests: false }),
  };
}

/** Persistent names are the default, and must be offered. */
function nameIdOf(formats: readonly string[]): { nameId?: string } {
  if (formats.length === 0 || formats.some((format) => format.endsWith(":persistent"))) return {};
  return { nameId: formats.some((format) => format.endsWith(":emailAddress")) ? "email" : "unspecified" };
}
