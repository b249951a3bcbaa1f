import { execFile, type SpawnOptions, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The released package as a stranger's project has it. */
export interface Installed {
  /** The package itself: what the tarball held. */
  readonly folder: string;
  /** Names of the tarball's files, without `package/`. */
  readonly files: readonly string[];
  /** An empty folder for configuration. */
  readonly work: string;
  /** Runs the installed command to its end. */
  cloudpass(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** Starts the installed command. */
  start(args: readonly string[], env: Readonly<Record<string, string>>): ReturnType<typeof spawn>;
  remove(): Promise<void>;
}

/** What a command left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Builds, packs and unpacks into an empty project whose `node_modules` holds links to the production dependencies of
 * the lock file and nothing else: what `npm install` would make of the tarball, without a network.
 */
export async function installPacked(): Promise<Installed> {
  const place = await mkdtemp(join(tmpdir(), "cloudpass-packed-"));
  await run(process.execPath, [join(root, "scripts/build.ts")], { cwd: root });
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", place], { cwd: root });
  const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const tarball = join(place, `${name}-${version}.tgz`);
  const modules = join(place, "project/node_modules");
  const [folder, work] = [join(modules, "cloudpass"), join(place, "work")];
  for (const made of [folder, work, join(modules, ".bin")]) await mkdir(made, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  await linkDependencies(modules);
  await symlink("../cloudpass/dist/main.js", join(modules, ".bin/cloudpass"));
  const { stdout } = await run("tar", ["-tzf", tarball]);
  const files = stdout
    .split("\n")
    .filter(Boolean)
    .map((path) => path.replace(/^package\//, ""));
  const command = join(modules, ".bin/cloudpass");
  const options = (env: Readonly<Record<string, string>>): SpawnOptions => ({
    cwd: work,
    // Nothing of this machine's environment but the Node that runs this test.
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: work, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const start = (args: readonly string[], env: Readonly<Record<string, string>>) => spawn(command, args, options(env));
  return {
    folder,
    files,
    work,
    start,
    cloudpass: (args, env = {}) => finish(start(args, env)),
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

interface LockEntry {
  readonly dev?: boolean;
  readonly optional?: boolean;
}

async function linkDependencies(modules: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockEntry>;
  };
  for (const [path, { dev, optional }] of Object.entries(lock.packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev || optional) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, path), join(modules, name));
  }
}

/** Waits for a command's end and gathers what it wrote. */
export function finish(child: ReturnType<typeof spawn>): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** The project's example configuration in a folder of its own, with secrets made up. */
export async function layExample(work: string): Promise<string> {
  const folder = join(work, "etc");
  await mkdir(join(folder, "secrets"), { recursive: true });
  for (const name of ["policies", "realms"]) await cp(join(root, name), join(folder, name), { recursive: true });
  await cp(join(root, "deploy/broker.yaml"), join(folder, "broker.yaml"));
  await writeFile(join(folder, "secrets/master-key"), "m".repeat(64));
  await writeFile(join(folder, "secrets/redis-url"), "redis://127.0.0.1:6379");
  return folder;
}

/** Waits until a broker is ready; fails when it ended before. */
export async function untilReady(url: string, ended: () => string | undefined): Promise<void> {
  const until = performance.now() + 15_000;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    const end = ended();
    if (end !== undefined) throw new Error(`the broker ended before it was ready:\n${end}`);
    if (performance.now() > until) throw new Error("the broker was not ready within 15 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the example's policies and realms want to know. */
export const exampleEnvironment = {
  CLOUDPASS_ISSUER: "https://login.example",
  CUSTOMER_A_IDP_ISSUER: "https://idp.a.example/realms/a",
  CUSTOMER_A_IDP_SECRET: "not-a-secret-a",
  CUSTOMER_B_IDP_ISSUER: "https://idp.b.example/realms/b",
  CUSTOMER_B_IDP_SECRET: "not-a-secret-b",
};

/** A broker at an address of this machine, with the example's policies and realms. */
export const exampleBroker = (url: string): string => `issuer: ${url}
allowInsecureLoopback: true
listen: {port: ${new URL(url).port}}
masterKey: {file: secrets/master-key}
keys: keys.json
upstream: {issuer: "https://keycloak.example/realms/scs"}
policies: [policies]
realms: [realms]
`;
