import { Fault } from "../../core/index.ts";
import type { Path, Problem, YamlDocument } from "../../yaml/index.ts";
import { formatPath, isKeyAllowed, mostNested } from "../../yaml/index.ts";
import { problemsOfDocument } from "../format/load.ts";
import { namingLeftRoles } from "./left-roles.ts";

/** A document that `realms validate` takes, and what had to be left out for that, each with its reason. */
interface Accepted {
  readonly document: Record<string, unknown>;
  readonly left: readonly string[];
}

/**
 * Leaves out whatever the format refuses: an imported file is never a broken one. What is left out is the smallest part
 * that can be, or what it stands in, where that cannot do without it.
 */
export function withoutRefused(document: Record<string, unknown>): Accepted {
  const left = new Map<string, string>();
  const paths: Path[] = [];
  let rest = document;
  const leave = (at: Path, message: string): void => {
    const path = existing(rest, at);
    if (path.length === 0 || path[0] === "realm") {
      const failure = { message: `no file can describe this realm: ${message}`, retryable: false, refused: true };
      throw new Fault("keycloak", "describe a realm", failure);
    }
    const label = labelOf(rest, path);
    const inside = [...left].filter(([known]) => known.startsWith(`${label}.`) || known.startsWith(`${label}[`));
    for (const [known] of inside) left.delete(known);
    // What is missing now was left out before: its reason is the reason.
    left.set(label, inside[0]?.[1] ?? message);
    paths.push(path);
    rest = without(rest, path) as Record<string, unknown>;
  };
  for (const at of unreadable(rest, [])) {
    const named = isKeyAllowed(String(at.at(-1)));
    leave(at, named ? `nothing in a file is nested deeper than ${mostNested} levels` : "no file may hold this name");
  }
  for (;;) {
    const [first] = [...namingLeftRoles(rest, paths), ...problemsOf(rest)];
    if (first === undefined) return { document: rest, left: [...left].map(([at, why]) => `${at}: ${why}`) };
    leave(first.at, first.message);
  }
}

/** What the loader would say of the document, by place. */
function problemsOf(value: Record<string, unknown>): readonly { readonly at: Path; readonly message: string }[] {
  const places = new Map<Problem, Path>();
  const document: YamlDocument = {
    ...{ file: "imported", value, at: () => ({ line: 1, column: 1 }) },
    problem: (path, message) => {
      const problem = { file: "imported", line: 1, column: 1, path: formatPath(path), message };
      places.set(problem, path);
      return problem;
    },
  };
  return problemsOfDocument(document).map((problem) => ({ at: places.get(problem) ?? [], message: problem.message }));
}

/** The part that is there and in which something is wrong; a thing that is missing is missing in it. */
function existing(document: unknown, path: Path): Path {
  let [here, depth] = [document, 0];
  for (const part of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, part)) break;
    here = (here as Record<string | number, unknown>)[part];
    depth += 1;
  }
  return path.slice(0, depth);
}

/** The path for people: things in a list by their id, since others before them may go. */
function labelOf(document: unknown, path: Path): string {
  let here = document;
  return formatPath(
    path.map((part) => {
      const next = (here as Record<string | number, unknown>)[part];
      here = next;
      const { id } = (next ?? {}) as { readonly id?: unknown };
      return typeof part === "number" && typeof id === "string" ? id : part;
    }),
  );
}

function without(value: unknown, [first, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, i) => i !== first);
    return value.map((item, i) => (i === first ? without(item, rest) : item));
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, inner]) => {
      if (name !== first) return [[name, inner]];
      return rest.length === 0 ? [] : [[name, without(inner, rest)]];
    }),
  );
}

/** What no YAML file of ours may hold: names that every object has, and what is nested too deep. */
function unreadable(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    return !isKeyAllowed(name) || at.length >= mostNested ? [at] : unreadable(inner, at);
  });
}
