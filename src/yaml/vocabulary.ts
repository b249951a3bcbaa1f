import { z } from "zod";
import { parseLength, type Seconds, seconds } from "../core/index.ts";

/** A length of time as people write it: `90s`, `10m`, `12h`, `30d`; read as seconds. */
export const duration = (description: string) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,6}[smhd]$/, 'a length of time like "90s", "10m", "12h" or "30d" expected')
    .transform((text): Seconds => parseLength(text) ?? seconds(0))
    .describe(description);

/** Name of a target, tenant, set, grant …: lower case letters, digits and dashes, starting with a letter. */
export const slug = (description: string) =>
  z
    .string()
    .regex(
      /^[a-z](?:[a-z0-9-]{0,46}[a-z0-9])?$/,
      "a name of lower case letters, digits and dashes expected (at most 48, starting with a letter)",
    )
    .describe(description);

/** Said where a secret's place holds something else: perhaps the secret itself, so the line is not shown with it. */
export const secretExpected = "a reference expected: {env: NAME} or {file: path}; a secret is never written here";

/** A secret is never written into a file: it is named by environment variable or by file. */
export const referenceSchema = z
  .union(
    [
      z.strictObject({
        env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of an environment variable expected"),
      }),
      z.strictObject({ file: z.string().min(1) }),
    ],
    { error: secretExpected },
  )
  .describe("where a secret is: {env: NAME} or {file: path}");

/** Where a secret is. */
export type SecretReference = z.infer<typeof referenceSchema>;

/** Finds the text behind a reference; `undefined` when there is none. File paths arrive absolute. */
export type Lookup = (reference: SecretReference) => string | undefined;
