import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, openstackClient } from "../rigs/index.ts";
import { acquireKubernetes } from "../rigs/kubernetes/binaries.ts";
import { Browser, heading } from "../support/browser.ts";
import { changeFile, type HowToStep, stepsOf } from "../support/how-to.ts";
import { keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";
import { root } from "../support/stage.ts";
import { type Seen, typeInto } from "../support/terminal.ts";
import { trust } from "../support/trust.ts";

// docs/tutorial/your-first-hour.md, command by command as it stands there, at a real terminal; only the ports and what a
// server says its administrator is are others. It says how long the commands took.

/** What a script took from the documentation of 30 November 2026, with twelve files by hand. */
const before = "10 min 50 s";

let place: string;
let cwd: string;
let env: Record<string, string | undefined>;
let put: Record<string, string>;
let broker: ChildProcess | undefined;
let spentMs = 0;
/** What took longest, for whoever wants it shorter. */
const spent: { readonly line: string; readonly secs: number }[] = [];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "cloudpass-hour-"));
  cwd = place;
  const [bin, home] = [join(place, "bin"), join(place, "home")];
  for (const folder of [bin, home]) await mkdir(folder);
  const command = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/main.ts")}" "$@"\n`;
  await writeFile(join(bin, "cloudpass"), command, { mode: 0o755 });
  await symlink((await openstackClient()).openstack, join(bin, "openstack"));
  await symlink((await acquireKubernetes()).kubectl, join(bin, "kubectl"));
  env = {
    PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}`,
    HOME: home,
    // What was built once serves again.
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    CHECKOUT: resolve(root),
    SSH_TTY: "no browser here",
  };
  put = {};
  for (const port of ["8080", "5000", "6443", "8443"]) {
    const free = String(await freePort());
    put[`127.0.0.1:${port}`] = `127.0.0.1:${free}`;
    put[`--port ${port}`] = `--port ${free}`;
  }
}, 900_000);

afterAll(async () => {
  if (broker?.kill("SIGTERM") === true) await once(broker, "close");
  await typeInto({ cwd: root, env }, "npm run rig -- down all");
  await rm(place, { recursive: true, force: true });
}, 120_000);

/** A line as the shell of somebody who has typed all before it takes it. */
async function type(line: string): Promise<Seen> {
  if (line.startsWith("cd ")) {
    cwd = join(cwd, line.slice(3));
    return { code: 0, screen: "" };
  }
  if (line.startsWith("set -a")) {
    for (const [, name = "", value] of (await readFile(join(cwd, "cloudpass.env"), "utf8")).matchAll(/^(\w+)=(.*)$/gm))
      env[name] = value;
  }
  const started = performance.now();
  const seen = await typeInto({ cwd, env, visit: confirmAsAda }, line);
  const ms = performance.now() - started;
  spentMs += ms;
  spent.push({ line: line.slice(0, 60), secs: Math.round(ms / 100) / 10 });
  return seen;
}

/** Ada in her browser; the only customer's people are led to their identity provider at once. */
async function confirmAsAda(link: string): Promise<void> {
  const browser = new Browser();
  const ada = { username: "ada", password: "ada" };
  const { page: entry } = await drive(browser, await browser.open(link), undefined, ada);
  const last = await browser.submit(await browser.submit(entry, {}), { decision: "approve" });
  expect(heading(last)).toBe("Logged in");
}

/** What a rig says of itself: `password   admin`. */
const fact = ({ screen }: Seen, name: string): string =>
  new RegExp(`^\\s*${name}:?\\s+(\\S+)`, "m").exec(screen)?.[1] ?? "";

/** What the page has its reader do in Keycloak's console. */
async function addAda(password: string): Promise<void> {
  const url = `http://${put["127.0.0.1:8080"]}`;
  const admin = keycloakAdmin(url, "admin", password);
  const names = { username: "ada", firstName: "Ada", lastName: "Acme", email: "ada@acme.example", emailVerified: true };
  const id = String(await admin.call("POST", "/acme/users", { ...names, enabled: true }));
  const credentials = { type: "password", value: "ada", temporary: false };
  await admin.call("PUT", `/acme/users/${id}/reset-password`, credentials);
  const group = await admin.get("/acme/group-by-path/developers");
  await admin.call("PUT", `/acme/users/${id}/groups/${String(group["id"])}`);
}

/** The broker, in a terminal of its own. */
async function serve(line: string): Promise<void> {
  const started = performance.now();
  broker = spawn("script", ["-qefc", `exec ${line}`, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
  let screen = "";
  await new Promise<void>((ready, fail) => {
    broker?.stdout?.on("data", (part: Buffer) => {
      screen += part.toString();
      if (screen.includes("Ctrl-C ends it.")) ready();
    });
    broker?.on("close", () => fail(new Error(`the broker ended:\n${screen}`)));
  });
  spentMs += performance.now() - started;
  expect(screen).toContain("memory: everything is lost at a restart");
}

test("the page leads from an empty folder to openstack and kubectl", { timeout: 600_000 }, async () => {
  const steps: HowToStep[] = stepsOf("../tutorial/your-first-hour.md", put);
  const edited = new Set(steps.flatMap((step) => (step.kind === "run" ? [] : [step.file])));
  expect([...edited]).toEqual(["federation/cloudpass.env", "acme.yaml"]);
  const seen = new Map<string, Seen>();
  let password = "";
  for (const step of steps) {
    if (step.kind === "write") await writeFile(join(place, step.file), step.text);
    else if (step.kind === "change") {
      const hunks = step.hunks.map(({ from, to }) => ({ from, to: to.replace("=admin", `=${password}`) }));
      changeFile(join(place, step.file), hunks);
    } else if (step.command === "cloudpass serve") await serve(step.command);
    else {
      const answer = await type(step.command);
      seen.set(step.command, answer);
      const isPlan = step.command.startsWith("cloudpass policies plan");
      expect(answer.code, `$ ${step.command}\n${answer.screen}`).toBe(isPlan ? 2 : 0);
      if (step.command.includes("up keycloak")) password = fact(answer, "password");
      if (step.command.includes("up keystone")) {
        Object.assign(env, {
          ...{ OS_AUTH_URL: fact(answer, "url"), OS_USERNAME: "admin", OS_PASSWORD: fact(answer, "password") },
          ...{ OS_PROJECT_NAME: "admin", OS_USER_DOMAIN_NAME: "Default", OS_PROJECT_DOMAIN_NAME: "Default" },
          OS_IDENTITY_API_VERSION: "3",
        });
      }
      if (step.command.includes("up kubernetes")) env["KUBECONFIG"] = fact(answer, "kubeconfig");
      if (step.command.startsWith("cp ")) await trust(join(place, "ca.crt"));
      if (step.command.startsWith("cloudpass realms apply ../acme.yaml")) await addAda(password);
    }
  }
  const of = (begin: string) => [...seen].find(([command]) => command.startsWith(begin))?.[1].screen;
  expect(of("cloudpass doctor broker")).toMatch(/ok +Keycloak: client key[\s\S]* 0 wrong/);
  expect(of("cloudpass status")).toMatch(/gx1[\s\S]*member on project acme\/dev/);
  expect(of("cloudpass exec")).toContain("project_id");
  expect([...seen.values()].at(-2)?.screen).toContain("cp:cp.acme.developer");
  expect([...seen.values()].at(-1)?.screen.trim()).toBe("yes");
  const secs = Math.round(spentMs / 1000);
  console.log(
    `the first hour: ${Math.floor(secs / 60)} min ${secs % 60} s of commands, ${edited.size} files by hand; it was ${before} and twelve`,
  );
  for (const { line, secs: took } of spent.sort((a, b) => b.secs - a.secs).slice(0, 8))
    console.log(`  ${took} s  ${line}`);
});
