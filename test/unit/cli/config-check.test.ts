import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { serve } from "../../../src/serve.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { fakeTerminal } from "./fake-terminal.ts";

// Seen red: config check said "good", and the start "This is a fault of cloudpass itself".

let folder: string;
const env = { MASTER_KEY: "m".repeat(48) };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-check-"));
  await cp(fileURLToPath(new URL("../../../policies", import.meta.url)), join(folder, "policies"), { recursive: true });
  const [one, two] = ["one", "two"].map((name) => makeCertificate({ name, ends: 90, hosts: ["login.example"] }));
  await writeFile(join(folder, "cert.pem"), one?.cert ?? "");
  await writeFile(join(folder, "key.pem"), two?.key ?? "", { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

/** What `config check` and what the start say of a configuration. */
async function say(more: string): Promise<{ code: number; output: string }[]> {
  const file = join(folder, "broker.yaml");
  const yaml = `issuer: https://login.example
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
log: {level: silent}
${more}
`;
  await writeFile(file, yaml);
  const terminal = fakeTerminal({ HOME: folder, ...env });
  const checked = await runCli(["config", "check", file], {
    version: "0.0.0",
    serve: async () => 1,
    terminal,
  });
  const host = fakeTerminal(env);
  const started = await serve(file, { ...host, on: () => undefined } as unknown as NodeJS.Process);
  return [
    { code: checked, output: terminal.err() },
    { code: started, output: host.err() },
  ];
}

describe("config check and the start say the same of files that cannot be used", () => {
  test.each([
    [
      "a key of another certificate",
      "listen: {tls: {cert: cert.pem, key: key.pem}}",
      /broker\.yaml:7:\d+: listen\.tls\.key: \S+ does not belong to the certificate/,
    ],
    [
      "a key file that is not there",
      "listen: {tls: {cert: cert.pem, key: none.pem}}",
      /listen\.tls\.key: \S+none\.pem is not there/,
    ],
    [
      "a client's keys that are not there",
      "clients: [{id: p, name: P, jwks: p.json, grants: [exchange]}]",
      /clients\[0\]\.jwks: \S+p\.json is not there/,
    ],
    ["an environment file that is not there", "reconcile: {environment: none.yaml}", /none\.yaml.*cannot be read/],
  ])("%s", async (_what, more, output) => {
    for (const told of await say(more)) {
      expect(told).toEqual({ code: 1, output: expect.stringMatching(output) });
      expect(told.output).not.toContain("fault of cloudpass itself");
    }
  });
});

test("whatever file the system does not give, it is said as such and not as a fault of cloudpass", async () => {
  const terminal = fakeTerminal({ HOME: folder });
  const code = await runCli(["serve", "--config", "x"], {
    version: "0.0.0",
    serve: async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device"), {
        code: "ENOSPC",
        syscall: "write",
        path: "/var/x",
      });
    },
    terminal,
  });
  expect({ code, output: terminal.err() }).toEqual({
    code: 1,
    output: expect.stringContaining("/var/x cannot be used (ENOSPC, write)"),
  });
});
