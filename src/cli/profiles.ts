import { dirname, resolve } from "node:path";
import { z } from "zod";
import { checkShape, formatProblem, formatYaml, type Problem, parseYaml, reviseYaml, suggest } from "../yaml/index.ts";
import { checkIssuer } from "./check-issuer.ts";
import { CommandFailure, plain } from "./failure.ts";
import { ChangedMeanwhile, readPersonFile, replacePersonFile } from "./user/person-file/person-file.ts";

/** How a profile logs in: with the browser of this machine, or with a link and a code. */
export const loginMethods = ["browser", "device"] as const;
export type ProfileMethod = (typeof loginMethods)[number];

/** A federation that a person logs in at, under a name of the person's own. */
export interface Profile {
  readonly name: string;
  /** As tokens name it, without a slash at the end. */
  readonly issuer: string;
  /** PEM file with a private certificate authority; an absolute path. */
  readonly caFile?: string | undefined;
  /** Absent: whichever fits the machine. */
  readonly login?: ProfileMethod | undefined;
  /** Where the browser comes back to; absent: a free port. */
  readonly callbackPort?: number | undefined;
}

/** The file of profiles, and the name of the one in use. */
export interface Profiles {
  /** `undefined` where this person has no home. */
  readonly file: string | undefined;
  readonly all: readonly Profile[];
  readonly current: string | undefined;
}

const profileName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:+@-]{0,63}$/u, "a name has up to 64 letters, digits and . _ : + @ -");

const issuer = z.string().superRefine((text, context) => {
  try {
    checkIssuer(text);
  } catch (problem) {
    context.addIssue({ code: "custom", message: problem instanceof CommandFailure ? problem.message : "no issuer" });
  }
});

const profileSchema = z.strictObject({
  issuer,
  caFile: z.string().min(1).optional(),
  login: z.enum(loginMethods).optional(),
  callbackPort: z.int().min(1).max(65_535).optional(),
});

const schema = z.strictObject({
  current: profileName.nullish(),
  profiles: z.record(profileName, profileSchema).nullish(),
});

/** True for what a profile may be called. */
export const isProfileName = (text: string): boolean => profileName.safeParse(text).success;

/** What the file holds, as it is written there. */
export type ProfilesInFile = z.input<typeof schema>;
/** One of its profiles. */
type ProfileInFile = z.input<typeof profileSchema>;

/** Reads the file of profiles. Fails, with the line, where it cannot be read: it is the person's to mend. */
export async function readProfiles(file: string | undefined): Promise<Profiles> {
  if (file === undefined) return { file, all: [], current: undefined };
  const value = parseProfiles((await readPersonFile(file)).text, file);
  const all = Object.entries(value?.profiles ?? {}).map(([name, { issuer, caFile, ...rest }]) => ({
    name,
    issuer: checkIssuer(issuer),
    ...rest,
    ...(caFile !== undefined && { caFile: resolve(dirname(file), caFile) }),
  }));
  return { file, all, current: value?.current ?? undefined };
}

/** `undefined`: there is nothing but comments in it. */
function parseProfiles(text: string, file: string): ProfilesInFile | undefined {
  const parsed = parseYaml(text, file);
  if (!parsed.ok) throw wrongFile(file, parsed.refusal);
  const [document, second] = parsed.value;
  if (second !== undefined)
    throw wrongFile(file, [second.problem([], "there is a second document", "put all into one")]);
  if (document === undefined || document.value === null) return undefined;
  const shape = checkShape(document, schema);
  if (!shape.ok) throw wrongFile(file, shape.refusal);
  return shape.value;
}

const wrongFile = (file: string, problems: readonly Problem[]): CommandFailure =>
  new CommandFailure("the file of profiles is wrong, and was left alone", {
    means: problems.map(formatProblem).join("\n"),
    fix: `mend ${plain(file)}, then run the same again`,
  });

/** The profile of this name. Fails with those that there are. */
export function profileNamed({ all }: Profiles, name: string): Profile {
  const found = all.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = all.map((profile) => plain(profile.name));
  throw new CommandFailure(`there is no profile "${plain(name)}"`, {
    means: suggest(plain(name), names),
    fix: `make it: cloudpass login https://… --profile ${isProfileName(name) ? name : "NAME"}`,
  });
}

const beginning =
  '# The federations that you log in at. "cloudpass login" and "cloudpass profiles" write here; so may you.\n';

/** Times that a change is tried when other processes are first. */
const attempts = 3;

/** Changes the file, whole or not at all; whatever nobody touched keeps its bytes. */
export async function changeProfiles(file: string, change: (before: ProfilesInFile) => ProfilesInFile): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await readPersonFile(file);
    const after = changed(before.text, file, change);
    if (after === before.text) return;
    try {
      return await replacePersonFile(before, after);
    } catch (problem) {
      if (!(problem instanceof ChangedMeanwhile) || attempt === attempts) throw problem;
    }
  }
}

function changed(before: string, file: string, change: (before: ProfilesInFile) => ProfilesInFile): string {
  const value = parseProfiles(before, file);
  const wanted = change(value ?? { profiles: {} });
  if (value === undefined)
    return `${before || beginning}${before.endsWith("\n") || before === "" ? "" : "\n"}${formatYaml(wanted)}`;
  const revised = reviseYaml({ file, text: before }, 0, wanted);
  if (revised.ok) return revised.value.text;
  throw wrongFile(file, revised.refusal);
}

/** The file with this profile, in the place of one of its name. What is absent is left as it stands. */
export function withProfile(before: ProfilesInFile, name: string, fields: ProfileInFile): ProfilesInFile {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const { profiles } = before;
  return { ...before, profiles: { ...profiles, [name]: { ...profiles?.[name], ...given } as ProfileInFile } };
}
