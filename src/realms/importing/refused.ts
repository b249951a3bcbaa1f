import { Fault } from "../../core/index.ts";
import type { Path, Problem, YamlDocument } from "../../yaml/index.ts";
import { formatPath, isKeyAllowed, mostNested } from "../../yaml/index.ts";
import { problemsOfDocument } from "../format/load.ts";
import { namingLeftRoles, type Place } from "./left-roles.ts";

/** A document that `realms validate` takes, and what had to be left out for that, each with its reason. */
interface Accepted {
  readonly document: Record<string, unknown>;
  readonly left: readonly string[];
}

/** A part that was left out, by the names on the way to it, and why. */
interface Left {
  readonly at: Path;
  readonly why: string;
}

/** Parts of a document that go, as a tree like the document; one without branches goes whole. */
interface Going extends Map<Path[number], Going> {}

/**
 * Leaves out whatever the format refuses: an imported file is never a broken one. What is left out is the smallest part
 * that can be, or what it stands in, where that cannot do without it.
 */
export function withoutRefused(document: Record<string, unknown>): Accepted {
  let left: readonly Left[] = [];
  const paths: Path[] = [];
  let rest = document;
  const leave = (places: readonly Place[]): void => {
    const going: Going = new Map();
    for (const { at, message } of places) {
      const path = existing(rest, at);
      if (path.length === 0 || path[0] === "realm") throw indescribable(message);
      if (!goes(going, path)) continue;
      left = withNote(left, named(rest, path), message);
      paths.push(path);
    }
    rest = without(rest, going) as Record<string, unknown>;
  };
  leave(unreadable(rest, []));
  for (;;) {
    // All that is refused goes at once: each look is one at the whole realm.
    const naming = namingLeftRoles(rest, paths);
    const places = naming.length > 0 ? naming : problemsOf(rest);
    if (places.length === 0) return { document: rest, left: left.map(({ at, why }) => `${formatPath(at)}: ${why}`) };
    leave(places);
  }
}

const indescribable = (why: string): Fault =>
  new Fault("keycloak", "describe a realm", {
    ...{ message: `no file can describe this realm: ${why}`, retryable: false, refused: true },
  });

/** Adds a path; false when it goes already, with what it stands in. */
function goes(going: Going, path: Path): boolean {
  let here = going;
  for (const part of path) {
    const known = here.get(part);
    if (known?.size === 0) return false;
    const next: Going = known ?? new Map();
    here.set(part, next);
    here = next;
  }
  here.clear();
  return true;
}

/** What is missing now was left out before: its reason is the reason. */
function withNote(left: readonly Left[], at: Path, message: string): readonly Left[] {
  const isInside = (one: Left) => one.at.length > at.length && at.every((part, i) => part === one.at[i]);
  const inside = left.find(isInside);
  const others = inside === undefined ? left : left.filter((one) => !isInside(one));
  return [...others, { at, why: inside?.why ?? message }];
}

/** What the loader would say of the document, by place. */
function problemsOf(value: Record<string, unknown>): readonly Place[] {
  const places = new Map<Problem, Path>();
  const document: YamlDocument = {
    ...{ file: "imported", value, at: () => ({ line: 1, column: 1 }), lines: () => ({ first: 1, last: 1 }) },
    problem: (path, message) => {
      const problem = { file: "imported", line: 1, column: 1, path: formatPath(path), message };
      places.set(problem, path);
      return problem;
    },
  };
  const found = problemsOfDocument(document).map((problem) => ({
    at: places.get(problem) ?? [],
    message: problem.message,
  }));
  // That there are more than these stands at no place.
  return found.length > 1 ? found.filter(({ at }) => at.length > 0) : found;
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
function named(document: unknown, path: Path): Path {
  let here = document;
  return path.map((part) => {
    here = (here as Record<string | number, unknown>)[part];
    const { id } = (here ?? {}) as { readonly id?: unknown };
    return typeof part === "number" && typeof id === "string" ? id : part;
  });
}

function without(value: unknown, going: Going): unknown {
  const kept = (part: Path[number], inner: unknown): readonly unknown[] => {
    const its = going.get(part);
    if (its === undefined) return [inner];
    return its.size === 0 ? [] : [without(inner, its)];
  };
  if (Array.isArray(value)) return value.flatMap((item, i) => kept(i, item));
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, inner]) => kept(name, inner).map((one) => [name, one] as const)),
  );
}

/** What no YAML file of ours may hold: names that every object has, and what is nested too deep. */
function unreadable(value: unknown, path: Path): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    if (!isKeyAllowed(name)) return [{ at, message: "no file may hold this name" }];
    if (at.length >= mostNested)
      return [{ at, message: `nothing in a file is nested deeper than ${mostNested} levels` }];
    return unreadable(inner, at);
  });
}
