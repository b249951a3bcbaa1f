import { formatYaml, reviseYaml } from "../yaml/index.ts";
import { type ProfileInFile, type ProfilesInFile, parseProfiles, wrongFile } from "./parse-profiles.ts";
import { ChangedMeanwhile, readPersonFile, replacePersonFile } from "./user/person-file/person-file.ts";

const beginning =
  '# The federations that you log in at. "cloudpass login" and "cloudpass profiles" write here; so may you.\n';

/** Times that a change is tried when other processes are first. */
const attempts = 20;

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
