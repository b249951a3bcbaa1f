import { userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { checkIssuer } from "./check-issuer.ts";
import { CommandFailure, plain } from "./failure.ts";
import type { KeptSettings } from "./parse-settings.ts";
import type { Profile, Profiles } from "./profile.ts";
import { profileNamed, readProfiles } from "./profiles.ts";
import { readSettingsFile } from "./settings-file.ts";
import { shellWords } from "./shell-words.ts";
import type { Terminal } from "./terminal.ts";
import { keptIssuers } from "./user/session/token-file.ts";

/** What a person's commands need to know. */
export interface Settings {
  /** As tokens name it, without a slash at the end. */
  readonly issuer: string;
  /** PEM file with a private certificate authority, trusted besides the system's. */
  readonly caFile: string | undefined;
  /** The profile that they come from, if any. */
  readonly profile?: Profile | undefined;
  /** The options that were typed: the same settings are found again only with them. */
  readonly typed: SettingOptions;
}

/** What may be given on the command line. */
export interface SettingOptions {
  readonly issuer?: string;
  readonly caFile?: string;
  readonly profile?: string;
}

type Env = Terminal["env"];

/** A variable that is set to something: an empty one is how scripts and unit files unset it. */
export function variable(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** A folder of our own below the base folder of a kind; `undefined` where this person has no home. */
function folder(env: Env, name: "XDG_STATE_HOME" | "XDG_CONFIG_HOME", fallback: string): string | undefined {
  const base = variable(env, name);
  // XDG Base Directory: a relative path is invalid and must be ignored.
  if (base !== undefined && isAbsolute(base)) return join(base, "cloudpass");
  const home = homeOf(env);
  return home === undefined ? undefined : join(home, fallback, "cloudpass");
}

/** A relative home would put tokens into whatever folder the command is started in. */
export function homeOf(env: Env): string | undefined {
  const home = variable(env, "HOME");
  if (home !== undefined && isAbsolute(home)) return home;
  try {
    const { homedir } = userInfo(); // os.homedir() says what HOME says, also when that is nothing
    return isAbsolute(homedir) ? homedir : undefined;
  } catch {
    return undefined; // in a container the user id may have no entry in the passwd file
  }
}

/** Where tokens are kept. */
export function stateFolder(env: Env): string {
  const found = folder(env, "XDG_STATE_HOME", join(".local", "state"));
  if (found !== undefined) return found;
  throw new CommandFailure("there is no folder to keep your login in", {
    means: "HOME is not set to an absolute path, and this user has no entry in the passwd file.",
    fix: "set HOME, or XDG_STATE_HOME, to a folder of your own, such as XDG_STATE_HOME=/run/user/1000",
  });
}

/** The person's own settings file; `undefined` where this person has no home. */
export const settingsFile = (env: Env): string | undefined => configFile(env, "config.yaml");

/** The person's file of profiles; `undefined` where this person has no home. */
export const profilesFile = (env: Env): string | undefined => configFile(env, "profiles.yaml");

function configFile(env: Env, name: string): string | undefined {
  const found = folder(env, "XDG_CONFIG_HOME", ".config");
  return found === undefined ? undefined : join(found, name);
}

/**
 * Reads the settings: option before environment before the profile in use before the settings file before the only profile,
 * or the only login, that there is.
 */
export async function readSettings(typed: SettingOptions, env: Env): Promise<Settings> {
  const file = settingsFile(env);
  const [kept, profiles]: [KeptSettings, Profiles] = await Promise.all([
    file === undefined ? {} : readSettingsFile(file),
    readProfiles(profilesFile(env)),
  ]);
  const { issuer: said, profile } = await choose(typed, env, profiles, kept.issuer);
  const issuer = checkIssuer(said ?? (await onlyIssuer(stateFolder(env), file, profiles)));
  const keptCa = file === undefined || kept.caFile === undefined ? undefined : resolve(dirname(file), kept.caFile);
  const caFile = typed.caFile ?? variable(env, "CLOUDPASS_CA_FILE") ?? profile?.caFile ?? keptCa;
  return { issuer, caFile, ...(profile && { profile }), typed: typedOf(typed) };
}

interface Chosen {
  /** Absent: nothing says it. */
  readonly issuer: string | undefined;
  readonly profile?: Profile | undefined;
}

/** Which issuer is meant, and the profile that knows more of it. What is typed stands before what the environment says. */
async function choose(typed: SettingOptions, env: Env, profiles: Profiles, kept: string | undefined): Promise<Chosen> {
  const isTyped = typed.issuer !== undefined || typed.profile !== undefined;
  const name = isTyped ? typed.profile : variable(env, "CLOUDPASS_PROFILE");
  const said = isTyped ? typed.issuer : variable(env, "CLOUDPASS_ISSUER");
  if (name !== undefined) {
    const profile = await profileNamed(profiles, name);
    if (said === undefined || isSame(said, profile)) return { issuer: profile.issuer, profile };
    throw new CommandFailure(`the profile "${plain(name)}" is not for ${plain(said)}`, {
      means: `It is for ${plain(profile.issuer)}.`,
      fix: isTyped ? "leave out --issuer, or --profile" : "unset CLOUDPASS_ISSUER, or CLOUDPASS_PROFILE",
    });
  }
  if (said !== undefined) return { issuer: said, profile: profileFor(said, profiles) };
  if (profiles.current !== undefined) {
    const profile = profileInUse(profiles, profiles.current);
    return { issuer: profile.issuer, profile };
  }
  if (kept !== undefined) return { issuer: kept, profile: profileFor(kept, profiles) };
  const [only, ...more] = profiles.all;
  return only !== undefined && more.length === 0 ? { issuer: only.issuer, profile: only } : { issuer: undefined };
}

/** The profile in use. Whoever took it out of the file by hand is told that another one has to be chosen. */
function profileInUse({ all, file }: Profiles, current: string): Profile {
  const found = all.find(({ name }) => name === current);
  if (found !== undefined) return found;
  const [first] = all;
  throw new CommandFailure(`the profile in use, "${plain(current)}", is not in ${plain(file ?? "the file")}`, {
    means:
      all.length === 0 ? "There is no other one." : `There is ${all.map(({ name }) => plain(name)).join(" and ")}.`,
    fix:
      first === undefined
        ? "log in: cloudpass login https://…"
        : `choose one: cloudpass profiles use ${plain(first.name)}`,
  });
}

const isSame = (issuer: string, profile: Profile): boolean => checkIssuer(issuer) === profile.issuer;

/** The profile for an issuer. Of two it is the one in use; two that trust another authority are not chosen among. */
function profileFor(issuer: string, { all, current }: Profiles): Profile | undefined {
  const found = all.filter((profile) => isSame(issuer, profile));
  const inUse = found.find(({ name }) => name === current);
  if (inUse !== undefined || new Set(found.map(({ caFile }) => caFile)).size < 2) return inUse ?? found[0];
  const names = found.map(({ name }) => plain(name));
  throw new CommandFailure(`several profiles are for ${plain(issuer)}: ${names.join(", ")}`, {
    means: "They trust different certificate authorities.",
    fix: `name the one you mean: ${names.map((name) => `--profile ${name}`).join(", or ")}`,
  });
}

const typedOf = ({ issuer, caFile, profile }: SettingOptions): SettingOptions => ({
  ...(profile !== undefined && { profile }),
  ...(issuer !== undefined && { issuer }),
  ...(caFile !== undefined && { caFile }),
});

/** A command as an advice prints it (`login`, `status`): typed exactly so, it finds the same broker as this one did. */
export function formatCommand({ typed }: Pick<Settings, "typed">, words: string): string {
  const options = [
    ...(typed.profile === undefined ? [] : ["--profile", typed.profile]),
    ...(typed.issuer === undefined ? [] : ["--issuer", typed.issuer]),
    ...(typed.caFile === undefined ? [] : ["--ca-file", typed.caFile]),
  ];
  return shellWords(["cloudpass", ...words.split(" "), ...options]);
}

async function onlyIssuer(state: string, file: string | undefined, { all }: Profiles): Promise<string> {
  if (all.length > 0) {
    throw new CommandFailure("no profile is in use", {
      means: `There is ${all.map(({ name }) => plain(name)).join(" and ")}.`,
      fix: `choose one: cloudpass profiles use ${plain(all[0]?.name ?? "NAME")}`,
    });
  }
  const [only, ...more] = await keptIssuers(state);
  if (only !== undefined && more.length === 0) return only;
  const unset = "log in: cloudpass login https://…; or give --issuer https://…, or set CLOUDPASS_ISSUER";
  throw new CommandFailure("no issuer is set", {
    means:
      only === undefined
        ? "cloudpass does not know which broker to talk to."
        : `You are logged in at ${[only, ...more].map(plain).join(" and at ")}: which one?`,
    fix: file === undefined ? unset : `${unset}, or write "issuer: https://…" into ${file}`,
  });
}
