import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import express from "express";
import helmet from "helmet";
import { Bug, err, ok, type RequestError, type Result, refusal } from "../core/index.ts";
import type { AnyRoute, ErrorFormat, Fields } from "./request.ts";
import { helmetOptions } from "./strict.ts";

/** What stands at an address. */
export interface Found {
  /** One a method; none when there is nothing at the address. */
  readonly routes: readonly AnyRoute[];
  /** Parts of the path by their names, decoded. */
  readonly params: Result<Fields, RequestError>;
  /** In which form is said that there is nothing. */
  readonly errorFormat: ErrorFormat;
}

/** Answers a request, once it is known what stands at its address. Never throws. */
type Answer = (req: IncomingMessage, res: ServerResponse, found: Found) => void;

const noParams: Result<Fields, RequestError> = ok(new Map());
const malformed = err(refusal("invalid_request", "the address is malformed"));

/**
 * Leads each request to its routes. Two lanes, for one reason: what programs ask all day (polls, tokens, keys) is found by
 * its exact path and does not pass through express, which would cost as much again (decision 0066). Pages, and paths with
 * parameters (`{name}` stands for one part), are express's. Either way paths are compared as a proxy before us sees them
 * (S-60): no case is folded, no slash or dot removed and nothing decoded before a route is chosen.
 */
export function createRouter(routes: readonly AnyRoute[], insecure: boolean, answer: Answer): RequestListener {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("case sensitive routing").enable("strict routing");
  // What express answers by itself has the headers, too.
  app.use(helmet(helmetOptions(insecure)));
  const ofPrograms = new Map<string, Found>();
  for (const [path, own] of byPath(routes)) {
    const errorFormat = own[0]?.errorFormat ?? "oauth";
    const found = { routes: own, params: noParams, errorFormat };
    if (!path.includes("{") && own.every((route) => route.errorFormat !== "page")) ofPrograms.set(path, found);
    app.all(patternOf(path), (req, res) => answer(req, res, { ...found, params: checkParams(req.params) }));
  }
  app.use((req, res) => answer(req, res, { routes: [], params: noParams, errorFormat: formatFor(req) }));
  app.use(((_error, req, res, _next) =>
    answer(req, res, {
      routes: [],
      params: malformed,
      errorFormat: formatFor(req),
    })) satisfies express.ErrorRequestHandler);
  return (req, res) => {
    const found = ofPrograms.get((req.url ?? "").split("?", 1)[0] ?? "");
    if (found) answer(req, res, found);
    else app(req, res);
  };
}

/** Whoever reads a page gets one; programs get JSON, and those of the API in its form. */
function formatFor(req: express.Request): ErrorFormat {
  if (req.path.startsWith("/api/")) return "problem";
  if (req.path.startsWith("/scim/")) return "scim";
  return req.accepts("html", "json") === "html" ? "page" : "oauth";
}

/** All routes of a path together; a path without parameters goes first. */
function byPath(routes: readonly AnyRoute[]): [path: string, routes: AnyRoute[]][] {
  const paths = [...Map.groupBy(routes, ({ path }) => path)];
  return paths.sort(([a], [b]) => Number(a.includes("{")) - Number(b.includes("{")));
}

/** The path as express writes it: `/tenants/{tenant}` is `/tenants/:tenant`. */
function patternOf(path: string): string {
  const parts = path.split("/").map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && /[{}:*()[\]+?!]/.test(part)) {
      throw new Bug(`a parameter is a whole part of a path: ${path}`);
    }
    return name === undefined ? part : `:${name}`;
  });
  return parts.join("/");
}

/**
 * Parts of a path, decoded once. One that would be two parts, or another folder, to whoever decodes before us is none
 * (S-60): a slash or backslash, a dot segment, a control character.
 */
function checkParams(decoded: Readonly<Record<string, string | string[]>>): Result<Fields, RequestError> {
  const params = new Map<string, string>();
  for (const [name, part] of Object.entries(decoded)) {
    if (typeof part !== "string" || !isOnePart(part)) return malformed;
    params.set(name, part);
  }
  return ok(params);
}

const isOnePart = (part: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  part !== "." && part !== ".." && !/[/\\\u0000-\u001f\u007f]/.test(part);

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
