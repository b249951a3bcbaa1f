import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** The size of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Somebody of customer A at a terminal of a machine of their own, with `cloudpass` installed in one way. */
export interface Desk {
  readonly home: string;
  /** Types a line, and goes where a login says. */
  type(line: string, size?: Size): Promise<Seen>;
  /** Types a line that opens a browser, and goes where it leads; answers the heading of the last page, too. */
  typeBeforeBrowser(line: string): Promise<Seen & { readonly lastPage: string }>;
}

/** What the steps work with. */
export interface World {
  readonly stack: RealStack;
  /** Folders that hold `cloudpass`, by the way in which it was installed. */
  readonly installed: { readonly package: string };
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
  const [stack, packed, { openstack }] = await Promise.all([
    startRealStack(folder, narrator(stage, tell), settings),
    installPacked(),
    openstackClient(),
  ]);
  atEnd(() => packed.remove());
  atEnd(() => stack.stop());
  await nameAuthority(join(policies, "targets.yaml"), stack);
  const tools = [dirname(openstack), dirname(stack.cluster.kubectl)];
  return {
    stack,
    installed: { package: join(packed.folder, "../.bin") },
    desk: (name, email, installed) => makeDesk({ stack, tools }, join(folder, name), email, installed),
  };
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
  const env = {
    HOME: home,
    PATH: [bin, installed, ...tools, dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
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
  return { home, type: (line, size = usual) => typeInto({ cwd: home, env, visit, size }, line), typeBeforeBrowser };
}
