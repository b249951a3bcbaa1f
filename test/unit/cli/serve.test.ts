import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { serve } from "../../../src/serve.ts";
import { fakeTerminal } from "./fake-terminal.ts";

let folder: string;
const env: Record<string, string> = { HOME: tmpdir() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-serve-"));
  const cli = (...argv: string[]) =>
    runCli(argv, { version: "0.0.0", serve: async () => 1, terminal: fakeTerminal({ HOME: folder }) });
  const customer = "acme=acme.example,http://127.0.0.1:9/realms/acme";
  await cli(
    ...["init", folder, "--issuer", "http://127.0.0.1:4180", "--keycloak", "http://127.0.0.1:9"],
    ...["--cloud", "gx1=https://gx1.example/v3", "--customer", customer],
  );
  await cli("keys", "create", join(folder, "keys.json"));
  const variables = await readFile(join(folder, "cloudpass.env"), "utf8");
  for (const [, name = "", value] of variables.matchAll(/^(\w+)=(.*)$/gm)) env[name] = value || "filled in";
  const broker = await readFile(join(folder, "broker.yaml"), "utf8");
  await writeFile(join(folder, "broker.yaml"), broker.replace("port: 4180", "port: 0"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Serves until it is ready, and leaves. */
async function served(tty: boolean): Promise<string> {
  const host = fakeTerminal({ ...env, TERM: "dumb" }, { tty });
  let leave = () => {};
  const ready = new Promise<void>((resolve) => {
    const on = (signal: string, act: () => void) => {
      if (signal === "SIGTERM") leave = act;
      resolve();
    };
    const asked = serve(join(folder, "broker.yaml"), { ...host, on } as unknown as NodeJS.Process);
    ended = asked;
    asked.then(() => resolve());
  });
  await ready;
  leave();
  expect({ code: await ended, err: host.err() }).toMatchObject({ code: 0 });
  return host.out();
}
let ended: Promise<number>;

test("a person is told the address, where state is, what is missing and what comes next", async () => {
  const shown = await served(true);
  expect(shown).toContain("cloudpass serves http://127.0.0.1:4180\n");
  expect(shown).toMatch(/listens {4}127\.0\.0\.1:\d+, http\n/);
  expect(shown).toContain("memory: everything is lost at a restart");
  expect(shown).toMatch(/reconcile {2}clouds and clusters are written by/);
  expect(shown).toContain("cloudpass login --issuer http://127.0.0.1:4180");
  expect(shown).not.toContain("{");
});

test("a collector gets nothing of it", async () => {
  expect(await served(false)).toBe("");
});
