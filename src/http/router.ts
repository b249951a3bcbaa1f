import { Bug, err, ok, type RequestError, type Result, refusal } from "../core/index.ts";
import type { AnyRoute, Fields } from "./request.ts";

/** What stands at an address. */
export interface Found {
  /** One a method; none when there is nothing at the address. */
  readonly routes: readonly AnyRoute[];
  /** Parts of the path by their names, decoded. */
  readonly params: Result<Fields, RequestError>;
}

/** Finds the routes of a request's target. */
export type Router = (url: string) => Found;

/** A path with parameters. */
interface Pattern {
  readonly segments: readonly Segment[];
  readonly routes: readonly AnyRoute[];
}

/** A part of a path between slashes: as it is, or a parameter's name. */
type Segment = { readonly text: string } | { readonly name: string };

const noParams: Result<Fields, RequestError> = ok(new Map());
const nothing: Found = { routes: [], params: noParams };
const malformed = err(refusal("invalid_request", "the address is malformed"));

/**
 * Paths are compared byte for byte, as a proxy before us sees them (S-60): no case is folded, no slash or dot removed and
 * nothing decoded before a route is chosen. `{name}` stands for one part of a path; a path without parameters goes first.
 */
export function createRouter(routes: readonly AnyRoute[]): Router {
  const exact = new Map<string, AnyRoute[]>();
  const patterns = new Map<string, { segments: Segment[]; routes: AnyRoute[] }>();
  for (const route of routes) {
    const segments = segmentsOf(route.path);
    if (segments.every((segment) => "text" in segment)) listAt(exact, route.path, () => []).push(route);
    else listAt(patterns, shapeOf(segments), () => ({ segments, routes: [] })).routes.push(route);
  }
  return (url) => {
    const path = pathOf(url);
    if (path === undefined) return { routes: [], params: malformed };
    const found = exact.get(path);
    if (found) return { routes: found, params: noParams };
    return patterns.size === 0 ? nothing : findPattern([...patterns.values()], path.split("/"));
  };
}

/**
 * Path of a request target: all before `?`. Of a whole address (RFC 9112 section 3.2.2) what follows the authority; which
 * authority is named makes no difference, since we answer in our own name only. `undefined` when it is not one.
 */
export function pathOf(url: string): string | undefined {
  const [path = ""] = url.split(/[?#]/, 1);
  const whole = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(.*)$/i.exec(path);
  if (!whole) return path;
  return URL.canParse(url) ? whole[1] || "/" : undefined;
}

/** All after the first question mark: a further one belongs to the query (RFC 3986 section 3.4). */
export function queryOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}

function segmentsOf(path: string): Segment[] {
  return path.split("/").map((text) => {
    const name = /^\{(.*)\}$/.exec(text)?.[1];
    if (name === undefined && /[{}]/.test(text)) throw new Bug(`a parameter is a whole part of a path: ${path}`);
    return name === undefined ? { text } : { name };
  });
}

/** Two routes of one path must call its parameters the same: else one method's name would hide the other's. */
const shapeOf = (segments: readonly Segment[]): string => JSON.stringify(segments);

function listAt<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function findPattern(patterns: readonly Pattern[], parts: readonly string[]): Found {
  for (const { segments, routes } of patterns) {
    if (segments.length === parts.length && segments.every((segment, n) => fits(segment, parts[n] ?? ""))) {
      return { routes, params: readParams(segments, parts) };
    }
  }
  return nothing;
}

const fits = (segment: Segment, part: string): boolean => ("text" in segment ? segment.text === part : part !== "");

function readParams(segments: readonly Segment[], parts: readonly string[]): Result<Fields, RequestError> {
  const params = new Map<string, string>();
  for (const [n, segment] of segments.entries()) {
    if ("text" in segment) continue;
    const value = decoded(parts[n] ?? "");
    if (value === undefined) return malformed;
    params.set(segment.name, value);
  }
  return ok(params);
}

/**
 * A part of a path, decoded once. One that would be two parts, or another folder, to whoever decodes before us is none
 * (S-60): a slash or backslash, a dot segment, a control character, bytes that are no UTF-8.
 */
function decoded(part: string): string | undefined {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    return undefined;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  return text === "." || text === ".." || /[/\\\u0000-\u001f\u007f]/.test(text) ? undefined : text;
}
