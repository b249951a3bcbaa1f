import type { Environment } from "../../config/index.ts";
import { makeGuardedFetch } from "../../http-client/index.ts";
import { readSamlMetadata, remedyOf, type SamlMetadata, type Subject, samlTypes } from "../../probe/index.ts";
import { OperationRefused } from "../refused.ts";
import { rulesOf } from "./files.ts";
import type { SecretReference } from "./our-client.ts";

/** What is known of a new identity provider. */
export interface NewIdentityProvider {
  readonly id?: string;
  /** OpenID Connect. */
  readonly issuer?: string;
  /** SAML. */
  readonly metadata?: Subject;
  readonly template?: string;
  /** Google: the customer's domain. */
  readonly hostedDomain?: string;
  /** Our client there. */
  readonly clientId?: string;
  readonly secret?: SecretReference;
  /** Last day of the secret. */
  readonly expires?: string;
  readonly displayName?: string;
  /** Names of claims to import. */
  readonly claims: readonly string[];
}

/** An entry of `upstreams:` as it is written. */
export type NewEntry = Readonly<Record<string, unknown>>;

/** What its template must have and nobody has said yet. */
export type MissingFact = "id" | "hostedDomain" | "issuer" | "clientId" | "secret";

const google = "https://accounts.google.com";
const isGoogle = ({ template, issuer }: NewIdentityProvider) => template === "google" || issuer === google;

/** The first thing that is missing; nothing when an entry can be put together. */
export function missingFact(known: NewIdentityProvider): MissingFact | undefined {
  if (known.id === undefined) return "id";
  if (known.metadata !== undefined) return undefined;
  if (isGoogle(known) && known.hostedDomain === undefined) return "hostedDomain";
  if (!isGoogle(known) && known.issuer === undefined) return "issuer";
  if (known.clientId === undefined) return "clientId";
  return known.secret === undefined ? "secret" : undefined;
}

/** Puts the entry together; a new one is a draft. Asks for the metadata of SAML, if they are named by their address. */
export async function newEntry(
  known: NewIdentityProvider,
  { environment }: { readonly environment?: Environment } = {},
): Promise<NewEntry> {
  const missing = missingFact(known);
  if (missing !== undefined) throw new OperationRefused(`the ${missing} of the identity provider is missing`);
  const { id, displayName, metadata, clientId, secret, expires, claims } = known;
  const head = { id, ...(displayName !== undefined && { displayName }) };
  const tail = { claims, stage: "draft" };
  if (metadata !== undefined) {
    const read = await readMetadata(metadata, environment);
    return { ...head, template: "saml", ...samlFields(read), ...tail };
  }
  const client = { id: clientId, secret, ...(expires !== undefined && { expires }) };
  return { ...head, ...templateOf(known), client, ...tail };
}

/** Where an entry's identity provider is looked at before it is written. */
export function subjectOfEntry(entry: NewEntry, { issuer, metadata }: NewIdentityProvider): Subject {
  if (metadata !== undefined) return metadata;
  if (entry["template"] === "entra") {
    return { address: `https://login.microsoftonline.com/${String(entry["tenant"])}/v2.0` };
  }
  return { address: entry["template"] === "google" ? google : (issuer ?? String(entry["issuer"])) };
}

const entraTenant = /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/;

/** The template and what is its own. */
function templateOf(known: NewIdentityProvider): NewEntry {
  if (isGoogle(known)) return { template: "google", hostedDomain: known.hostedDomain };
  const { issuer = "", template } = known;
  const tenant = entraTenant.exec(issuer)?.[1];
  if (tenant !== undefined) return { template: "entra", tenant };
  return { template: template ?? looksLike(issuer), issuer };
}

const looksLike = (issuer: string): string => {
  if (/\/realms\/[^/]+$/.test(issuer)) return "keycloak";
  return /\/adfs$/i.test(issuer) ? "adfs" : "oidc";
};

async function readMetadata(subject: Subject, environment: Environment | undefined): Promise<SamlMetadata> {
  const [place, text] =
    "address" in subject
      ? [subject.address, await fetchText(subject.address, environment)]
      : [subject.about, subject.text];
  const read = readSamlMetadata(text);
  if (read.ok) return read.value;
  throw new OperationRefused(`${place}: ${read.refusal}`, { reason: "not as it must be", about: place });
}

async function fetchText(url: string, environment: Environment | undefined): Promise<string> {
  const answer = await makeGuardedFetch(rulesOf(environment))(url, { mediaTypes: samlTypes });
  if (answer.ok) return answer.value.text;
  const remedy = remedyOf(answer.refusal);
  throw new OperationRefused(`${url}: ${answer.refusal.message}`, { remedy, unreachable: true });
}

function samlFields(metadata: SamlMetadata): NewEntry {
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
