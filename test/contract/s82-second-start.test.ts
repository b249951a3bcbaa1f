import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyAuditFiles } from "../../src/audit/index.ts";
import { makeSeal, Secret, systemRandom } from "../../src/core/index.ts";
import { root } from "../support/stage.ts";
import { type Serving, serveFrom } from "./serving.ts";

// Seen red: the second `cloudpass serve` wrote into the first one's audit and said "listening … failed", and the first
// answered 503; commands at the same time said that the file was not theirs, after the keys were changed.

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const env = { PATH: process.env["PATH"], MASTER_KEY: "m".repeat(48) };

async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, "src/main.ts"), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

describe("S-82: the command itself", () => {
  let folder: string;
  let first: Serving;
  const started: ChildProcess[] = [];
  const begin = async () => {
    const serving = await serveFrom(folder, { environment: "", config: "", env: {} });
    started.push(serving.child);
    return serving;
  };
  const config = () => join(folder, "broker.yaml");
  const audit = () => join(folder, "audit.jsonl");
  const issuer = async () => /^issuer: (.*)$/m.exec(await readFile(config(), "utf8"))?.[1] ?? "";
  const status = async (path: string) => (await fetch(`${await issuer()}${path}`).catch(() => undefined))?.status;
  const ready = () => vi.waitFor(async () => expect(await status("/readyz")).toBe(200), { timeout: 20_000 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cloudpass-s82-"));
    first = await begin();
    await ready();
  });
  afterAll(async () => {
    for (const child of started) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test("a second `cloudpass serve` says which process has the address, and the first does not notice it", async () => {
    const before = await readFile(audit(), "utf8");
    const second = await run(["serve", "--config", config()]);
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/address is in use/);
    if (process.platform === "linux") {
      expect(second.output).toContain(`by process ${first.child.pid} (node), another cloudpass serve`);
    }
    expect(await readFile(audit(), "utf8")).toBe(before);
    expect(await status("/readyz")).toBe(200);
  });

  test("commands at the same time write one after the other, and what each did is in the chain", async () => {
    const done = await Promise.all(Array.from({ length: 4 }, () => run(["keys", "rotate", "--config", config()])));
    expect(done.filter((d) => d.code !== 0)).toEqual([]);
    const { entries, breach } = await verifyAuditFiles(seal, [join(folder, "audit.operator.jsonl")]);
    expect(breach).toBeUndefined();
    expect(entries).toBe(9); // each opens and closes; one rotates, the others find it under way
  });

  test("after SIGKILL it starts again at once: no lock is left behind", async () => {
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const argv = [join(root, "src/main.ts"), "serve", "--config", config()];
    const again = spawn(process.execPath, argv, { env, stdio: "ignore" });
    started.push(again);
    await ready();
    expect((await verifyAuditFiles(seal, [audit()])).breach).toBeUndefined();
  });
});
