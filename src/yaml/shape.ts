import type { z } from "zod";
import { err, ok, type Result } from "../core/index.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { nearest, suggest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { quotedValue } from "./quoted-value.ts";
import { secretExpected } from "./vocabulary.ts";
import type { Path, YamlDocument } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

/** More is no help to a person, and every one costs a search in the document (S-57). */
const mostIssues = 100;

/** Checks a document against a schema; all problems at once, each with its place, what was expected and the nearest name. */
export function checkShape<T>(document: YamlDocument, schema: z.ZodType<T>): Result<T, Problem[]> {
  const parsed = schema.safeParse(document.value, { reportInput: true });
  if (parsed.success) return ok(parsed.data);
  return err(
    onePerCause(parsed.error.issues.slice(0, mostIssues).flatMap((issue) => formatIssue(document, schema, issue, []))),
  );
}

/** A misspelt key is one mistake, not an unknown key and a missing one. */
function onePerCause(problems: readonly Problem[]): Problem[] {
  const meant = new Set<string>();
  for (const { message, fix, path } of problems) {
    const [key, guess] = [/^unknown key "(.*)"$/.exec(message)?.[1], /^did you mean "(.*)"\?$/.exec(fix ?? "")?.[1]];
    if (key !== undefined && guess !== undefined) meant.add(path.slice(0, path.length - key.length) + guess);
  }
  return problems.filter((p) => !(p.message.startsWith("missing: ") && meant.has(p.path)));
}

function formatIssue(document: YamlDocument, schema: z.ZodType, issue: Issue, above: Path): Problem[] {
  const path = [...above, ...issue.path.filter((p): p is string | number => typeof p !== "symbol")];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, path, document.value);
      return issue.keys
        .slice(0, mostIssues)
        .map((key) => document.problem([...path, key], `unknown key "${key}"`, suggest(key, known), true));
    }
    case "invalid_value":
      return [formatChoice(document, path, issue.input, issue.values.map(String))];
    case "invalid_type":
      return [
        issue.input === undefined
          ? document.problem(path, `missing: ${issue.expected} expected`, `add "${String(path.at(-1) ?? "")}"`)
          : document.problem(path, `${issue.expected} expected, found ${typeOf(issue.input)}`),
      ];
    case "invalid_union":
      return formatUnion(document, schema, issue, path);
    case "invalid_key":
      return [
        document.problem(
          path,
          `"${String(path.at(-1))}": ${issue.issues[0]?.message ?? "not a valid name"}`,
          undefined,
          true,
        ),
      ];
    default:
      return [document.problem(path, issue.message)];
  }
}

function formatChoice(document: YamlDocument, path: Path, input: unknown, values: readonly string[]): Problem {
  if (input === undefined) return document.problem(path, `missing: one of ${values.join(", ")}`);
  const guess = nearest(quotedValue(input), values);
  const message = `"${quotedValue(input)}" is not one of ${values.join(", ")}`;
  return document.problem(path, message, guess === undefined ? undefined : `did you mean "${guess}"?`);
}

/** Of a union's failed members only the one that came closest is told: one error per cause. */
function formatUnion(
  document: YamlDocument,
  schema: z.ZodType,
  issue: Issue & { code: "invalid_union" },
  path: Path,
): Problem[] {
  if (issue.message === secretExpected) {
    const { excerpt: _mayHoldTheSecret, ...problem } = document.problem(path, issue.message);
    return [problem];
  }
  if (issue.errors.length === 0) {
    // No member answers to this discriminator: the key, its value and the values there are.
    const { discriminator, options } = issue as { discriminator?: string; options?: unknown };
    if (discriminator === undefined || !Array.isArray(options)) return [document.problem(path, issue.message)];
    const given = record(issue.input)[discriminator];
    return [formatChoice(document, path, given, options.map(String))];
  }
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((i) => i.path.length * 10 - issues.length));
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
  const flat = issue.errors.every((e) => e.every((i) => i.path.length === 0 && i.code === "invalid_type"));
  if (flat) {
    const each = issue.errors.flatMap((e) => e.map((i) => (i.code === "invalid_type" ? i.expected : "")));
    const wanted = [...new Set(each)].join(" or ");
    return [
      issue.input === undefined
        ? document.problem(path, `missing: ${wanted} expected`, `add "${String(path.at(-1) ?? "")}"`)
        : document.problem(path, `${wanted} expected, found ${typeOf(issue.input)}`),
    ];
  }
  return best.flatMap((i) => formatIssue(document, schema, i, path));
}

const typeOf = (value: unknown): string =>
  value === null ? "nothing" : Array.isArray(value) ? "a list" : typeof value;

/** The keys a schema knows at `path`, for "did you mean"; of alternatives only those that `value` can be meant for. */
function keysAt(schema: z.ZodType, path: Path, value: unknown): string[] {
  const root: unknown = jsonSchemaOf(schema);
  let [here, given] = [root, value];
  const step = (node: unknown, part: string | number): unknown => {
    for (const option of options(node, root, given)) {
      const next =
        typeof part === "number"
          ? option["items"]
          : (record(option["properties"])[part] ?? option["additionalProperties"]);
      if (next !== undefined && next !== false) return next;
    }
    return undefined;
  };
  for (const part of path) [here, given] = [step(here, part), record(given)[part]];
  return options(here, root, given).flatMap((o) => Object.keys(record(o["properties"])));
}

/** False when the value has another constant than the schema where the schema has one, such as another `template`. */
const isMeant = (schema: unknown, value: unknown): boolean =>
  Object.entries(record(record(schema)["properties"])).every(([name, property]) => {
    const constant = record(property)["const"];
    return constant === undefined || record(value)[name] === undefined || record(value)[name] === constant;
  });

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function options(node: unknown, root: unknown, value: unknown): Record<string, unknown>[] {
  const here = record(node);
  if (typeof here["$ref"] === "string") {
    const target = here["$ref"].replace(/^#\/?/, "").split("/").filter(Boolean);
    return options(
      target.reduce<unknown>((n, part) => record(n)[part], root),
      root,
      value,
    );
  }
  const inner = [here["anyOf"], here["oneOf"], here["allOf"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return [here, ...inner.filter((n) => isMeant(n, value)).flatMap((n) => options(n, root, value))];
}
