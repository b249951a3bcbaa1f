import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createTestCa } from "../../rigs/index.ts";
import { listen } from "../../support/loopback.ts";

it("an https issuer of a private authority is believed with --ca-file only", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-ca-"));
  const ca = await createTestCa(folder);
  const { certFile, keyFile } = await ca.issue({ name: "broker" });
  const asked: string[] = [];
  const server = createServer({ cert: await readFile(certFile), key: await readFile(keyFile) }, (request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(404).end();
  });
  const issuer = `https://${await listen(server)}`;
  const login = async (...more: string[]) => {
    const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
    const env = { PATH: process.env["PATH"], HOME: folder };
    const child = spawn(process.execPath, [main, "login", "--device", "--issuer", issuer, ...more], { env });
    const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    return { said, exitCode };
  };
  const stranger = await login();
  expect(stranger.exitCode).toBe(3);
  expect(stranger.said).toMatch(/cannot be reached \([A-Z_]*(CERT|SIGNATURE)[A-Z_]*\)[\s\S]*--ca-file/);
  expect(asked).toEqual([]);
  const known = await login("--ca-file", ca.certFile);
  expect(known.said).toContain("makes no sense while looking up its endpoints");
  expect(asked).toEqual(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]);
  server.close();
  await rm(folder, { recursive: true });
});
