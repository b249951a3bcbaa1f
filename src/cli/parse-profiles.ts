import { z } from "zod";
import { checkShape, formatProblem, type Problem, parseYaml } from "../yaml/index.ts";
import { checkIssuer } from "./check-issuer.ts";
import { CommandFailure, plain } from "./failure.ts";
import { loginMethods, profileName } from "./profile.ts";

const name = z.string().regex(profileName, "a name has up to 64 letters, digits and . _ : + @ -");

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
  current: name.nullish(),
  profiles: z.record(name, profileSchema).nullish(),
});

/** What the file holds, as it is written there. */
export type ProfilesInFile = z.input<typeof schema>;
/** One of its profiles. */
export type ProfileInFile = z.input<typeof profileSchema>;

/** What a file of profiles says; `undefined`: there is nothing but comments in it. */
export function parseProfiles(text: string, file: string): ProfilesInFile | undefined {
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

/** A file of profiles that cannot be read, with what is wrong in it. */
export const wrongFile = (file: string, problems: readonly Problem[]): CommandFailure =>
  new CommandFailure("the file of profiles is wrong, and was left alone", {
    means: problems.map(formatProblem).join("\n"),
    fix: `mend ${plain(file)}, then run the same again`,
  });
