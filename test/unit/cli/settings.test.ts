import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkIssuer } from "../../../src/cli/check-issuer.ts";
import { trustCa } from "../../../src/cli/network.ts";
import { formatCommand, readSettings, settingsFile, stateFolder } from "../../../src/cli/settings.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-settings-"));
});
afterAll(() => rm(home, { recursive: true }));

describe("settings", () => {
  it("follow the XDG folders, and ignore relative ones", () => {
    expect(stateFolder({ HOME: "/h" })).toBe("/h/.local/state/cloudpass");
    expect(stateFolder({ HOME: "/h", XDG_STATE_HOME: "/s" })).toBe("/s/cloudpass");
    expect(stateFolder({ HOME: "/h", XDG_STATE_HOME: "s" })).toBe("/h/.local/state/cloudpass");
    expect(settingsFile({ HOME: "/h" })).toBe("/h/.config/cloudpass/config.yaml");
  });

  it("take option before environment before file", async () => {
    const env = { XDG_CONFIG_HOME: home };
    await mkdir(join(home, "cloudpass"), { recursive: true });
    await writeFile(join(home, "cloudpass", "config.yaml"), "issuer: https://file.example\ncaFile: ca.pem\n");
    expect(await readSettings({}, env)).toMatchObject({
      issuer: "https://file.example",
      caFile: join(home, "cloudpass", "ca.pem"),
    });
    expect((await readSettings({}, { ...env, CLOUDPASS_ISSUER: "https://env.example/" })).issuer).toBe(
      "https://env.example",
    );
    const options = { issuer: "https://option.example", caFile: "here.pem" };
    expect(await readSettings(options, { ...env, CLOUDPASS_ISSUER: "https://env.example" })).toEqual({
      ...options,
      typed: options,
    });
  });

  it.each(["", " ", "\n"])(
    "an empty variable (%j) is no variable: it hides neither the file nor the home",
    async (empty) => {
      const folder = join(home, "kept", ".config", "cloudpass");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "config.yaml"), "issuer: https://file.example\ncaFile: ca.pem\n");
      const env = {
        HOME: join(home, "kept"),
        XDG_CONFIG_HOME: empty,
        XDG_STATE_HOME: empty,
        CLOUDPASS_ISSUER: empty,
        CLOUDPASS_CA_FILE: empty,
      };
      expect(await readSettings({}, env)).toMatchObject({
        issuer: "https://file.example",
        caFile: join(folder, "ca.pem"),
      });
      expect(stateFolder(env)).toBe(join(home, "kept", ".local/state/cloudpass"));
      vi.stubEnv("HOME", empty);
      expect(isAbsolute(stateFolder({ HOME: empty }))).toBe(true);
      vi.unstubAllEnvs();
    },
  );

  it("are found again by the command that an advice prints, typed exactly so", async () => {
    const typed = { issuer: "https://login.example", caFile: "my company's ca.pem" };
    const settings = await readSettings(typed, { HOME: home });
    expect(formatCommand(settings, "login --device")).toBe(
      "cloudpass login --device --issuer https://login.example --ca-file 'my company'\\''s ca.pem'",
    );
    const found = await readSettings({}, { HOME: home, CLOUDPASS_ISSUER: "https://login.example" });
    expect(formatCommand(found, "status")).toBe("cloudpass status");
  });

  it("tell a mistake in the file with its place and the nearest name", async () => {
    const folder = join(home, "wrong", "cloudpass");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.yaml"), "issuers: https://x.example\n");
    await expect(readSettings({}, { XDG_CONFIG_HOME: join(home, "wrong") })).rejects.toThrow(
      expect.objectContaining({
        means: expect.stringMatching(/config\.yaml:1:1: .*unknown key[\s\S]*did you mean "issuer"/),
      }),
    );
  });

  it("say what to do when no issuer is set", async () => {
    await expect(readSettings({}, { HOME: home })).rejects.toThrow("no issuer is set");
  });

  it.each([
    "https://login.example",
    "https://login.example/broker",
    "http://127.0.0.1:8080",
    "http://localhost",
    "http://[::1]:1",
  ])("take %s as issuer", (issuer) => {
    expect(checkIssuer(`${issuer}/`)).toBe(issuer);
  });

  it("write an issuer as its metadata does, whatever was typed", () => {
    expect(checkIssuer("HTTPS://Login.Example:443/")).toBe("https://login.example");
  });

  it.each([
    ["http://login.example", "not https"],
    ["http://127.0.0.1.evil.example", "not https"],
    ["http://127.evil.example", "not https"],
    ["ftp://login.example", "is not an issuer"],
    ["login.example", "is not an issuer"],
    ["https://login.example/?x=1", "is not an issuer"],
    ["https://user:secret@login.example", "no user or password"],
  ])("refuse %s as issuer: %s", (issuer, happened) => {
    expect(() => checkIssuer(issuer)).toThrow(happened);
  });

  it("refuse a CA file that is none", async () => {
    await expect(trustCa(join(home, "missing.pem"))).rejects.toThrow("ENOENT");
    await writeFile(join(home, "no.pem"), "x");
    await expect(trustCa(join(home, "no.pem"))).rejects.toThrow("holds no certificate");
  });
});
