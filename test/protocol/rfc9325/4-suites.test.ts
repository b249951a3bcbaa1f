import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { systemClock, tls12Suites } from "../../../src/core/index.ts";
import { listen } from "../../../src/http/server.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { agreed, oldSuites } from "./handshakes.ts";

const certificates = {
  ECDSA: makeCertificate({ name: "127.0.0.1", ends: 30, hosts: ["127.0.0.1"] }),
  RSA: makeCertificate({ name: "127.0.0.1", ends: 30, hosts: ["127.0.0.1"], rsaBits: 2048 }),
};

/** Every suite that a server with this certificate agrees on when it is the only one offered. */
async function taken(kind: keyof typeof certificates, offered: readonly string[], version: "TLSv1.2" | "TLSv1.3") {
  const tls = certificates[kind];
  const server = await listen(
    (_request, response) => void response.end(),
    { host: "127.0.0.1", port: 0, tls },
    systemClock,
  );
  const found: string[] = [];
  for (const ciphers of offered) {
    if (await agreed(server.port, { minVersion: version, maxVersion: version, ciphers })) found.push(ciphers);
  }
  await server.close(0);
  return found.sort();
}

describe.each(["ECDSA", "RSA"] as const)("listen.tls with a certificate of an %s key", (kind) => {
  test("4.2: takes ECDHE with AES-GCM in TLS 1.2, and of all other suites none", async () => {
    expect(oldSuites()).toEqual(
      expect.arrayContaining(["AES128-SHA", "AES256-GCM-SHA384", `ECDHE-${kind}-AES128-SHA`]),
    );
    const wanted = tls12Suites.filter((name) => name.startsWith(`ECDHE-${kind}-`)).sort();
    expect(wanted).toHaveLength(2);
    expect(await taken(kind, oldSuites(), "TLSv1.2")).toEqual(wanted);
  });

  test("4.2: takes the usual suites of TLS 1.3", async () => {
    const all = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
    expect(await taken(kind, all, "TLSv1.3")).toEqual(all);
    expect(await taken(kind, ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"], "TLSv1.3")).toEqual([]);
  });
});

test("4.2: the proxies of the how-to page are told the same", async () => {
  const page = await readFile(new URL("../../../docs/how-to/run-behind-a-proxy.md", import.meta.url), "utf8");
  const lists = [...page.matchAll(/^ *(?:ssl_ciphers|SSLCipherSuite) +([A-Z0-9:-]+);?$/gm)].map((found) => found[1]);
  expect(lists).toEqual([tls12Suites.join(":"), tls12Suites.join(":")]);
  const versions = page.match(/^ *(ssl_protocols TLSv1\.2 TLSv1\.3;|SSLProtocol +-all \+TLSv1\.2 \+TLSv1\.3)$/gm);
  expect(versions).toHaveLength(2);
});
