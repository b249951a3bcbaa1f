import { X509Certificate } from "node:crypto";
import type { Clock, Findings } from "../core/index.ts";

/** Days before its end from which a certificate is told to be renewed. */
export const renewalDays = 30;

const day = 86_400;

/** Shortest RSA modulus that is still taken for safe (NIST SP 800-131A), in bits. */
export const shortestRsa = 2048;

/** Reads a certificate in PEM, or in base64 as SAML metadata and JWKS (`x5c`) hold it; `undefined` when it is not one. */
export function readCertificate(text: string): X509Certificate | undefined {
  try {
    const isPem = text.includes("-----BEGIN CERTIFICATE-----");
    return new X509Certificate(isPem ? text : Buffer.from(text.replace(/\s/g, ""), "base64"));
  } catch {
    return undefined;
  }
}

/** Whole days until the certificate ends; negative when it has ended. */
const daysLeft = (certificate: X509Certificate, clock: Pick<Clock, "millis">): number =>
  Math.floor((certificate.validToDate.getTime() - clock.millis()) / (day * 1000));

/** The certificate's name for people: its common name, else all of its subject in one line. */
export const nameOf = ({ subject }: X509Certificate): string =>
  /^CN=(.+)$/m.exec(subject ?? "")?.[1] ?? (subject ?? "").replaceAll("\n", ", ");

/** The day on which it ends, `2027-01-31`. */
const endOf = ({ validToDate }: X509Certificate): string => validToDate.toISOString().slice(0, 10);

/** Looks at one certificate's times, key and signature. `whose` says where it is used. */
export function checkCertificate(
  certificate: X509Certificate,
  whose: string,
  findings: Findings,
  clock: Pick<Clock, "millis">,
): void {
  const left = daysLeft(certificate, clock);
  const name = `"${nameOf(certificate)}"`;
  if (certificate.validFromDate.getTime() > clock.millis()) {
    const message = `${name} is not valid before ${certificate.validFromDate.toISOString().slice(0, 10)}`;
    findings.fail(whose, message, "use one that is valid now, or correct the clock of the machine that makes it");
  } else if (left < 0) {
    findings.fail(whose, `${name} expired on ${endOf(certificate)}`, "renew the certificate");
  } else if (left < renewalDays) {
    findings.warn(
      whose,
      `${name} expires in ${left} days, on ${endOf(certificate)}`,
      "renew the certificate before then",
    );
  } else findings.ok(whose, `${name} expires in ${left} days, on ${endOf(certificate)}`);
  checkStrength(certificate, whose, findings);
}

function checkStrength(certificate: X509Certificate, whose: string, findings: Findings): void {
  const name = `"${nameOf(certificate)}"`;
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  if (certificate.publicKey.asymmetricKeyType === "rsa" && bits !== undefined && bits < shortestRsa) {
    findings.fail(
      whose,
      `${name} has an RSA key of ${bits} bits`,
      `use one of ${shortestRsa} bits or more, or an EC key`,
    );
  }
  if (/sha1|md5/i.test(certificate.signatureAlgorithm ?? "")) {
    findings.warn(whose, `${name} is signed with ${certificate.signatureAlgorithm}`, "have it signed with SHA-256");
  }
}
