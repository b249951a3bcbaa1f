import type { Command } from "commander";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import type { Session } from "../session/session.ts";
import { type ReachedTenant, tenantNamed } from "./console-api.ts";

/** Options of every command about one tenant. */
export interface TenantOptions extends SettingOptions {
  readonly tenant?: string;
  readonly output: "text" | "json";
}

/** `--tenant`, and what every command of a person has. */
export const tenantOptions = (command: Command): Command =>
  outputOption(personOptions(command.option("--tenant <name>", "which, where you reach several")));

/** The session of the options, and the tenant that they mean. */
export async function openTenant(
  { tenant: named, ...options }: TenantOptions,
  terminal: Terminal,
): Promise<{ readonly session: Session; readonly tenant: ReachedTenant }> {
  const session = await openSession(options, terminal);
  return { session, tenant: await tenantNamed(session, named) };
}
