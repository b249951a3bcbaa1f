import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { runCli } from "../../../../src/cli/index.ts";
import type { Policy } from "../../../../src/policy/index.ts";
import type { ReadTables } from "../../../../src/relying-party/index.ts";
import { type Booted, boot } from "../../../support/boot.ts";
import { browserLogin } from "../../../support/browser-login.ts";
import { runCommand } from "../../../support/command.ts";
import { type FaultProxy, startFaultProxy } from "../../../support/fault-proxy.ts";
import { fakeTerminal } from "../../../unit/cli/fake-terminal.ts";
import { examples, mustLoad } from "../../../unit/policy/kit.ts";

/** Variables of a shell. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A person's machine, with everything as it should be until a fault is planted. */
export interface Machine {
  readonly world: World;
  readonly home: string;
  /** Where the login is kept. */
  readonly state: string;
  env: Env;
  /** Options of Node, when the doctor runs as a process of its own. */
  node?: readonly string[];
  uid?: number;
}

/** The broker and what stands around it. */
export interface World extends Booted {
  readonly front: FaultProxy;
  /** What the broker's files say now. */
  readonly now: { policy: Policy; tables: ReturnType<ReadTables> };
}

/**
 * Policies whose own tests are left out, so that rights can be taken from people, and whose clouds and cluster are at a port
 * that Node refuses to ask: no run of the doctor waits for the name of one.
 */
export const policyWith = (change: (text: string) => string = (text) => text): Policy =>
  mustLoad(
    examples.map(({ file, text }) => ({
      file,
      text: change(text.replace(/tests:\n.*$/s, "").replace(/https:\/\/(?:api|k8s)[\w.:]+/g, "http://127.0.0.1:9")),
    })),
  );

/** Starts a broker behind a proxy that makes faults. */
export async function startWorld(): Promise<World> {
  let front: FaultProxy | undefined;
  const usual = policyWith();
  const now: World["now"] = { policy: usual, tables: { rechecks: [] } };
  const booted = await boot({
    policy: new Proxy(usual, { get: (_, name) => Reflect.get(now.policy, name) }),
    identityProviders: () => now.tables,
    behind: async (address) => {
      front = await startFaultProxy(address);
      return front;
    },
  });
  const stop = async () => {
    await front?.stop();
    await booted.stop();
  };
  return { ...booted, now, front: front as FaultProxy, stop };
}

/** A machine on which all is well, and Bob logged in. */
export async function newMachine(world: World): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), "cloudpass-machine-"));
  onTestFinished(() => rm(home, { recursive: true }));
  await browserLogin(world.issuer, home, "bob@a.example");
  const { PATH } = process.env;
  const env = { PATH, HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: world.issuer };
  return { world, home, state: join(home, "state/cloudpass"), env };
}

/** One finding, as the doctor prints it for programs. */
export interface Said {
  readonly level: "ok" | "warn" | "fail";
  readonly about: string;
  readonly says: string;
  readonly remedy?: string;
}

/** What the doctor finds on a machine. */
export async function askDoctor({ env, node, uid }: Machine): Promise<readonly Said[]> {
  const words = ["doctor", "--output", "json"];
  if (node !== undefined || uid !== undefined) {
    const { out, err } = await runCommand(words, { env, ...(node && { node }), ...(uid !== undefined && { uid }) });
    expect(out, err).toContain('"findings"');
    return JSON.parse(out).findings;
  }
  const terminal = fakeTerminal(env);
  await runCli(words, { version: "0.0.0", serve: async () => 0, self, terminal });
  expect(terminal.out(), terminal.err()).toContain('"findings"');
  return JSON.parse(terminal.out()).findings;
}

const main = fileURLToPath(new URL("../../../../src/main.ts", import.meta.url));
/** How these machines run the command. */
export const self = [process.execPath, main];

/** Types a remedy into the machine's shell, as it was printed; what it sets stays set. A login is confirmed by Bob. */
export async function typeRemedy(machine: Machine, remedy: string): Promise<void> {
  const line = /(?:run: |: |^)((?:cloudpass|rm|chmod|unset|export) [^;]*?)(?:; |$)/.exec(remedy)?.[1];
  if (line === undefined) throw new Error(`nothing can be typed of: ${remedy}`);
  if (line.startsWith("cloudpass login")) {
    await browserLogin(machine.world.issuer, machine.home, "bob@a.example");
    return;
  }
  const script = `cloudpass() { "$NODE" "$MAIN" "$@"; }\n${line}\nstatus=$?\nenv -0 >"$HOME/.env-after"\nexit $status`;
  const [NODE, MAIN] = self;
  await new Promise<void>((resolve, reject) =>
    execFile("bash", ["-c", script], { env: { ...machine.env, NODE, MAIN } }, (error, _, err) =>
      error ? reject(new Error(`${line}: ${err}`)) : resolve(),
    ),
  );
  const after = (await readFile(join(machine.home, ".env-after"), "utf8")).split("\0").filter(Boolean);
  machine.env = Object.fromEntries(
    after.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
  );
}
