import { spawn } from "node:child_process";
import { pythonClients } from "../rigs/index.ts";
import { Browser, forms, heading, type Page } from "./browser.ts";
import { keycloakVisitor, signIn, type Visitor } from "./device-login.ts";
import { sharedStack } from "./shared-stack.ts";

// Released clients as they are, on real servers. The person's part is a scripted browser on Keycloak's own pages.

/** What a client left. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a client is run. */
export interface ClientOptions {
  /** Who signs in and approves where the client says; nobody if not given. */
  readonly email?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the link looks like, if it is none of the issuer's own. */
  readonly link?: RegExp;
  /** True once the person may go to the link, by all that the client has said so far; default: at once. */
  readonly when?: (said: string) => boolean;
}

/** Runs a client with a home of its own; when it shows a link, the person signs in there and approves. */
export async function runClient(
  command: string,
  args: readonly string[],
  { email, env, link: pattern, when = () => true }: ClientOptions = {},
): Promise<Ran> {
  const { stack, stage } = await sharedStack();
  const child = spawn(command, args, {
    env: { ...stage.env, ...stack.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  let approving: Promise<Page> | undefined;
  const look = () => {
    const said = stdout + stderr;
    const link = pattern ? pattern.exec(said)?.[0] : linkIn(said, stack.issuer);
    if (link === undefined || approving || email === undefined || !when(said)) return;
    approving = approve(link, keycloakVisitor(email));
    approving.catch(() => child.kill());
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    look();
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (c) => resolve(c ?? 1));
  });
  await approving;
  return { code, stdout, stderr };
}

/** Where the client sends its person: a complete link, a link and a code apart, or the authorization endpoint. */
function linkIn(said: string, issuer: string): string | undefined {
  const links = said.match(/https:\/\/127\.0\.0\.1:\d+\/(?:device\?user_code=[A-Z-]{14}|authorize\?\S+)(?=\s)/g) ?? [];
  const complete = links.find((l) => l.startsWith(issuer));
  if (complete !== undefined) return complete;
  const code = /\b[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\b/.exec(said)?.[0];
  return code !== undefined && said.includes(`${issuer}/device\n`) ? `${issuer}/device?user_code=${code}` : undefined;
}

/** Goes from a link of a device or a browser login over signing in and confirming to the last page. */
export async function approve(
  link: string,
  visitor: Visitor,
  { browser = new Browser(), stopAt }: { browser?: Browser; stopAt?: string } = {},
): Promise<Page> {
  const entered = await signIn(browser, link, visitor);
  const page = decides(entered) ? entered : await browser.submit(entered, {});
  if (!decides(page)) throw new Error(`nothing to approve: "${heading(page)}"\n${browser.trace.join("\n")}`);
  return browser.submit(page, { decision: "approve" }, { ...(stopAt !== undefined && { stopAt }) });
}

const decides = (page: Page): boolean => forms(page).some((f) => f.inputs.some((i) => i.value === "approve"));

/** A device login of Bob by a Python client, and a refresh: what its script printed. */
export async function pythonLogin(
  client: "authlib" | "msal",
  args: readonly string[],
): Promise<{ readonly access_token: string; readonly claims: object; readonly refreshed: boolean }> {
  const { python, [client]: script } = await pythonClients();
  const ran = await runClient(python, [script, ...args], { email: "bob@a.example", env: await pythonEnvironment() });
  if (ran.code !== 0) throw new Error(`${client}: ${ran.code}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

/** Environment in which Python programs trust the test authority and show their prompt at once. */
export async function pythonEnvironment(): Promise<Record<string, string>> {
  const { certFile } = (await sharedStack()).stack.ca;
  return { REQUESTS_CA_BUNDLE: certFile, OS_CACERT: certFile, PYTHONUNBUFFERED: "1" };
}
