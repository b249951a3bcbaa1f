import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const main = join(root, "src/main.ts");
const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text: string) => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[0m` : text);

/** Says what comes next. */
export const scene = (text: string): void => console.log(`\n${bold(`── ${text}`)}`);
/** Says something. */
export const say = (text: string): void => console.log(text);

/** What a command left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  /** More environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shown in place of the arguments. */
  readonly shown?: string;
  /** Do not print what it prints. */
  readonly silent?: boolean;
  /** Print only lines that match. */
  readonly only?: RegExp;
  /** Called with each piece of what it says on standard error. */
  readonly onStderr?: (text: string) => void;
  /** Do not throw when it fails. */
  readonly mayFail?: boolean;
}

/** A private home for the `cloudpass` command, and the clean-up at the end. */
export class Stage {
  readonly folder: string;
  /** Environment of every command: nothing of the person's own home is read or written. */
  readonly env: NodeJS.ProcessEnv;
  readonly #ends: (() => Promise<void>)[] = [];
  readonly #running = new Set<ChildProcess>();

  private constructor(folder: string, home: string) {
    this.folder = folder;
    this.env = {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_STATE_HOME: join(home, "state"),
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_CACHE_HOME: join(home, "cache"),
    };
  }

  /** The same stage for another person: a home of their own. */
  another(person: string): Stage {
    return new Stage(this.folder, join(this.folder, person));
  }

  /** A kubeconfig without a secret, whose user asks `cloudpass kube-credential`. */
  async kubeconfig(cluster: string, issuer: string, env: Readonly<Record<string, string>>): Promise<string> {
    const file = join(this.folder, `${cluster}.kubeconfig`);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: [main, "kube-credential", "--cluster", cluster, "--issuer", issuer],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      interactiveMode: "IfAvailable",
    };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      users: [{ name: "me", user: { exec } }],
      contexts: [{ name: "me", context: { cluster: "", user: "me" } }],
      "current-context": "me",
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  static async open(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "cloudpass-demo-"));
    return new Stage(folder, join(folder, "home"));
  }

  /** Runs `end` at the close, last first. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async close(): Promise<void> {
    // Of a run that is given up: a Ctrl-C reaches them only from a terminal.
    for (const child of this.#running) child.kill();
    for (const end of this.#ends.reverse()) await end();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs the `cloudpass` command of this checkout. */
  cloudpass(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const shown = options.shown ?? `cloudpass ${args.join(" ")}`;
    return this.run(process.execPath, [main, ...args], { ...options, shown });
  }

  /** Runs a command, showing it and what it prints, as a person would see it. */
  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    if (!options.silent) console.log(dim(`$ ${options.shown ?? [command, ...args].join(" ")}`));
    const child = spawn(command, args, {
      cwd: root,
      env: { ...this.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    const finished = await collect(child, options).finally(() => this.#running.delete(child));
    if (finished.code !== 0 && !options.mayFail) {
      const words = options.silent ? `\n${finished.stderr}${finished.stdout}` : "";
      throw new Error(`${options.shown ?? command} ended with exit code ${finished.code}${words}`);
    }
    return finished;
  }
}

function collect(child: ChildProcess, options: RunOptions): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  const print = printer(options);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    print(text);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    print(text);
    options.onStderr?.(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

function printer({ silent, only }: RunOptions): (text: string) => void {
  if (silent) return () => undefined;
  if (!only) return (text) => void process.stdout.write(text);
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (only.test(line)) console.log(line);
  };
}
