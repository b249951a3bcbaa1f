import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { type Booted, boot } from "../../support/boot.ts";
import { decideInBrowser, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { holderOf } from "../../support/key-holder.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

let booted: Booted;
let home: string;
beforeAll(async () => {
  booted = await boot({ yaml: "device: {interval: 1s}" });
  home = await mkdtemp(join(tmpdir(), "cloudpass-cli-"));
});
afterAll(async () => {
  await booted.stop();
  await rm(home, { recursive: true });
});

const run = async (person: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const folder = join(home, person);
  const { PATH } = process.env;
  const terminal = fakeTerminal({
    PATH,
    HOME: folder,
    XDG_STATE_HOME: folder,
    CLOUDPASS_ISSUER: booted.issuer,
    ...env,
  });
  const exitCode = await runCli(argv, {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};

/** `cloudpass login`, with a scripted browser in the person's place. */
async function login(person: string, decision: "approve" | "deny" = "approve") {
  const folder = join(home, person);
  const terminal = fakeTerminal({ HOME: folder, XDG_STATE_HOME: folder });
  const argv = ["login", "--json", "--issuer", booted.issuer];
  const running = runCli(argv, {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
  await expect.poll(() => terminal.out(), { timeout: 5_000 }).toContain("\n");
  const link = (JSON.parse(terminal.out().split("\n")[0] ?? "") as { verification_uri_complete: string })
    .verification_uri_complete;
  await decideInBrowser(link, embeddedVisitor(`${person}@a.example`), decision);
  return { exitCode: await running, out: terminal.out(), err: terminal.err() };
}

/** A child that tells what it was started with. */
const tell = `
const fs = require("node:fs");
const file = process.env.OS_CLIENT_CONFIG_FILE;
const mode = fs.statSync(file).mode & 0o777;
const names = Object.keys(process.env).filter((name) => name.startsWith("OS_"));
const secret = Object.values(process.env).concat(process.argv.slice(2)).some((text) => text.includes("eyJ"));
fs.writeFileSync(process.argv[1], JSON.stringify({ file, mode, names, secret, yaml: fs.readFileSync(file, "utf8") }));
process.exit(7);
`;

describe("cloudpass against the broker", { timeout: 60_000 }, () => {
  it("login waits for the browser and then knows the person", async () => {
    const { exitCode, err } = await login("bob");
    expect(err).toContain("as Bob Behrens (bob) of customer-a.");
    expect(exitCode).toBe(0);
  });

  it("login binds itself to a key: a copy of the refresh token alone opens nothing", async () => {
    const folder = join(home, "bob", "cloudpass");
    const [name = ""] = await readdir(folder);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(await readFile(join(folder, name), "utf8"));
    expect(kept.proofKey).toMatchObject({ kty: "EC", crv: "P-256", d: expect.any(String) });
    expect(kept.access[""].bound).toBe(true);
    const copy = { grant_type: "refresh_token", client_id: "cloudpass", refresh_token: kept.refreshToken };
    expect(outcome(await postForm(`${booted.issuer}/token`, copy))).toBe("400 invalid_dpop_proof");
  });

  it("status says who, where, what, why and until when", async () => {
    const { exitCode, out } = await run("bob", ["status"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^person {5}Bob Behrens \(bob\) of customer-a$/m);
    expect(out).toMatch(/^until {6}20\d\d-.*Z, in 1[12] h/m);
    expect(out).toMatch(/^cloud {6}gx1 {3}https:\/\/api\.gx1\.example/m);
    expect(out).toMatch(/^ +member on project customer-a\/dev {3}\(grant dev, (?:policies\/)?customer-a\.yaml:\d+\)$/m);
    expect(out).toMatch(/^cluster {4}prod1 {3}https/m);
    const json = JSON.parse((await run("bob", ["status", "--output", "json"])).out);
    expect(json).toMatchObject({ issuer: booted.issuer, tenant: "customer-a" });
    expect(json.targets.map((target: { name: string }) => target.name).sort()).toEqual(["gx1", "gx2", "prod1"]);
  });

  it("status asks for another token when the broker takes the kept one no more", async () => {
    const folder = join(home, "bob", "cloudpass");
    const [name = ""] = await readdir(folder);
    const keptToken = async () => JSON.parse(await readFile(join(folder, name), "utf8")).access[""].token as string;
    const before = await keptToken();
    await postForm(`${booted.issuer}/revoke`, { client_id: "cloudpass", token: before });
    expect(await run("bob", ["status"])).toMatchObject({ exitCode: 0, err: "" });
    expect(await keptToken()).not.toBe(before);
  });

  it("token gives one audience each, with the groups of that target only", async () => {
    for (const target of ["gx1", "prod1"]) {
      const { exitCode, out, err } = await run("bob", ["token", "--target", target, "--output", "json"]);
      expect(err).toBe("");
      expect(exitCode).toBe(0);
      const { claims } = JSON.parse(out);
      expect(claims).toMatchObject({ aud: target, token_use: "access", groups: ["cp.customer-a.developer"] });
    }
  });

  it("exec gives the child a private clouds.yaml for the only project, passes its exit code on and cleans up", async () => {
    const told = join(home, "told.json");
    const argv = ["exec", "--cloud", "gx1", "--", process.execPath, "-e", tell, told];
    const { exitCode, err } = await run("bob", argv, { OS_PASSWORD: "other", OS_REGION_NAME: "r1" });
    // The cloud is none of this test's: what cannot log in there by itself is told so (`clouds-for-tools.test.ts`).
    expect(err.split("\n").slice(1)).toEqual(["cloudpass: not passed on: OS_PASSWORD", ""]);
    expect(exitCode).toBe(7);
    const seen = JSON.parse(await readFile(told, "utf8"));
    expect(seen).toMatchObject({ mode: 0o600, secret: false });
    expect(seen.names.sort()).toEqual(["OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD", "OS_REGION_NAME"]);
    expect(seen.yaml).toContain('auth_type: "v3oidcaccesstoken"');
    expect(seen.yaml).toContain('identity_provider: "cloudpass-customer-a"');
    expect(seen.yaml).toContain('project_name: "dev"');
    await expect(readFile(seen.file)).rejects.toThrow("ENOENT");
  });

  it("exec passes signals to the child, waits for it, and removes the file", async () => {
    const told = join(home, "signalled.json");
    const child = `process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); require("node:fs").writeFileSync(process.argv[1], process.env.OS_CLIENT_CONFIG_FILE);`;
    const argv = ["exec", "--cloud", "gx1", "--issuer", booted.issuer, "--", process.execPath, "-e", child, told];
    const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
    const env = { PATH: process.env["PATH"], HOME: join(home, "bob"), XDG_STATE_HOME: join(home, "bob") };
    const cloudpass = spawn(process.execPath, [main, ...argv], { env, stdio: "ignore" });
    const file = () => readFile(told, "utf8").catch(() => "");
    await expect.poll(file, { timeout: 10_000 }).toContain("clouds.yaml");
    cloudpass.kill("SIGTERM");
    expect(await once(cloudpass, "exit")).toEqual([9, null]);
    await expect(readFile(await file())).rejects.toThrow("ENOENT");
  });

  it("exec says which clouds there are, and that a cluster is none", async () => {
    const wrong = await run("bob", ["exec", "--cloud", "gx3", "--", "true"]);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.err).toContain('there is no cloud "gx3" for you\n  did you mean "gx1"?');
    const cluster = await run("bob", ["exec", "--cloud", "prod1", "--", "true"]);
    expect(cluster.err).toContain("prod1 is a cluster, not a cloud");
    const missing = await run("bob", ["exec", "--cloud", "gx1", "--", "no-such-command-here"]);
    expect(missing).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('there is no command "no-such-command-here"'),
    });
  });

  it("kube-credential answers kubectl on stdout alone", async () => {
    const info = JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", spec: {} });
    const { exitCode, out, err } = await run("bob", ["kube-credential", "--cluster", "prod1"], {
      KUBERNETES_EXEC_INFO: info,
    });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential", status: { token: expect.stringMatching(/^eyJ/) } });
  });

  it("keeps a denied login out, and says another thing to a person without rights", async () => {
    const denied = await login("alice", "deny");
    expect(denied.exitCode).toBe(1);
    expect(denied.err).toContain(
      "cloudpass: the login was denied\n  Somebody pressed “No, refuse” on the confirmation page.",
    );
    const guest = await login("guest");
    expect(guest.exitCode).toBe(1);
    expect(guest.err).toContain(
      "cloudpass: you have no rights\n  Whoever confirmed the login has no right on any cloud",
    );
    expect(guest.err).toContain("→ ask your domain manager which rights you should have");
    expect((await run("alice", ["status"])).err).toContain("you are not logged in");
    const unknown = await run("bob", ["token", "--target", "gx9"]);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.err).toContain('there is no target "gx9" for you');
  });

  it("logout ends the login here and at the broker", async () => {
    expect((await login("alice")).exitCode).toBe(0);
    const folder = join(home, "alice", "cloudpass");
    const [name = ""] = await readdir(folder);
    const { refreshToken, proofKey } = JSON.parse(await readFile(join(folder, name), "utf8"));
    expect(await run("alice", ["logout"])).toMatchObject({
      exitCode: 0,
      err: expect.stringContaining("Logged out at"),
    });
    expect(await readdir(folder)).toEqual([]);
    const form = { grant_type: "refresh_token", client_id: "cloudpass", refresh_token: refreshToken };
    const dpop = await (await holderOf(proofKey)).proof("POST", `${booted.issuer}/token`);
    expect(outcome(await postForm(`${booted.issuer}/token`, form, { dpop }))).toBe("400 invalid_grant");
    expect((await run("alice", ["logout"])).err).toContain("You were not logged in");
  });
});
