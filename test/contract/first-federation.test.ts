import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { Browser, heading } from "../support/browser.ts";
import { changeFile, type HowToStep, stepsOf } from "../support/how-to.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";
import { root } from "../support/stage.ts";

// docs/tutorial/first-federation.md, file by file and command by command, with a real Keycloak. Only the ports are others.

let folder: string;
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let issuer: string;
let steps: HowToStep[];
let broker: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-tutorial-"));
  keycloak = await startKeycloak({ dir: join(folder, "keycloak") });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const port = String(await freePort());
  issuer = `http://127.0.0.1:${port}`;
  steps = stepsOf("../tutorial/first-federation.md", {
    "http://127.0.0.1:8080": keycloak.url,
    "4180": port,
    "username: admin": `username: ${keycloak.adminUser}`,
  });
}, 240_000);

afterAll(async () => {
  if (broker?.kill("SIGTERM") === true) await once(broker, "close");
  await keycloak?.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  PATH: process.env["PATH"],
  HOME: join(folder, "home"),
  SSH_TTY: "no browser here",
  KEYCLOAK_PASSWORD: keycloak.adminPassword,
  CUSTOMER_SECRET: "the secret of acme",
  MASTER_KEY: "m".repeat(48),
});

/** Starts a command as it stands on the page. */
function start(command: string): { child: ChildProcess; output: () => string; onOutput: (act: () => void) => void } {
  const [program, ...args] = command.split(" ");
  if (program !== "cloudpass") throw new Error(`not ours: ${command}`);
  const child = spawn(process.execPath, [join(root, "src/main.ts"), ...args], { cwd: folder, env: environment() });
  let output = "";
  let look = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => {
      output += part.toString();
      look();
    });
  return { child, output: () => output, onOutput: (act) => (look = act) };
}

/** Runs the page up to a command, and answers what that one printed, with its exit code before it. */
async function upTo(wanted: string): Promise<string> {
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (step.kind === "write") {
      await mkdir(dirname(join(folder, step.file)), { recursive: true });
      await writeFile(join(folder, step.file), step.text);
    }
    if (step.kind !== "run") continue;
    const { child, output } = start(step.command);
    const [code] = await once(child, "close");
    if (step.command.startsWith(wanted)) return `${code}\n${output()}`;
    expect(`${code}\n${output()}`, step.command).toMatch(/^0\n/);
  }
  throw new Error(`the page has no more "${wanted}"`);
}

/** The next step of the page, which is this command. */
function take(wanted: string): string {
  const step = steps.shift();
  if (step?.kind !== "run" || !step.command.startsWith(wanted)) throw new Error(`expected ${wanted} on the page`);
  return step.command;
}

/** What the page has its reader do in Keycloak's console. */
async function addAda(): Promise<void> {
  const names = { username: "ada", firstName: "Ada", lastName: "Acme", email: "ada@acme.example", emailVerified: true };
  const id = String(await admin.call("POST", "/acme/users", { ...names, enabled: true }));
  const credentials = { type: "password", value: "ada", temporary: false };
  await admin.call("PUT", `/acme/users/${id}/reset-password`, credentials);
  const group = await admin.get("/acme/group-by-path/developers");
  await admin.call("PUT", `/acme/users/${id}/groups/${String(group["id"])}`);
}

test("the page leads from an empty folder to a login, a right, and its end", { timeout: 240_000 }, async () => {
  expect(await upTo("cloudpass realms plan")).toMatch(/^2\n/);
  expect(await upTo("cloudpass realms plan")).toMatch(/^0\n/);
  await addAda();
  expect(await upTo("cloudpass idp check")).toMatch(/^0\n[\s\S]* 0 wrong/);
  expect(await upTo("cloudpass config check")).toMatch(/^0\n/);

  const served = start(take("cloudpass serve"));
  broker = served.child;
  const ready = async () => (await fetch(`${issuer}/readyz`).catch(() => undefined))?.ok === true;
  await expect.poll(ready, { timeout: 60_000, message: served.output() }).toBe(true);

  const login = start(take("cloudpass login"));
  const link = new Promise<string>((resolve) =>
    login.onOutput(() => {
      const found = /(http\S+user_code=\S+)\s/.exec(login.output())?.[1];
      if (found !== undefined) resolve(found);
    }),
  );
  const browser = new Browser();
  const ada = { username: "ada", password: "ada" };
  const { page: entry } = await drive(browser, await browser.open(await link), undefined, ada);
  expect(heading(entry)).toBe("Log in a terminal");
  const last = await browser.submit(await browser.submit(entry, {}), { decision: "approve" });
  expect(heading(last)).toBe("Logged in");
  const [code] = await once(login.child, "close");
  expect(code, login.output()).toBe(0);

  expect(await upTo("cloudpass status")).toMatch(/^0\n[\s\S]*gx1[\s\S]*member/);
  const { claims } = JSON.parse((await upTo("cloudpass token")).slice(2)) as { claims: Record<string, unknown> };
  expect(claims).toMatchObject({ aud: "gx1", groups: ["cp.acme.developer"] });

  const taken = steps.shift();
  if (taken?.kind !== "change") throw new Error("the page no longer changes the policy");
  changeFile(join(folder, taken.file), taken.hunks);
  await expect.poll(served.output, { timeout: 30_000 }).toMatch(/the policy files have changed, and are in use/);
  expect(await upTo("cloudpass status")).not.toMatch(/member/);
  expect(await upTo("cloudpass audit verify")).toMatch(/^0\n[\s\S]*whole/);
  expect(await upTo("cloudpass logout")).toMatch(/^0\n/);
  expect(steps).toEqual([]);
});
