import { stat } from "node:fs/promises";
import { type Command, Option } from "commander";
import { instant, isoTime } from "../../../core/index.ts";
import { CommandFailure, formatFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { formatCommand } from "../../settings.ts";
import { shellWords } from "../../shell-words.ts";
import { formatDuration, notify, show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { formatDiff } from "../person-file/format-diff.ts";
import { replacePersonFile } from "../person-file/person-file.ts";
import { type CloudToken, loginToCloud } from "../session/cloud-login.ts";
import type { Session } from "../session/session.ts";
import type { ListedCloud } from "../session/targets.ts";
import { nameBy, type OwnCloud, ownClouds, withClouds, withTokens } from "./entries.ts";
import { type CloudFiles, type CloudsOptions, openClouds, orFailure } from "./opened.ts";
import { type Usable, usableClouds } from "./wanted.ts";

interface WriteOptions extends CloudsOptions {
  readonly name: string;
}

const writeOptions = (command: Command): Command =>
  personOptions(command)
    .option("--file <file>", "the file; else OS_CLIENT_CONFIG_FILE, else ~/.config/openstack/clouds.yaml")
    .addOption(new Option("--name <template>", "what new entries are called").default("{cloud}-{scope}"));

/** `cloudpass clouds write` */
export function addWrite(clouds: Command, terminal: Terminal, finish: Finish): void {
  writeOptions(clouds.command("write"))
    .description("add or renew an entry for each project and domain that you may use, with a fresh token")
    .addHelpText(
      "after",
      `
In a name, {cloud} is the cloud, {scope} the project (or "domain", for a domain's manager), {domain} its domain.
The tokens end by themselves, at most as late as the cloud lets them: write again, and they are renewed. A cloud
that is away keeps its entry and gets its token the next time. Entries that you may no longer use stay.

Exit code 3: no cloud could be reached.

Examples:
  cloudpass clouds write
  cloudpass clouds write --name "{cloud}-{domain}-{scope}"
  cloudpass clouds write --file ./clouds.yaml`,
    )
    .action(async (options: WriteOptions) => {
      const { session, files, usable, after, own } = await planned(options, terminal);
      const got = await tokensOf(session, usable.clouds, terminal);
      // The tokens first: an entry without one would have the tools ask for a password.
      await writeTokens(session, files, { own, got }, terminal);
      if (after !== files.clouds.text) await replacePersonFile(files.clouds, after);
      show(terminal, ...formatWritten(files, after, own), ...formatTokens(files, got, terminal.clock.now()));
      show(terminal, ...formatUse(files, own));
      for (const { cloud, domain } of usable.open) {
        notify(
          terminal,
          `cloudpass: ${plain(cloud)} also has any project of the domain ${plain(domain)}, by exec --project NAME`,
        );
      }
      const failed = [...got.values()].filter((one) => one instanceof CommandFailure);
      for (const failure of failed) notify(terminal, formatFailure(failure));
      finish(failed.length === got.size ? (failed[0]?.exitCode ?? 0) : 0);
    });
}

/** `cloudpass clouds diff` */
export function addDiff(clouds: Command, terminal: Terminal, finish: Finish): void {
  writeOptions(clouds.command("diff"))
    .description("show what write would change, and change nothing")
    .addHelpText(
      "after",
      "\nTokens are no change, and are not shown. Exit code 2: something would change.\n\nExample:\n  cloudpass clouds diff",
    )
    .action(async (options: WriteOptions) => {
      const { files, after } = await planned(options, terminal);
      const { path, text } = files.clouds;
      const lines = formatDiff(path, text, after);
      show(terminal, ...(lines.length === 0 ? [plain(`${path} is as it should be`)] : lines));
      finish(lines.length === 0 ? 0 : 2);
    });
}

interface Planned {
  readonly session: Session;
  readonly files: CloudFiles;
  readonly usable: Usable;
  readonly after: string;
  /** Entries of clouds that the person may use now. */
  readonly own: readonly OwnCloud[];
}

async function planned(options: WriteOptions, terminal: Terminal): Promise<Planned> {
  const { session, files } = await openClouds(options, terminal);
  const { issuer } = session.settings;
  const usable = await usableClouds(session);
  const { wanted } = usable;
  if (wanted.length === 0) {
    throw new CommandFailure("you have no right on any project or domain of a cloud", {
      fix: `see what you may do: ${formatCommand(session.settings, "status")}`,
    });
  }
  const names = wanted.map((one) => nameBy(options.name, one));
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw new CommandFailure(`"${plain(options.name)}" would call several entries "${plain(twice)}"`, {
      fix: 'put more into it: --name "{cloud}-{domain}-{scope}"',
    });
  }
  const wish = { issuer, clouds: wanted, template: options.name };
  const after = orFailure(withClouds(files.clouds.path, files.clouds.text, wish), files.clouds);
  const now = new Set(usable.clouds.map(({ name }) => name));
  const own = orFailure(ownClouds(files.clouds.path, after, issuer), files.clouds);
  return { session, files, usable, after, own: own.filter(({ cloud }) => now.has(cloud)) };
}

type Got = ReadonlyMap<string, CloudToken | CommandFailure>;

/** Asks the broker for one access token after the other, then every cloud at once: one that is away holds up no other. */
async function tokensOf(session: Session, clouds: readonly ListedCloud[], { clock }: Terminal): Promise<Got> {
  const got = new Map<string, CloudToken | CommandFailure>();
  for (const { name } of clouds) {
    const failure = await orItsFailure(session.access(name));
    if (failure instanceof CommandFailure) got.set(name, failure);
  }
  const ready = clouds.filter(({ name }) => !got.has(name));
  const asked = ready.map((cloud) => orItsFailure(loginToCloud(session, cloud, () => clock.now())));
  for (const [place, answer] of (await Promise.all(asked)).entries()) got.set(ready[place]?.name ?? "", answer);
  return got;
}

const orItsFailure = <T>(asked: Promise<T>): Promise<T | CommandFailure> =>
  asked.catch((problem: unknown) => {
    if (problem instanceof CommandFailure) return problem;
    throw problem;
  });

/** Permissions of the group and of everybody. */
const ofOthers = 0o077;

async function writeTokens(
  { settings }: Session,
  { secure }: CloudFiles,
  { own, got }: { readonly own: readonly OwnCloud[]; readonly got: Got },
  terminal: Terminal,
): Promise<void> {
  const tokens = own.flatMap(({ name, cloud }): [string, { token: string; expiresAt: string }][] => {
    const one = got.get(cloud);
    if (one === undefined || one instanceof CommandFailure) return [];
    return [[name, { token: one.token, expiresAt: isoTime(instant(one.expiresAt)) }]];
  });
  if (tokens.length === 0) return;
  const wish = { issuer: settings.issuer, tokens: new Map(tokens) };
  const after = orFailure(withTokens(secure.path, secure.text, wish), secure);
  if (after === secure.text) return;
  const mode = (await stat(secure.path).catch(() => undefined))?.mode ?? 0;
  await replacePersonFile(secure, after, { isSecret: true });
  if ((mode & ofOthers) !== 0)
    notify(terminal, `cloudpass: ${plain(secure.path)} could be read by others on this machine, and is private now`);
}

function formatWritten({ clouds }: CloudFiles, after: string, own: readonly OwnCloud[]): string[] {
  const names = own.map(({ name }) => plain(name)).join(", ");
  const path = plain(clouds.path);
  return [after === clouds.text ? `${path} is as it should be` : `Written: ${names} in ${path}`];
}

function formatTokens({ secure }: CloudFiles, got: Got, now: number): string[] {
  const good = [...got].flatMap(([cloud, one]) =>
    one instanceof CommandFailure ? [] : [`${plain(cloud)} for ${formatDuration(one.expiresAt - now)}`],
  );
  return good.length === 0 ? [] : [`Tokens in ${plain(secure.path)}: ${good.join(", ")}`];
}

function formatUse({ clouds, secure, isUsual }: CloudFiles, [first]: readonly OwnCloud[]): string[] {
  if (first === undefined) return [];
  const variables = isUsual
    ? []
    : [`export OS_CLIENT_CONFIG_FILE=${shellWords([clouds.path])} OS_CLIENT_SECURE_FILE=${shellWords([secure.path])}`];
  const command = shellWords(["openstack", "--os-cloud", first.name, "server", "list"]);
  return [`Use one: ${[...variables, command].join(" && ")}`];
}
