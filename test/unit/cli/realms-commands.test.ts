import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { instant, manualClock } from "../../../src/core/index.ts";
import { smallRealm, smallSecret } from "../../support/small-realm.ts";
import { fakeTerminal } from "./fake-terminal.ts";

let folder: string;
let files: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-realms-"));
  await writeFile(join(folder, "small.yaml"), smallRealm("small"));
  // Nobody listens on the discard port.
  const main = "{url: 'http://127.0.0.1:9', username: admin, password: {env: ADMIN}}";
  const environment = `kind: Environment\nissuer: https://login.example\nkeycloaks: {main: ${main}}\n`;
  await writeFile(join(folder, "environment.yaml"), environment);
  files = [join(folder, "small.yaml"), "-e", join(folder, "environment.yaml")];
});
afterAll(() => rm(folder, { recursive: true }));

const realms = async (...argv: string[]) => {
  const env = { HOME: folder, ADMIN: "the admin's password", HOME_SECRET: smallSecret };
  const terminal = fakeTerminal(env, { clock: manualClock(instant(1_800_000_000)) });
  const exitCode = await runCli(["realms", ...argv], {
    version: "0.0.0",
    serve: async (file) => file.length,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};

describe("realms validate", () => {
  it("asks no server, needs no secret, and says which realms it saw", async () => {
    expect(await realms("validate", files[0] ?? "")).toMatchObject({ exitCode: 0, out: "no problems: small\n" });
  });

  it("tells every problem with its place, as text or as JSON", async () => {
    const file = join(folder, "broken.yaml");
    await writeFile(file, smallRealm("small").replace("template: custom", "template: custon"));
    const text = await realms("validate", file);
    expect(text.exitCode).toBe(1);
    expect(text.out).toContain(`${file}:7:15: clients.desk.template`);
    const json = JSON.parse((await realms("validate", file, "--output", "json")).out);
    expect(json.problems).toMatchObject([{ file, line: 7, column: 15 }]);
  });

  it("with --secrets it also says which secret is not there", async () => {
    const file = join(folder, "secret.yaml");
    await writeFile(file, smallRealm("small").replace("HOME_SECRET", "NOT_SET"));
    expect((await realms("validate", file)).exitCode).toBe(0);
    const told = await realms("validate", file, "--secrets");
    expect(told.exitCode).toBe(1);
    expect(told.out).toContain("the environment variable NOT_SET is not set");
  });
});

describe("a Keycloak that cannot be reached", () => {
  it.each([
    ["plan"],
    ["apply", "--yes"],
    ["drift"],
    ["destroy", "--confirm", "small"],
    ["destroy", "--realm-too", "--confirm", "small"],
  ])("%s ends with 3, and says that nothing was done", async (command, ...more) => {
    const { exitCode, out, err } = await realms(command, ...files, ...more);
    expect(exitCode).toBe(3);
    expect(err).toContain("could not be reached");
    expect(out + err).not.toMatch(/the admin's password|a canary/);
  });

  it("import ends with 3, and writes no file", async () => {
    const file = join(folder, "imported.yaml");
    const { exitCode } = await realms("import", "small", ...files.slice(1), "--file", file);
    expect(exitCode).toBe(3);
    expect(existsSync(file)).toBe(false);
  });
});

describe("destroy --realm-too", () => {
  it("is refused for a realm whose file protects something", async () => {
    const file = join(folder, "protecting.yaml");
    await writeFile(file, `${smallRealm("small")}\nprotect: [clients]\n`);
    const told = await realms("destroy", file, ...files.slice(1), "--realm-too", "--confirm", "small");
    expect(told).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("the file protects clients of realm small"),
    });
  });
});

describe("names that lead nowhere", () => {
  it("a realm, or a Keycloak, that is not there is named with the nearest that is", async () => {
    expect((await realms("plan", ...files, "--realm", "smal")).err).toContain('did you mean "small"?');
    const imported = await realms("import", "x", ...files.slice(1), "--keycloak", "mian");
    expect(imported.err).toContain('no Keycloak "mian"');
    expect(imported.err).toContain('did you mean "main"?');
  });

  it("--max-deletes takes a number", async () => {
    expect((await realms("plan", ...files, "--max-deletes", "all")).exitCode).toBe(1);
  });
});
