import type { Clock, Findings } from "../core/index.ts";
import { checkCertificate, readCertificate, renewalDays } from "./certificates.ts";
import { type Asking, checkEndpoint, isUnreachable, remedyOf, shown } from "./endpoints.ts";
import type { CheckDeps } from "./openid-check.ts";
import { bindingPrefix, readSamlMetadata, type SamlMetadata } from "./saml-metadata.ts";
import { checkConnection } from "./tls-check.ts";

/** Types under which SAML metadata is served in fact. */
export const samlTypes = /^(?:application\/(?:samlmetadata\+xml|xml|octet-stream)|text\/(?:xml|plain))$/;

/** Of one provider; reading them costs, and they are of somebody else's making (S-78). */
const mostCertificates = 100;
/** Of addresses that are asked one after the other. */
const mostServices = 20;

/** Looks at SAML metadata behind an address. Answers false when it could not be reached. */
export async function checkSamlAddress(url: string, deps: CheckDeps, findings: Findings): Promise<boolean> {
  const answer = await deps.fetch(url, { mediaTypes: samlTypes });
  if (!answer.ok) {
    findings.fail("metadata", `${shown(url)}: ${answer.refusal.message}`, remedyOf(answer.refusal));
    return !isUnreachable(answer.refusal);
  }
  findings.ok("metadata", `read from ${shown(url)}`);
  checkConnection(answer.value, deps.clock, findings);
  await checkSaml(answer.value.text, deps, findings);
  return true;
}

/** Looks at SAML metadata. */
export async function checkSaml(text: string, deps: CheckDeps, findings: Findings): Promise<void> {
  const read = readSamlMetadata(text);
  if (!read.ok) {
    return findings.fail("metadata", read.refusal, "export the metadata of the one identity provider (SAML 2.0) again");
  }
  const metadata = read.value;
  if (metadata.entityId === "") findings.fail("entityID", "there is none", "add entityID to the EntityDescriptor");
  else findings.ok("entityID", shown(metadata.entityId));
  if (!metadata.protocols.split(/\s+/).includes("urn:oasis:names:tc:SAML:2.0:protocol")) {
    findings.fail("protocol", "it does not speak SAML 2.0", "switch SAML 2.0 on (protocolSupportEnumeration)");
  }
  checkValidity(metadata, deps.clock, findings);
  checkSigning(metadata, deps.clock, findings);
  checkNames(metadata, findings);
  await checkServices(metadata, deps, findings);
}

function checkValidity({ validUntil }: SamlMetadata, clock: Clock, findings: Findings): void {
  for (const written of validUntil) {
    const until = Date.parse(written);
    const days = Math.floor((until - clock.millis()) / 86_400_000);
    if (Number.isNaN(until)) {
      findings.fail("validUntil", `"${shown(written)}" is not a time`, "write it like 2027-01-31T00:00:00Z");
    } else if (days < 0) {
      findings.fail("validUntil", `the metadata expired on ${written.slice(0, 10)}`, "export the metadata again");
    } else if (days < renewalDays) {
      const remedy = "have it renewed before then, and read it again";
      findings.warn("validUntil", `the metadata expires in ${days} days, on ${written.slice(0, 10)}`, remedy);
    }
  }
}

function checkSigning({ signingCertificates }: SamlMetadata, clock: Clock, findings: Findings): void {
  const about = "signing certificate";
  if (signingCertificates.length === 0) {
    findings.fail(
      about,
      "there is none: no answer of it could be checked",
      "publish the certificate that it signs with",
    );
  }
  if (signingCertificates.length > mostCertificates) {
    const message = `there are ${signingCertificates.length}: whoever has the key of any of them could sign answers`;
    return findings.fail(about, message, "publish the certificates that it signs with now and next, and no others");
  }
  for (const text of signingCertificates) {
    const certificate = readCertificate(text);
    if (certificate === undefined) findings.fail(about, "one cannot be read", "publish it as base64 of its DER form");
    else checkCertificate(certificate, about, findings, clock);
  }
}

const transient = ":transient";

/** A name that changes at each login would make a new person at each login. */
function checkNames({ nameIdFormats }: SamlMetadata, findings: Findings): void {
  if (nameIdFormats.length === 0) return;
  if (nameIdFormats.every((format) => format.endsWith(transient))) {
    findings.fail("NameIDFormat", "it offers transient names only", "offer persistent names");
  } else if (!nameIdFormats.some((format) => format.endsWith(":persistent"))) {
    const remedy = "offer persistent names: an address is given to somebody else one day";
    findings.warn("NameIDFormat", "it offers no persistent names", remedy);
  }
}

async function checkServices(
  { singleSignOn, singleLogout }: SamlMetadata,
  asking: Asking,
  findings: Findings,
): Promise<void> {
  const about = "single sign-on service";
  const usable = singleSignOn.filter(({ binding }) => /:HTTP-(?:POST|Redirect)$/.test(binding));
  if (usable.length === 0) {
    findings.fail(about, "there is none with HTTP-POST or HTTP-Redirect", `publish one with ${bindingPrefix}HTTP-POST`);
  }
  const locations = new Set(usable.map((service) => service.location));
  if (locations.size > mostServices) {
    return findings.fail(about, `there are ${locations.size} addresses`, "publish the ones that people are sent to");
  }
  for (const location of locations) {
    if (await checkEndpoint(about, location, asking, findings)) findings.ok(about, shown(location));
  }
  if (singleLogout.length === 0) {
    const remedy = "publish a SingleLogoutService, if it can";
    findings.warn("single logout service", "there is none: signing out here does not sign out there", remedy);
  }
}
