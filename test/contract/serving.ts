import { type ChildProcess, spawn } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/core/index.ts";
import { createKeyFile } from "../../src/issuer/index.ts";
import { freePorts } from "../rigs/index.ts";
import { root } from "../support/stage.ts";

/** What a broker that watches is started with. */
export interface ServeWish {
  /** The environment file without its first lines. */
  readonly environment: string;
  /** Lines of `broker.yaml` besides the ones that every broker has. */
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A `cloudpass serve` as an operator starts it, in a folder of its own. */
export interface Serving {
  readonly child: ChildProcess;
  stderr(): string;
  /** `<metric> <target>` or `<metric> <Keycloak>/<realm>` → value. */
  metrics(): Promise<Record<string, number>>;
  /** What the audit file says of one kind of event. */
  events(event: string): Promise<readonly Record<string, unknown>[]>;
  readonly metricsUrl: string;
}

/** Starts it with the example policies and a realm that nobody needs to answer. */
export async function serveFrom(folder: string, { environment, config, env }: ServeWish): Promise<Serving> {
  const [port = 0, metricsPort = 0, nobody = 0] = await freePorts(3);
  await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
  await createKeyFile(join(folder, "keys.json"), systemClock);
  const issuer = `issuer: http://127.0.0.1:${port}`;
  await writeFile(join(folder, "environment.yaml"), `kind: Environment\n${issuer}\n${environment}`);
  await writeFile(
    join(folder, "broker.yaml"),
    `${issuer}
allowInsecureLoopback: true
listen: {port: ${port}}
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "http://127.0.0.1:${nobody}/realms/scs", allowInsecureLoopback: true}
policies: [policies]
audit: {file: audit.jsonl}
metrics: {port: ${metricsPort}}
${config}`,
  );
  const argv = [join(root, "src/main.ts"), "serve", "--config", join(folder, "broker.yaml")];
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env["PATH"], MASTER_KEY: "m".repeat(48), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (part: Buffer) => {
    stderr += part.toString();
  });
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  return {
    ...{ child, metricsUrl, stderr: () => stderr },
    metrics: async () => valuesIn((await (await fetch(metricsUrl).catch(() => undefined))?.text()) ?? ""),
    events: async (event) =>
      (await readFile(join(folder, "audit.jsonl"), "utf8"))
        .split("\n")
        .filter((line) => line.includes(`"${event}"`))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

function valuesIn(text: string): Record<string, number> {
  const lines = text.matchAll(/^cloudpass_(?:target|realm)_(\w+)\{(.*)\} (\S+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name, labels = "", value]) => {
      const of = [...labels.matchAll(/="([^"]*)"/g)].map(([, label]) => label).join("/");
      return [`${name} ${of}`, Number(value)];
    }),
  );
}
