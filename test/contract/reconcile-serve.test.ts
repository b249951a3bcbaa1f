import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyFile } from "../../src/issuer/index.ts";
import { freePorts } from "../rigs/index.ts";
import { type Cloud, startCloud } from "./target-rigs.ts";
import { deps, examplePolicy } from "./targets-policy.ts";

// `cloudpass serve` as an operator starts it: it keeps a real cloud as the policy files say, while another cloud is down.

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let cloud: Cloud;
let metricsPort = 0;
let broker: ReturnType<typeof spawn>;
let stderr = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-reconcile-"));
  cloud = await startCloud("gx1", (url) => examplePolicy({ gx1: url }));
  const [port = 0, metrics = 0, nobody = 0] = await freePorts(3);
  metricsPort = metrics;
  await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
  await createKeyFile(join(folder, "keys.json"), deps.clock);
  const account = "username: admin, password: {env: KEYSTONE_PASSWORD}, project: admin";
  await writeFile(
    join(folder, "environment.yaml"),
    `kind: Environment
issuer: http://127.0.0.1:${port}
clouds:
  gx1: {authUrl: "${cloud.rig.url}", ${account}}
  gx2: {authUrl: "http://127.0.0.1:${nobody}/v3", ${account}}
`,
  );
  await writeFile(
    join(folder, "broker.yaml"),
    `issuer: http://127.0.0.1:${port}
allowInsecureLoopback: true
listen: {port: ${port}}
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "http://127.0.0.1:${nobody}/realms/scs", allowInsecureLoopback: true}
policies: [policies]
audit: {file: audit.jsonl}
reconcile: {environment: environment.yaml, mode: apply, maxDeletes: 1}
metrics: {port: ${metrics}}
`,
  );
  const argv = [join(root, "src/main.ts"), "serve", "--config", join(folder, "broker.yaml")];
  const env = { PATH: process.env["PATH"], MASTER_KEY: "m".repeat(48), KEYSTONE_PASSWORD: cloud.rig.adminPassword };
  broker = spawn(process.execPath, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
  broker.stderr?.on("data", (part: Buffer) => {
    stderr += part.toString();
  });
}, 240_000);

afterAll(async () => {
  broker?.kill("SIGKILL");
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Metric with its target → value. */
async function metrics(): Promise<Record<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).catch(() => undefined);
  const text = (await answer?.text()) ?? "";
  return Object.fromEntries(
    [...text.matchAll(/^cloudpass_target_(\w+)\{target="(\w+)"\} (\S+)$/gm)].map(([, name, target, value]) => [
      `${name} ${target}`,
      Number(value),
    ]),
  );
}

const events = async (event: string) =>
  (await readFile(join(folder, "audit.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line) as { target: string; steps: string[]; outcome: string });

describe("cloudpass serve with reconcile", () => {
  it("makes the cloud as the policy says though the other one is down, and shows both in the metrics", async () => {
    await expect
      .poll(metrics, { timeout: 40_000, interval: 500, message: stderr })
      .toMatchObject({ "drift_steps gx1": 0, "reachable gx1": 1, "watched gx1": 1, "reachable gx2": 0 });
    const [made] = await events("target.reconciled");
    expect(made).toMatchObject({ target: "gx1", outcome: "applied" });
    expect(made?.steps).toHaveLength(24);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/`)).status).toBe(404);
  });

  it("takes a right off the cloud seconds after it was taken out of the files", async () => {
    const file = join(folder, "policies", "customer-a.yaml");
    const text = (await readFile(file, "utf8")).split("\ntests:")[0] ?? "";
    await writeFile(file, text.replace("  - { id: audit, give: auditor, to: auditors, at: [gx1, gx2, prod1] }", ""));
    await expect.poll(() => events("target.reconciled").then((e) => e.length), { timeout: 30_000 }).toBe(2);
    expect((await events("policy.changed")).length).toBe(1);
    expect((await events("target.reconciled"))[1]?.steps).toEqual([
      "- assignment reader to customer-a/cp.customer-a.auditor on projects-of customer-a (takes rights away)",
      "~ mapping cloudpass-customer-a",
    ]);
  });

  it("a file that was cut short is not carried out: so many deletions wait for a person, and are counted", async () => {
    const file = join(folder, "policies", "customer-a.yaml");
    await writeFile(file, (await readFile(file, "utf8")).split("\ngrants:")[0] ?? "");
    await expect.poll(metrics, { timeout: 30_000, interval: 500 }).toMatchObject({ "drift_steps gx1": 3 });
    expect(await events("target.drifted")).toMatchObject([
      { target: "gx1", because: "it would delete 2 objects, more than 1" },
    ]);
    expect(await events("target.reconciled")).toHaveLength(2);
  });

  it("files with a mistake in them change nothing", async () => {
    const file = join(folder, "policies", "customer-b.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("give: developer", "give: nobody-knows"));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await events("policy.changed")).toHaveLength(2);
  });

  it("leaves in an orderly way when it is told to", async () => {
    broker.kill("SIGTERM");
    const [code] = await once(broker, "exit");
    expect([code, stderr]).toEqual([0, ""]);
  });
});
