import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BrokerConfig, checkBrokerFiles, checkEnvironmentFiles, loadConfig } from "../../../src/config/index.ts";
import { checkPrivacy } from "../../../src/config/named-file.ts";
import { systemClock } from "../../../src/core/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { documentOf } from "./kit.ts";

const host = "login.example";
const good = makeCertificate({ name: host, ends: 90, hosts: [host] });
const other = makeCertificate({ name: "other", ends: 90, hosts: ["other.example"] });
const encrypted = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" },
}).privateKey;
const oldEncrypted =
  "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";

let folder: string;
const at = (name: string) => join(folder, name);
const put = (name: string, text: string | Buffer, mode = 0o600) => {
  writeFileSync(at(name), text, { mode });
  chmodSync(at(name), mode);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudpass-files-"));
  put("cert.pem", good.cert);
  put("key.pem", good.key);
  put("keys.json", "{}");
  put("master-key", "m".repeat(48));
});
afterEach(() => rmSync(folder, { recursive: true }));

const yaml = (more = "") => `issuer: https://${host}
listen: {tls: {cert: cert.pem, key: key.pem}}
masterKey: {file: master-key}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
audit: {file: audit.jsonl}
${more}`;

function check(more = "") {
  const file = { file: at("broker.yaml"), text: yaml(more) };
  const config = loadConfig(file.text, file.file, () => "m".repeat(48));
  if (!config.ok) throw new Error(config.refusal.map(formatProblem).join("\n"));
  const checked = checkBrokerFiles(documentOf(file.text, file.file), config.value as BrokerConfig, systemClock.now());
  const say = (list: readonly { path: string; message: string }[]) =>
    list.map((p) => `${p.path}: ${p.message.replaceAll(`${folder}/`, "")}`);
  return checked.ok ? { problems: [], warnings: say(checked.value) } : { problems: say(checked.refusal), warnings: [] };
}

describe("the TLS certificate and key that a broker is to use", () => {
  test("that belong together are good, in a chain too", () => {
    put("cert.pem", good.cert + other.cert);
    expect(check()).toEqual({ problems: [], warnings: [] });
  });

  const broken: [string, () => void, string][] = [
    [
      "a key of another certificate",
      () => put("key.pem", other.key),
      "listen.tls.key: key.pem does not belong to the certificate in cert.pem",
    ],
    [
      "a chain in the wrong order",
      () => put("cert.pem", other.cert + good.cert),
      "listen.tls.key: key.pem belongs to certificate 2 of cert.pem, which must be the first",
    ],
    [
      "an encrypted key",
      () => put("key.pem", encrypted),
      "listen.tls.key: key.pem is encrypted, and nobody is there to type its passphrase",
    ],
    [
      "an encrypted key of the old kind",
      () => put("key.pem", oldEncrypted),
      "listen.tls.key: key.pem is encrypted, and nobody is there to type its passphrase",
    ],
    [
      "a certificate for the key",
      () => put("key.pem", good.cert),
      "listen.tls.key: key.pem holds a certificate and no private key",
    ],
    [
      "a key for the certificate",
      () => put("cert.pem", good.key),
      "listen.tls.cert: cert.pem holds a private key and no certificate",
    ],
    [
      "a certificate in DER",
      () => put("cert.pem", Buffer.from(good.cert.replace(/-----[A-Z ]+-----|\s/g, ""), "base64")),
      "listen.tls.cert: cert.pem holds no certificate in PEM",
    ],
    [
      "a certificate that was cut",
      () => put("cert.pem", good.cert.replace(/\n[^\n]{20}/, "\n")),
      "listen.tls.cert: cert.pem holds a certificate that is damaged",
    ],
    ["an empty file", () => put("key.pem", ""), "listen.tls.key: key.pem holds no private key in PEM"],
    [
      "a key that everybody may write",
      () => put("key.pem", good.key, 0o666),
      "listen.tls.key: key.pem may be written by everybody on this machine",
    ],
  ];
  test.each(broken)("%s stops the start, and is named with its place", (_what, damage, message) => {
    damage();
    expect(check().problems).toEqual([message]);
  });

  test("a path that leads nowhere, or to a folder, is named; both at once", () => {
    mkdirSync(at("etc"));
    const file = {
      file: at("broker.yaml"),
      text: yaml().replace("cert.pem", "etc").replace("key.pem", "gone/key.pem"),
    };
    const config = loadConfig(file.text, file.file, () => "m".repeat(48));
    const checked = config.ok && checkBrokerFiles(documentOf(file.text, file.file), config.value, systemClock.now());
    expect(checked && !checked.ok && checked.refusal).toMatchObject([
      { line: 2, path: "listen.tls.cert", message: `${at("etc")} is a folder`, fix: "name the file in it" },
      { line: 2, path: "listen.tls.key", message: `${at("gone/key.pem")} is not there` },
    ]);
  });

  const warned: [string, () => void, RegExp][] = [
    [
      "that ended",
      () => putPair({ name: host, begins: -9, ends: -1, hosts: [host] }),
      /cert\.pem ended 20.*: no client takes it/,
    ],
    [
      "that has not begun",
      () => putPair({ name: host, begins: 2, ends: 9, hosts: [host] }),
      /cert\.pem begins 20.* only/,
    ],
    ["that ends within a fortnight", () => putPair({ name: host, ends: 9, hosts: [host] }), /cert\.pem ends 20/],
    [
      "of another host",
      () => putPair({ name: "o", ends: 90, hosts: ["other.example"] }),
      /is for DNS:other\.example, not for the issuer's host login\.example/,
    ],
  ];
  const putPair = (wish: Parameters<typeof makeCertificate>[0]) => {
    const made = makeCertificate(wish);
    put("cert.pem", made.cert);
    put("key.pem", made.key);
  };
  test.each(warned)("a certificate %s is a warning: a proxy may stand before it", (_what, change, message) => {
    change();
    expect(check()).toEqual({ problems: [], warnings: [expect.stringMatching(message)] });
  });
});

describe("other files that a broker's configuration names", () => {
  test("signing keys that are not there are a warning: they may be elsewhere, where the broker runs", () => {
    const more = check("").warnings;
    expect(more).toEqual([]);
    const file = { file: at("broker.yaml"), text: yaml().replace("keys.json", "none.json") };
    const config = loadConfig(file.text, file.file, () => "m".repeat(48));
    const checked = config.ok && checkBrokerFiles(documentOf(file.text, file.file), config.value, systemClock.now());
    expect(checked).toMatchObject({
      value: [{ path: "keys", fix: expect.stringContaining("cloudpass keys create") }],
    });
  });

  test("a client's keys that are not there stop the start", () => {
    const { problems } = check("clients: [{id: portal, name: Portal, jwks: portal.json, grants: [exchange]}]");
    expect(problems).toEqual(["clients[0].jwks: portal.json is not there"]);
  });

  test("a secret, signing keys or a TLS key that everybody may read are a warning that says chmod", () => {
    for (const name of ["master-key", "keys.json", "key.pem"]) chmodSync(at(name), 0o644);
    const message = (name: string) => expect.stringContaining(`${name} may be read by everybody on this machine`);
    expect(check().warnings).toEqual([message("key.pem"), message("keys.json"), message("master-key")]);
  });

  test("an environment file's authority, kubeconfigs and secrets are looked at, too", () => {
    put("ca.pem", good.key);
    put("kube.yaml", "{}", 0o644);
    put("gx1", "x", 0o666);
    const text = `kind: Environment
issuer: https://${host}
caFile: ca.pem
clouds: {gx1: {authUrl: "https://gx1.example/v3", username: cp, password: {file: gx1}}}
clusters: {a: {kubeconfig: kube.yaml}, b: {kubeconfig: gone.yaml}}
`;
    const checked = checkEnvironmentFiles(documentOf(text, at("environment.yaml")));
    expect(!checked.ok && checked.refusal.map((p) => `${p.path}: ${p.message}`)).toEqual([
      `caFile: ${at("ca.pem")} holds no certificate in PEM`,
      `clusters.b.kubeconfig: ${at("gone.yaml")} is not there`,
      `clouds.gx1.password.file: ${at("gx1")} may be written by everybody on this machine`,
    ]);
  });
});

describe("who may get at a secret", () => {
  const asked = (mode: number, uid: number, me: number) => checkPrivacy("f", me, () => ({ mode, uid }) as never);
  test.each<[string, number, number, number, string | undefined]>([
    ["its owner alone", 0o100600, 7, 7, undefined],
    ["its owner and a group", 0o100640, 0, 7, undefined],
    ["everybody reads", 0o100644, 7, 7, "warned"],
    ["everybody writes", 0o100602, 7, 7, "refused"],
    ["another user owns it", 0o100600, 8, 7, "warned"],
    ["root looks at what is its broker's", 0o100600, 7, 0, undefined],
  ])("%s", (_what, mode, uid, me, outcome) => {
    const found = asked(mode, uid, me);
    expect(found && (found.refused ? "refused" : "warned")).toBe(outcome);
    if (found) expect(found.complaint[1]).toMatch(/^use ch(mod|own) /);
  });
});
