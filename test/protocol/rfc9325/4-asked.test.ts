import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makeCertificate } from "../../support/certificates.ts";
import { listen, stopServer } from "../../support/loopback.ts";

const authority = makeCertificate({ name: "test authority", ends: 30, isAuthority: true });
const { cert, key } = makeCertificate({
  name: "127.0.0.1",
  ends: 30,
  hosts: ["127.0.0.1"],
  rsaBits: 2048,
  by: authority,
});
const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

/** What `cloudpass login` says about an issuer that speaks these suites alone. */
async function askedOf(ciphers: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-suites-"));
  await writeFile(join(folder, "ca.pem"), authority.cert);
  const server = createServer({ cert, key, ciphers, dhparam: "auto", maxVersion: "TLSv1.2" }, (_request, response) => {
    response.writeHead(404).end();
  });
  const issuer = `https://${await listen(server)}`;
  const env = { PATH: process.env["PATH"], HOME: folder };
  const args = [main, "login", "--device", "--issuer", issuer, "--ca-file", join(folder, "ca.pem")];
  const said = await text(spawn(process.execPath, args, { env }).stderr);
  await stopServer(server);
  await rm(folder, { recursive: true });
  return said;
}

test.each([
  ["RSA key transport", "AES128-GCM-SHA256"],
  ["CBC", "ECDHE-RSA-AES128-SHA256"],
  ["finite-field Diffie-Hellman", "DHE-RSA-AES128-GCM-SHA256"],
])("4.1: a server that speaks %s alone is not spoken to", async (_what, suite) => {
  expect(await askedOf(suite)).toMatch(/cannot be reached/);
});

test("4.2: one that speaks a recommended suite is", async () => {
  expect(await askedOf("ECDHE-RSA-AES128-GCM-SHA256")).toContain("makes no sense while looking up its endpoints");
});
