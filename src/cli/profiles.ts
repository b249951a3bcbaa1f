import { dirname, resolve } from "node:path";
import { checkIssuer } from "./check-issuer.ts";
import { CommandFailure, plain } from "./failure.ts";
import { parsePlainYaml } from "./plain-yaml.ts";
import { isProfileName, loginMethods, type Profile, type ProfileMethod, type Profiles } from "./profile.ts";
import { type Check, isNumber, isText, optional, recordOf, shape } from "./shape.ts";
import { readPersonFile } from "./user/person-file/person-file.ts";

/** Reads the file of profiles. Fails, with the line, where it cannot be read: it is the person's to mend. */
export async function readProfiles(file: string | undefined): Promise<Profiles> {
  if (file === undefined) return { file, all: [], current: undefined };
  const { text } = await readPersonFile(file);
  // YAML takes longer to load than a kept token may take.
  const value = plainProfiles(text) ?? (await import("./parse-profiles.ts")).parseProfiles(text, file);
  const all = Object.entries(value?.profiles ?? {}).map(([name, { issuer, caFile, ...rest }]) => ({
    name,
    issuer: checkIssuer(issuer),
    ...rest,
    ...(caFile !== undefined && { caFile: resolve(dirname(file), caFile) }),
  }));
  return { file, all, current: value?.current ?? undefined };
}

/** One profile as it is written in the file. */
type Written = Omit<Profile, "name">;

const isIssuer = (value: unknown): value is string => {
  try {
    return isText(value) && checkIssuer(value) !== "";
  } catch {
    return false;
  }
};

const isWritten: Check<Written> = shape<Written>({
  issuer: isIssuer,
  caFile: optional(isText),
  login: optional((value): value is ProfileMethod => loginMethods.some((method) => method === value)),
  callbackPort: optional((value): value is number => isNumber(value) && value <= 65_535),
});

/** What the file says where it is written plainly. */
interface PlainProfiles {
  readonly current?: string | undefined;
  readonly profiles?: Readonly<Record<string, Written>> | undefined;
}

const isPlainProfiles = shape<PlainProfiles>({
  current: optional((value): value is string => isText(value) && isProfileName(value)),
  profiles: optional(recordOf(isWritten)),
});

/** What a file says that is written as plainly as we write it; `undefined`: it needs the whole parser, and its words. */
export function plainProfiles(text: string): PlainProfiles | undefined {
  const value = parsePlainYaml(text);
  return isPlainProfiles(value) && Object.keys(value.profiles ?? {}).every(isProfileName) ? value : undefined;
}

/** The profile of this name. Fails with those that there are. */
export async function profileNamed({ all }: Profiles, name: string): Promise<Profile> {
  const found = all.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const { suggest } = await import("../yaml/index.ts");
  const names = all.map((profile) => plain(profile.name));
  throw new CommandFailure(`there is no profile "${plain(name)}"`, {
    means: suggest(plain(name), names),
    fix: `make it: cloudpass login https://… --profile ${isProfileName(name) ? name : "NAME"}`,
  });
}
