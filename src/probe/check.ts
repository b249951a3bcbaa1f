import { type Clock, type Finding, makeFindings } from "../core/index.ts";
import { type FetchRules, makeGate, makeGuardedFetch } from "../http-client/index.ts";
import { checkMetadata, checkOpenId } from "./openid-check.ts";
import { readObject, textOf } from "./openid-metadata.ts";
import { checkSaml, checkSamlAddress } from "./saml-check.ts";

/** What a check of one identity provider found. */
export interface Report {
  readonly kind: "openid" | "saml" | "unknown";
  /** Issuer, address or file that was looked at. */
  readonly about: string;
  /** False when the provider itself did not answer: the same check may go well later. */
  readonly reached: boolean;
  readonly findings: readonly Finding[];
}

/** What to look at: an address of an issuer or of metadata, or metadata's text. */
export type Subject = { readonly address: string } | { readonly text: string; readonly about: string };

/** Looks at an identity provider as somebody does who wants to connect it. Writes nothing, and never throws. */
export async function checkIdentityProvider(subject: Subject, rules: FetchRules, clock: Clock): Promise<Report> {
  const findings = makeFindings();
  const deps = { fetch: makeGuardedFetch(rules), gate: makeGate(rules), clock };
  const report = (kind: Report["kind"], about: string, reached: boolean): Report => ({
    kind,
    about,
    reached,
    findings: findings.list,
  });
  if ("address" in subject) {
    const { address } = subject;
    if (isSamlAddress(address)) return report("saml", address, await checkSamlAddress(address, deps, findings));
    const issuer = address.replace(/\/\.well-known\/openid-configuration$/, "");
    return report("openid", issuer, await checkOpenId(issuer, deps, findings));
  }
  // A byte order mark counts as a blank.
  if (subject.text.trimStart().startsWith("<")) {
    await checkSaml(subject.text, deps, findings);
    return report("saml", subject.about, true);
  }
  const metadata = readObject(subject.text);
  if (metadata === undefined) {
    const remedy = "give the provider's address, its openid-configuration, or its SAML metadata";
    findings.fail("metadata", "it is neither a JSON object nor XML", remedy);
    return report("unknown", subject.about, true);
  }
  const issuer = textOf(metadata, "issuer") ?? "";
  await checkMetadata(issuer, metadata, deps, findings);
  return report("openid", subject.about, true);
}

/** Where SAML metadata usually is: Keycloak's descriptor, ADFS' and Entra's federation metadata, Shibboleth's. */
const isSamlAddress = (address: string): boolean =>
  /(?:\.xml|\/descriptor|\/metadata|\/idp\/shibboleth)(?:\?.*)?$/i.test(address);

/** True when something is wrong that a login would fail with, or that makes it unsafe. */
export const hasFailed = ({ findings }: Report): boolean => findings.some(({ level }) => level === "fail");
