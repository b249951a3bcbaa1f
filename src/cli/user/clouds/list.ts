import type { Command } from "commander";
import { formatScope, parseTime } from "../../../core/index.ts";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { formatDuration, show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { type OwnCloud, ownClouds, ownTokens } from "./entries.ts";
import { type CloudsOptions, openClouds, orFailure } from "./opened.ts";

/** `cloudpass clouds list` */
export function addList(clouds: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(clouds.command("list")))
    .description("show which entries are ours, and until when their tokens are good")
    .option("--file <file>", "the file; else OS_CLIENT_CONFIG_FILE, else ~/.config/openstack/clouds.yaml")
    .addHelpText("after", "\nExample:\n  cloudpass clouds list --output json")
    .action(async ({ output, ...options }: CloudsOptions & { readonly output: string }) => {
      const { session, files } = await openClouds(options, terminal);
      const { issuer } = session.settings;
      const own = orFailure(ownClouds(files.clouds.path, files.clouds.text, issuer), files.clouds);
      const tokens = orFailure(ownTokens(files.secure.path, files.secure.text, issuer), files.secure);
      const ends = new Map(tokens.map(({ name, expiresAt }) => [name, expiresAt]));
      if (output === "json") {
        const entries = own.map(({ name, cloud, scope }) => ({
          name,
          cloud,
          scope: scope ?? null,
          token_expires_at: ends.get(name) ?? null,
        }));
        const told = { file: files.clouds.path, secure_file: files.secure.path, entries };
        show(terminal, JSON.stringify(told, undefined, 2));
      } else if (own.length === 0) show(terminal, plain(`${files.clouds.path} holds nothing of ours`));
      else show(terminal, ...own.map((entry) => formatEntry(entry, ends.get(entry.name), terminal.clock.now())));
      finish(0);
    });
}

function formatEntry({ name, cloud, scope }: OwnCloud, end: string | undefined, now: number): string {
  const where = scope === undefined ? "no place" : formatScope(scope);
  const left = (parseTime(end ?? "") ?? 0) - now;
  const token = left > 0 ? `token for ${formatDuration(left)}` : "no token";
  return plain(`${name}   (cloud ${cloud}, ${where}, ${token})`);
}
