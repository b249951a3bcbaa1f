import type { Command } from "commander";
import { type Random, systemRandom } from "../../core/index.ts";
import { readSettings, type SettingOptions } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { Session } from "./session/session.ts";

/** Options that every command of a person has. */
export const personOptions = (command: Command): Command =>
  command
    .option("--issuer <url>", "the broker; else CLOUDPASS_ISSUER, else the profile in use, else the settings file")
    .option("--profile <name>", "a federation by its name; else CLOUDPASS_PROFILE; see cloudpass profiles list")
    .option("--ca-file <file>", "PEM file of a private certificate authority to trust besides the system's");

/** Opens the session that the options name. */
export async function openSession(
  options: SettingOptions,
  terminal: Terminal,
  random: Random = systemRandom,
): Promise<Session> {
  return new Session({ settings: await readSettings(options, terminal.env), terminal, random });
}
