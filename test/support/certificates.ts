import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** What a certificate of a test shall be. */
export interface CertificateWish {
  readonly name: string;
  /** Days from now; negative lies behind. */
  readonly begins?: number;
  readonly ends: number;
  /** Length of an RSA key; default: an EC key. */
  readonly rsaBits?: number;
  readonly sha1?: boolean;
  /** Host names and IPv4 addresses that it is for. */
  readonly hosts?: readonly string[];
  /** Who signs it; default: itself. */
  readonly by?: Certificate;
  readonly isAuthority?: boolean;
}

/** A certificate with its key, both in PEM. */
export interface Certificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}

// X.509 (RFC 5280) in DER, as far as a test needs it: no tool of the system can make a certificate that ended yesterday.
const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const seq = (...parts: readonly Buffer[]) => tlv(0x30, ...parts);
const int = (n: number) => tlv(2, Buffer.from([n]));
const oid = (dotted: string): Buffer => {
  const [a = 0, b = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = rest.flatMap((n) => {
    const out = [n & 127];
    for (let left = n >> 7; left > 0; left >>= 7) out.unshift((left & 127) | 128);
    return out;
  });
  return tlv(6, Buffer.from([a * 40 + b, ...bytes]));
};
const bits = (body: Buffer) => tlv(3, Buffer.from([0]), body);
const nameOf = (name: string) => seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, Buffer.from(name)))));
const moment = (days: number): Buffer => {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tlv(0x18, Buffer.from(text));
};

function algorithmOf(key: KeyObject, sha1: boolean): { id: Buffer; hash: string } {
  const hash = sha1 ? "sha1" : "sha256";
  if (key.asymmetricKeyType === "ec") return { id: seq(oid(sha1 ? "1.2.840.10045.4.1" : "1.2.840.10045.4.3.2")), hash };
  return { id: seq(oid(`1.2.840.113549.1.1.${sha1 ? 5 : 11}`), tlv(5)), hash };
}

const extension = (id: string, value: Buffer) => seq(oid(id), tlv(4, value));

function extensionsOf({ hosts = [], isAuthority = false }: CertificateWish): Buffer {
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host)),
  );
  return tlv(
    0xa3,
    seq(
      extension("2.5.29.19", seq(...(isAuthority ? [tlv(1, Buffer.from([255]))] : []))),
      ...(names.length === 0 ? [] : [extension("2.5.29.17", seq(...names))]),
    ),
  );
}

let serial = 1;

/** Makes a certificate, with whatever is wrong about it. */
export function makeCertificate(wish: CertificateWish): Certificate {
  const { privateKey, publicKey } = wish.rsaBits
    ? generateKeyPairSync("rsa", { modulusLength: wish.rsaBits })
    : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = wish.by ? createPrivateKey(wish.by.key) : privateKey;
  const algorithm = algorithmOf(signer, wish.sha1 === true);
  const body = seq(
    tlv(0xa0, int(2)),
    int(serial++ % 127),
    algorithm.id,
    nameOf(wish.by?.name ?? wish.name),
    seq(moment(wish.begins ?? -1000), moment(wish.ends)),
    nameOf(wish.name),
    publicKey.export({ type: "spki", format: "der" }),
    extensionsOf(wish),
  );
  const der = seq(body, algorithm.id, bits(sign(algorithm.hash, body, signer)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    name: wish.name,
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

/** A certificate as SAML metadata and key sets hold it: base64 of its DER form. */
export const bareBase64 = ({ cert }: Certificate): string => cert.replace(/-----[A-Z ]+-----|\s/g, "");
