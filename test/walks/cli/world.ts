import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { installPacked } from "../../packed/installed.ts";
import { openstackClient } from "../../rigs/index.ts";
import { heading } from "../../support/browser.ts";
import { keycloakVisitor } from "../../support/device-login.ts";
import { approve } from "../../support/real-client.ts";
import { type Narrator, type RealStack, startRealStack } from "../../support/real-stack.ts";
import { eventually } from "../../support/stack-person.ts";
import { root, Stage } from "../../support/stage.ts";
import { type Seen, typeInto } from "../../support/terminal.ts";
import type { AtEnd, Teller } from "../runner.ts";

const run = promisify(execFile);

/** How people get the command: by npm, or as one file for a machine without Node. */
export type Way = "package" | "executable";

/** The size of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Somebody of customer A at a terminal of a machine of their own, with `cloudpass` installed in one way. */
export interface Desk {
  readonly home: string;
  /** The folder that holds `cloudpass`. */
  readonly installed: string;
  /** Types a line, and goes where a login says. */
  type(line: string, size?: Size): Promise<Seen>;
  /** Types a line that opens a browser, and goes where it leads; answers the heading of the last page, too. */
  typeBeforeBrowser(line: string): Promise<Seen & { readonly lastPage: string }>;
}

/** What the steps work with. */
export interface World {
  readonly stack: RealStack;
  /** Installs `cloudpass` in one of two ways; answers the folder that holds it. */
  install(way: Way): Promise<string>;
  /** Changes the customer's policy as an operator does, up to the clouds; answers how to change it back. */
  policy(change: (text: string) => string): Promise<() => Promise<void>>;
  /** A machine of somebody's; the programs there are `cloudpass` from this folder, `openstack` and `kubectl`. */
  desk(name: string, email: string, installed: string): Promise<Desk>;
}

/** The size that terminals have from old. */
export const usual: Size = { columns: 80, rows: 24 };
/** Half of a small screen. */
export const narrow: Size = { columns: 60, rows: 20 };

/** Two clouds, a cluster, Keycloak, a broker, and the command as people get it. */
export async function startWorld(atEnd: AtEnd, tell: Teller): Promise<World> {
  const stage = await Stage.open();
  atEnd(() => stage.close());
  const { folder } = stage;
  const policies = join(folder, "policies");
  await cp(join(root, "policies"), policies, { recursive: true });
  const settings = { policies };
  const release = join(folder, "release");
  const [stack, packed, { openstack }] = await Promise.all([
    startRealStack(folder, narrator(stage, tell), settings),
    installPacked(),
    openstackClient(),
    run(process.execPath, [join(root, "scripts/build.ts"), "--executable", "--to", release], { cwd: root }),
  ]);
  atEnd(() => packed.remove());
  atEnd(() => stack.stop());
  await nameAuthority(join(policies, "targets.yaml"), stack);
  const file = join(policies, "customer-a.yaml");
  const usualPolicy = await readFile(file, "utf8");
  const put = async (text: string) => {
    await writeFile(file, text);
    const environment = join(folder, "environment.yaml");
    const apply = ["policies", "apply", policies, "--environment", environment, "--yes"];
    await stage.cloudpass(apply, { env: stack.env, silent: true });
  };
  const tools = [dirname(openstack), dirname(stack.cluster.kubectl)];
  return {
    stack,
    install: (way) => (way === "package" ? Promise.resolve(join(packed.folder, "../.bin")) : unpack(release)),
    policy: async (change) => {
      await put(change(usualPolicy));
      return () => put(usualPolicy);
    },
    desk: (name, email, installed) => makeDesk({ stack, tools }, join(folder, name), email, installed),
  };
}

/** Does what a person does with the archive of a release. */
async function unpack(release: string): Promise<string> {
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: release });
  const [archive = ""] = (await readdir(release)).filter((name) => name.endsWith(".tar.gz"));
  const at = join(release, "unpacked");
  await mkdir(at);
  await run("tar", ["-xzf", join(release, archive), "-C", at, "--strip-components=1"]);
  return at;
}

const narrator = (stage: Stage, { say }: Teller): Narrator => ({
  say,
  cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout,
});

/** Says in the policy whose certificate the cluster has, as an operator does whose authority is a private one. */
async function nameAuthority(file: string, { ca, restartBroker }: RealStack): Promise<void> {
  const pem = (await readFile(ca.certFile, "utf8")).trim().replaceAll("\n", "\n      ");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("  prod1:\n", `  prod1:\n    certificateAuthority: |\n      ${pem}\n`));
  await restartBroker();
}

async function makeDesk(
  { stack, tools }: { readonly stack: RealStack; readonly tools: readonly string[] },
  home: string,
  email: string,
  installed: string,
): Promise<Desk> {
  const bin = join(home, "bin");
  await mkdir(bin, { recursive: true });
  // In the place of a browser: it notes where it was sent. A shell on a screen has one.
  const visited = join(home, "visited");
  await writeFile(visited, "");
  await writeFile(join(bin, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$1" >>'${visited}'\n`, { mode: 0o755 });
  // A package needs Node; the one file does not.
  const node = installed.endsWith(".bin") ? [dirname(process.execPath)] : [];
  const env = {
    HOME: home,
    PATH: [bin, installed, ...tools, ...node, "/usr/bin", "/bin"].join(":"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    OS_CACERT: stack.ca.certFile,
    REQUESTS_CA_BUNDLE: stack.ca.certFile,
  };
  const visit = (link: string) => approve(link, keycloakVisitor(email));
  const typeBeforeBrowser = async (line: string) => {
    await writeFile(visited, "");
    const typing = typeInto({ cwd: home, env, size: usual }, line);
    const opened = await eventually(() => readFile(visited, "utf8"), Boolean, 20);
    const page = await visit(opened.trim());
    return { ...(await typing), lastPage: heading(page) };
  };
  return {
    home,
    installed,
    type: (line, size = usual) => typeInto({ cwd: home, env, visit, size }, line),
    typeBeforeBrowser,
  };
}
