import { resolve } from "node:path";
import { changeProfiles, withProfile } from "../../change-profiles.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { isProfileName, type ProfileMethod, type Profiles } from "../../profile.ts";
import { readProfiles } from "../../profiles.ts";
import { profilesFile, readSettings, type SettingOptions, type Settings } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";

type Env = Terminal["env"];

/** What a login is begun with, besides options that every command has. */
interface LoginWords extends SettingOptions {
  /** The word after `login`: an issuer, with or without `https://`, or the name of a profile. */
  readonly where?: string;
}

/** Settings of a login: as for every command, but a profile that is named may be one to be made. */
export async function loginSettings(words: LoginWords, env: Env): Promise<Settings> {
  const { where, issuer, caFile, profile: named } = words;
  const options = withoutAbsent({ issuer, caFile, profile: named });
  const profiles = await readProfiles(profilesFile(env));
  const typed = where === undefined ? options : withWhere(where, options, profiles);
  const { profile: name, ...rest } = typed;
  const isNew = name !== undefined && profiles.all.every((profile) => profile.name !== name);
  if (!isNew || rest.issuer === undefined) return readSettings(typed, env);
  if (!isProfileName(name)) {
    throw new CommandFailure(`"${plain(name)}" cannot be the name of a profile`, {
      fix: "use letters, digits and . _ : + @ -, up to 64",
    });
  }
  const { profile, ...settings } = await readSettings(rest, env);
  return { ...settings, typed };
}

const withoutAbsent = ({
  issuer,
  caFile,
  profile,
}: Record<keyof SettingOptions, string | undefined>): SettingOptions => ({
  ...(issuer !== undefined && { issuer }),
  ...(caFile !== undefined && { caFile }),
  ...(profile !== undefined && { profile }),
});

function withWhere(where: string, options: SettingOptions, { all }: Profiles): SettingOptions {
  const isName = all.some(({ name }) => name === where);
  if (isName && options.profile === undefined) return { ...options, profile: where };
  const issuer = where.includes("://") ? where : `https://${where}`;
  if (options.issuer === undefined) return { ...options, issuer };
  throw new CommandFailure("two issuers are given", { fix: `leave out --issuer ${plain(options.issuer)}` });
}

/** What a login learned. */
export interface Learned {
  readonly settings: Settings;
  /** The way that was asked for, if any. */
  readonly login?: ProfileMethod | undefined;
  readonly callbackPort?: number | undefined;
}

/** What is said of it. */
export interface Remembered {
  readonly name: string;
  /** The profile that was in use before, if another one was. */
  readonly instead?: string | undefined;
}

/**
 * Remembers a login as a profile, and takes that into use: when its issuer or a profile was typed. What the environment or
 * the settings file says is there the next time, too. Answers `undefined` when nothing is to be remembered.
 */
export async function rememberLogin({ settings, ...way }: Learned, env: Env): Promise<Remembered | undefined> {
  const file = profilesFile(env);
  const { issuer, caFile, profile, typed } = settings;
  if (file === undefined || (typed.issuer === undefined && typed.profile === undefined)) return undefined;
  const profiles = await readProfiles(file);
  const name = typed.profile ?? profile?.name ?? freeName(issuer, profiles);
  let before: string | undefined;
  await changeProfiles(file, (found) => {
    before = found.current ?? undefined;
    const known = found.profiles?.[name];
    const ca = caFile === undefined || resolve(caFile) === profile?.caFile ? {} : { caFile: resolve(caFile) };
    // A way that is asked for later is for that once.
    return {
      ...withProfile(found, name, known === undefined ? { issuer, ...ca, ...way } : { ...known, ...ca }),
      current: name,
    };
  });
  return { name, ...(before !== undefined && before !== name && { instead: before }) };
}

/** The address without what all have in common, such as `login.example` or `localhost:8080`. */
function freeName(issuer: string, { all }: Profiles): string {
  const { host, pathname } = new URL(issuer);
  const words = `${host}${pathname === "/" ? "" : pathname}`.replace(/[^\p{L}\p{N}._:+@-]+/gu, "-");
  const name = words.replace(/^[^\p{L}\p{N}]+/u, "").slice(0, 60);
  const isFree = (candidate: string) => all.every((profile) => profile.name !== candidate);
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (isFree(candidate)) return candidate;
  }
}

/** The settings as the next command finds them, if that is the same broker; else as they were typed. */
export async function nextSettings(settings: Settings, env: Env): Promise<Settings> {
  const next = await readSettings({}, env).catch(() => settings);
  return next.issuer === settings.issuer && next.caFile === absolute(settings.caFile) ? next : settings;
}

const absolute = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(path));
