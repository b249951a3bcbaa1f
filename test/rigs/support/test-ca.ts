import { randomBytes, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./run.ts";
import { ensureSystemPackages } from "./system-packages.ts";

/** A certificate and its key, as PEM files. */
export interface IssuedCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a certificate shall say. */
export interface CertificateRequest {
  /** The files' name. */
  readonly name: string;
  /** In openssl's form, `/O=system:masters/CN=admin`; `/CN=<name>` if not given. */
  readonly subject?: string;
  /** For a client; else for a server on 127.0.0.1 and localhost. */
  readonly client?: boolean;
  /** More names for a server, in openssl's form: `IP:10.0.0.1`, `DNS:example.test`. */
  readonly alternativeNames?: readonly string[];
}

/** One certificate authority for everything in a test: the broker, the apiserver, their clients. */
export interface TestCa {
  readonly dir: string;
  readonly certFile: string;
  readonly issue: (request: CertificateRequest) => Promise<IssuedCertificate>;
}

const DAYS = "30";
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];

/** Makes a test CA in the folder, or takes the one that is there if it is good for another day. */
export async function createTestCa(folder: string): Promise<TestCa> {
  await ensureSystemPackages(["openssl"]);
  const dir = resolve(folder);
  const certFile = join(dir, "ca.crt");
  const keyFile = join(dir, "ca.key");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!isGoodForADay(certFile)) {
    // A name of its own: two authorities of one name in one trust store hide each other.
    const subject = `/CN=cloudpass test CA ${randomBytes(4).toString("hex")}`;
    await run("openssl", [
      ...["req", "-x509", ...NEW_KEY, "-keyout", keyFile, "-out", certFile, "-days", DAYS, "-subj", subject],
      ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ]);
  }
  return { dir, certFile, issue: (request) => issue({ dir, certFile, keyFile }, request) };
}

function isGoodForADay(certFile: string): boolean {
  if (!existsSync(certFile)) return false;
  const ends = Date.parse(new X509Certificate(readFileSync(certFile)).validTo);
  return ends - Date.now() > 24 * 3600 * 1000;
}

async function issue(
  ca: { readonly dir: string; readonly certFile: string; readonly keyFile: string },
  request: CertificateRequest,
): Promise<IssuedCertificate> {
  const base = join(ca.dir, request.name);
  const made = { certFile: `${base}.crt`, keyFile: `${base}.key` };
  const subject = request.subject ?? `/CN=${request.name}`;
  const names = ["IP:127.0.0.1", "DNS:localhost", ...(request.alternativeNames ?? [])];
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${request.client === true ? "clientAuth" : "serverAuth"}`,
    ...(request.client === true ? [] : [`subjectAltName=${names.join(",")}`]),
  ];
  writeFileSync(`${base}.ext`, `${extensions.join("\n")}\n`);
  await run("openssl", ["req", "-new", ...NEW_KEY, "-keyout", made.keyFile, "-out", `${base}.csr`, "-subj", subject]);
  // A random serial: a serial file would be fought over when certificates are made side by side.
  const serial = `0x${randomBytes(8).toString("hex")}`;
  await run("openssl", [
    ...["x509", "-req", "-in", `${base}.csr`, "-CA", ca.certFile, "-CAkey", ca.keyFile, "-set_serial", serial],
    ...["-sha256", "-days", DAYS, "-extfile", `${base}.ext`, "-out", made.certFile],
  ]);
  for (const end of [".csr", ".ext"]) rmSync(`${base}${end}`);
  return made;
}
