import { z } from "zod";
import { err, ok, type Result } from "../core/index.ts";
import type { Lookup, Path, Problem, YamlDocument } from "../yaml/index.ts";

/** An address of http or https. */
export const url = (description: string) =>
  z.url({ protocol: /^https?$/, error: "an http(s) address expected" }).describe(description);

/** Where an address is that several files need, so that it is written once. */
const placed = z.strictObject({
  env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of an environment variable expected"),
  path: z.string().regex(/^\//, "a path that begins with / expected").optional(),
});

/** An address, or `{env: NAME}` with what follows it; `withAddresses` has put the address in its place by then. */
export const address = (description: string) =>
  z
    .union([url(""), placed])
    .transform((value): string => (typeof value === "string" ? value : ""))
    .describe(description);

/** A step of `*` is every key there. */
type Pattern = readonly string[];

/** The document with the addresses that stand in variables put in their places. Answers each variable that is not set. */
export function withAddresses(
  document: YamlDocument,
  patterns: readonly Pattern[],
  lookup: Lookup,
): Result<YamlDocument, Problem[]> {
  const problems: Problem[] = [];
  const put = (value: unknown, path: Path, pattern: Pattern): unknown => {
    const [step, ...rest] = pattern;
    if (step === undefined) return resolved(value, path);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        step === "*" || step === key ? put(inner, [...path, key], rest) : inner,
      ]),
    );
  };
  const resolved = (value: unknown, path: Path): unknown => {
    const { success, data } = placed.safeParse(value);
    if (!success) return value;
    const text = lookup({ env: data.env })?.trim() ?? "";
    if (text !== "") return data.path === undefined ? text : `${text.replace(/\/+$/, "")}${data.path}`;
    problems.push(
      document.problem(path, `the environment variable ${data.env} is not set or empty`, `set ${data.env}`),
    );
    return value;
  };
  const value = patterns.reduce((whole, pattern) => put(whole, [], pattern), document.value);
  return problems.length > 0 ? err(problems) : ok({ ...document, value });
}

/** Where addresses stand in `broker.yaml`. */
export const brokerAddresses: readonly Pattern[] = [["issuer"], ["upstream", "issuer"]];

/** Where addresses stand in an environment file. */
export const environmentAddresses: readonly Pattern[] = [["issuer"], ["keycloaks", "*", "url"]];
