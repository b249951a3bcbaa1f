import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type Instant, instant, isoTime } from "../core/index.ts";
import { type Complaint, readNamedFile } from "./named-file.ts";

/** What is wrong with a TLS certificate or its key; a warning where it may still serve. */
interface TlsComplaint {
  readonly of: "cert" | "key";
  readonly complaint: Complaint;
  readonly warning?: true;
}

/** A certificate that ends sooner is told: whoever renews by hand has a fortnight. */
const endsSoon = 14 * 86_400;

const kindsIn = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, kind]) => kind ?? "");

/** Looks at the certificate and the key that a server is to use for `host`, as the server and its clients will. */
export function checkTlsFiles(
  { cert: certFile, key: keyFile }: { readonly cert: string; readonly key: string },
  host: string,
  now: Instant,
): TlsComplaint[] {
  const [chain, key] = [readChain(certFile), readKey(keyFile)];
  const found: TlsComplaint[] = [];
  if ("complaint" in chain) found.push({ of: "cert", complaint: chain.complaint });
  if ("complaint" in key) found.push({ of: "key", complaint: key.complaint });
  if ("complaint" in chain) return found;
  const [leaf] = chain.certificates;
  if (!("complaint" in key)) {
    const mismatch = ownsNot(chain.certificates, key.key, certFile);
    if (mismatch) found.push({ of: "key", complaint: mismatch });
  }
  const warnings = leaf === undefined ? [] : [...datesOf(leaf, now), ...hostOf(leaf, host)];
  return [...found, ...warnings.map((complaint) => ({ of: "cert", complaint, warning: true }) as const)];
}

function readChain(
  file: string,
): { readonly certificates: readonly X509Certificate[] } | { readonly complaint: Complaint } {
  const read = readNamedFile(file);
  if ("complaint" in read) return read;
  const blocks = read.text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    return {
      complaint: wrongKind(
        read.text,
        "certificate",
        "name the PEM file with the certificate chain, the server's own first",
      ),
    };
  }
  try {
    return { certificates: blocks.map((block) => new X509Certificate(block)) };
  } catch {
    return { complaint: ["holds a certificate that is damaged", "copy it again, whole"] };
  }
}

function readKey(file: string): { readonly key: KeyObject } | { readonly complaint: Complaint } {
  const read = readNamedFile(file);
  if ("complaint" in read) return read;
  const { text } = read;
  if (!kindsIn(text).some((kind) => kind.endsWith("PRIVATE KEY"))) {
    return { complaint: wrongKind(text, "private key", "name the PEM file with the certificate's private key") };
  }
  if (/-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return {
      complaint: [
        "is encrypted, and nobody is there to type its passphrase",
        `use openssl pkey -in ${file} -out …, with mode 0600`,
      ],
    };
  }
  try {
    return { key: createPrivateKey(text) };
  } catch {
    return {
      complaint: ["holds a private key that is damaged, or of a kind that is not known", "copy it again, whole"],
    };
  }
}

function wrongKind(text: string, wanted: string, fix: string): Complaint {
  const [kind] = kindsIn(text);
  if (kind !== undefined) return [`holds a ${kind.toLowerCase()} and no ${wanted}`, fix];
  return [`holds no ${wanted} in PEM`, `${fix}; a DER file becomes one by openssl`];
}

/** Why a key is not the first certificate's; nothing when it is. */
function ownsNot(certificates: readonly X509Certificate[], key: KeyObject, certFile: string): Complaint | undefined {
  const at = certificates.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (at === 0) return undefined;
  if (at > 0)
    return [
      `belongs to certificate ${at + 1} of ${certFile}, which must be the first`,
      "put the server's own certificate first",
    ];
  return [`does not belong to the certificate in ${certFile}`, "name the two that were made together"];
}

function datesOf(certificate: X509Certificate, now: Instant): Complaint[] {
  const at = (text: string) => instant(Math.floor(Date.parse(text) / 1000));
  const [from, to] = [at(certificate.validFrom), at(certificate.validTo)];
  if (to <= now) return [[`ended ${isoTime(to)}: no client takes it`, "renew it"]];
  if (from > now)
    return [[`begins ${isoTime(from)} only: no client takes it before`, "see that this machine's clock is right"]];
  return to - now < endsSoon ? [[`ends ${isoTime(to)}`, "renew it"]] : [];
}

function hostOf(certificate: X509Certificate, host: string): Complaint[] {
  const bare = host.replace(/^\[|\]$/g, "");
  const fits = isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare);
  if (fits !== undefined) return [];
  const names = certificate.subjectAltName ?? "nobody";
  return [
    [
      `is for ${names}, not for the issuer's host ${bare}`,
      "clients refuse it, unless a proxy stands before the broker",
    ],
  ];
}
